"""A person's decision about a comment, good only for the version that was seen."""

from dataclasses import dataclass
from datetime import datetime

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision, Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Moderator
from moderation.errors import InvalidRequest
from moderation.storage.database import Database


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a moderator wants done.

    Attributes:
        version: of the comment, as it was seen.
    """

    verdict: Verdict
    reason: Reason | None
    note: str
    version: int


def decide(
    comment_id: str, ruling: Ruling, moderator: Moderator, database: Database, now: datetime
) -> tuple[Decision, Comment]:
    """Carry out `ruling` and append it to the audit, both or neither.

    Raises:
        InvalidRequest: a rejection without a reason.
        NotFound: there is no such comment on the moderator's site.
        StaleVersion: somebody changed the comment first; nothing was done.
    """
    if ruling.verdict is Verdict.REJECT and ruling.reason is None:
        raise InvalidRequest.at("/reason", "reason_required")
    decision = Decision(
        id=new_id(now),
        comment_id=comment_id,
        verdict=ruling.verdict,
        reason=ruling.reason,
        note=ruling.note,
        moderator=moderator.label,
        key_id=moderator.id,
        from_version=ruling.version,
        created_at=now,
    )
    with database.transaction() as transaction:
        return decision, transaction.decisions.decide(decision, moderator.site_id)
