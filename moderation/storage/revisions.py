"""Revisions: the texts that authors have replaced, for moderators to compare."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from moderation.domain.comment import Comment
from moderation.domain.report import Revision
from moderation.storage.tables.comments import revisions

KEEP = insert(revisions)
FORGET = delete(revisions).where(revisions.c.comment_id == bindparam("of_comment"))
OF_COMMENT = (
    select(revisions.c.version, revisions.c.text, revisions.c.replaced_at)
    .where(revisions.c.comment_id == bindparam("comment_id"))
    .order_by(revisions.c.version)
)

OF_MANY = (
    select(revisions)
    .where(revisions.c.comment_id.in_(bindparam("comment_ids", expanding=True)))
    .order_by(revisions.c.comment_id, revisions.c.version)
)


class Revisions:
    """Former texts of comments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, comment: Comment, moment: datetime) -> None:
        """Keep the text of `comment`, which its author replaces at this moment."""
        self._connection.execute(
            KEEP,
            {
                "comment_id": comment.id,
                "version": comment.version,
                "text": comment.text,
                "replaced_at": moment,
            },
        )

    def of(self, comment_id: str) -> tuple[Revision, ...]:
        """Return the former texts of a comment, oldest first."""
        found = self._connection.execute(OF_COMMENT, {"comment_id": comment_id})
        return tuple(Revision(row.version, row.text, row.replaced_at) for row in found)

    def of_many(self, comment_ids: Sequence[str]) -> Mapping[str, list[Revision]]:
        """Return the former texts of comments by id, oldest first; who has none is left out."""
        found: defaultdict[str, list[Revision]] = defaultdict(list)
        if comment_ids:
            for row in self._connection.execute(OF_MANY, {"comment_ids": comment_ids}):
                found[row.comment_id].append(Revision(row.version, row.text, row.replaced_at))
        return found

    def forget(self, comment_id: str) -> None:
        """Drop the former texts of a comment."""
        self._connection.execute(FORGET, {"of_comment": comment_id})
