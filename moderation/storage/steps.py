"""Steps: what a decision, or an author's wish, makes of a comment's row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.storage.decision_rows import name_of
from moderation.storage.search import fold
from moderation.storage.tables.comments import comments

CHANGE = (
    update(comments)
    .where(comments.c.id == bindparam("comment_id"), comments.c.version == bindparam("seen"))
    .values(version=comments.c.version + 1)
)
# Apart from the change of status: on PostgreSQL the triggers then move the site's counters before
# the page's, as everybody else does, so that nobody waits for each other for ever.
REWRITE = update(comments).where(comments.c.id == bindparam("comment_id"))
EMPTY = {
    "status": Status.WITHDRAWN.value,
    "reports": 0,
    **dict.fromkeys(
        ("author_name", "author_email", "author_url", "text", "html", "client", "fingerprint"), ""
    ),
    **dict.fromkeys(("member", "search"), ""),
}


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an author puts in the place of a text.

    Attributes:
        html: safe rendering of the text.
        fingerprint: equal for texts that count as the same.
    """

    text: str
    html: str
    fingerprint: str

    def row(self, comment: Comment, moment: datetime) -> dict[str, Any]:
        """Return what becomes of the comment's row."""
        return {
            "comment_id": comment.id,
            "text": self.text,
            "html": self.html,
            "fingerprint": self.fingerprint,
            "search": fold(f"{comment.author.name} {self.text}"),
            "edited_at": moment,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One decision that is being carried out.

    Attributes:
        comment: as it was read before.
        changes: what else changes with it, by column.
    """

    decision: Decision
    comment: Comment
    changes: Mapping[str, Any]

    @property
    def row(self) -> dict[str, Any]:
        """What becomes of the comment's row."""
        return {
            "comment_id": self.comment.id,
            "seen": self.decision.from_version,
            "status": Status.after(self.decision.verdict).value,
            "reason": name_of(self.decision.reason),
            **self.changes,
        }

    @property
    def after(self) -> Comment:
        """The comment after the decision, but for `changes`."""
        status, version = Status.after(self.decision.verdict), self.decision.from_version + 1
        return replace(self.comment, status=status, version=version)
