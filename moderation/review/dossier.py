"""All a moderator needs to understand one comment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.domain.claim import Claim
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.domain.key import Moderator
from moderation.domain.report import Report, Revision
from moderation.spam import SpamModel
from moderation.storage.database import Database


@dataclass(frozen=True, slots=True)
class Dossier:
    """A comment, why it stands where it stands, and what its author did before.

    Attributes:
        explanation: spans and signals of today's model, None when there is none.
        history: decisions, the oldest first.
        reports: what readers said about it, the oldest first.
        revisions: what it said before its author changed it, the oldest first.
        author_record: comments with the same e-mail address (or name) here, by status.
        claim: in whose hands it is, None for nobody's.
    """

    comment: Comment
    explanation: Mapping[str, Any] | None
    history: tuple[Decision, ...]
    reports: tuple[Report, ...]
    revisions: tuple[Revision, ...]
    author_record: Mapping[Status, int]
    claim: Claim | None


def open_dossier(
    comment_id: str,
    moderator: Moderator,
    database: Database,
    model: SpamModel,
    now: datetime,
) -> Dossier:
    """Gather what is known about a comment of the moderator's site.

    Raises:
        NotFound: there is no such comment on this site.
    """
    with database.read() as memory:
        comment = memory.comments.get(comment_id, moderator.site_id)
        history = memory.decisions.history(comment.id)
        reports = memory.reports.about(comment.id)
        revisions = memory.revisions.of(comment.id)
        claim = memory.claims.about([comment.id], now).get(comment.id)
        record = memory.authors.record(comment.site_id, comment.author)
    explanation = model.explanation(comment.text, comment.locale, comment.author)
    return Dossier(comment, explanation, tuple(history), reports, revisions, record, claim)
