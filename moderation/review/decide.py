"""A person's decision about a comment, good only for the version that was seen."""

from dataclasses import dataclass
from datetime import datetime

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision, Reason
from moderation.domain.event import Event, EventType
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Moderator
from moderation.errors import InvalidRequest, StaleVersion
from moderation.review.two_persons import verdicts_for
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a moderator wants done.

    Attributes:
        version: of the comment, as it was seen.

    Raises:
        InvalidRequest: a rejection without a reason.
    """

    verdict: Verdict
    reason: Reason | None
    note: str
    version: int

    def __post_init__(self) -> None:
        """Refuse what nobody could explain to the author."""
        if self.verdict is Verdict.REJECT and self.reason is None:
            raise InvalidRequest.at("/reason", "reason_required")


def decide(
    comment_id: str, ruling: Ruling, moderator: Moderator, database: Database, now: datetime
) -> tuple[Decision, Comment]:
    """Carry out `ruling` and append it to the audit, both or neither.

    On a site with the two-person rule, a first rejection for illegal content holds the comment
    until another moderator decides the same.

    Raises:
        NotFound: there is no such comment on the moderator's site, or its author withdrew it.
        StaleVersion: somebody changed the comment first; nothing was done.
        SecondPersonNeeded: the moderator has done so before, and another one must confirm it.
    """
    with database.transaction() as transaction:
        comment = transaction.comments.hold_still(comment_id, moderator.site_id)
        if comment.version != ruling.version:
            raise StaleVersion(comment)
        (verdict,) = verdicts_for([comment], ruling.verdict, ruling.reason, moderator, transaction)
        decision = ruled(comment, ruling, verdict, moderator, now)
        (after,) = transaction.decisions.decide_all([(decision, comment)])
        tell(transaction, now, (decision, after))
    return decision, after


def ruled(
    comment: Comment,
    ruling: Ruling,
    verdict: Verdict,
    moderator: Moderator,
    now: datetime,
    batch: str | None = None,
) -> Decision:
    """Return the decision that a ruling comes to, with the verdict that the site's rules allow."""
    return Decision(
        id=new_id(now),
        comment_id=comment.id,
        verdict=verdict,
        reason=ruling.reason,
        note=ruling.note,
        moderator=moderator.label,
        key_id=moderator.id,
        from_version=ruling.version,
        created_at=now,
        from_status=comment.status,
        batch=batch,
    )


def tell(memory: Transaction, now: datetime, *made: tuple[Decision, Comment]) -> None:
    """Tell the site's webhooks what was decided, and how the comments stand now."""
    memory.outbox.put(
        *(
            Event.about(after, EventType.after(after.status), now, decision=_told(decision))
            for decision, after in made
        )
    )


def _told(decision: Decision) -> dict[str, str | None]:
    return {
        "id": decision.id,
        "verdict": decision.verdict.value,
        "reason": decision.reason.value if decision.reason else None,
        "moderator": decision.moderator,
        "batch": decision.batch,
        "undoes": decision.undoes,
    }
