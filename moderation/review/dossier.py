"""All a moderator needs to understand one comment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.domain.key import Moderator
from moderation.spam import SpamModel
from moderation.storage.database import Database


@dataclass(frozen=True, slots=True)
class Dossier:
    """A comment, why it stands where it stands, and what its author did before.

    Attributes:
        explanation: spans and signals of today's model, None when there is none.
        history: decisions, the oldest first.
        author_record: comments with the same e-mail address (or name) here, by status.
    """

    comment: Comment
    explanation: Mapping[str, Any] | None
    history: tuple[Decision, ...]
    author_record: Mapping[Status, int]


def open_dossier(
    comment_id: str, moderator: Moderator, database: Database, model: SpamModel
) -> Dossier:
    """Gather what is known about a comment of the moderator's site.

    Raises:
        NotFound: there is no such comment on this site.
    """
    with database.read() as memory:
        comment = memory.comments.get(comment_id, moderator.site_id)
        history = memory.decisions.history(comment.id)
        record = memory.authors.record(comment.site_id, comment.author)
    explanation = model.explanation(comment.text, comment.locale, comment.author)
    return Dossier(comment, explanation, tuple(history), record)
