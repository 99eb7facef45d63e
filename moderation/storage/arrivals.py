"""Comments as they came in, for those who look through all of them: the worker's rounds."""

from sqlalchemy import Connection, bindparam, select

from moderation.domain.comment import Comment, Status
from moderation.storage import rows
from moderation.storage.decision_rows import IS_DECIDED
from moderation.storage.rows import COMMENTS
from moderation.storage.tables.comments import comments, findings

UNSCORED_FINDING = "unscored"

UNSCORED = (
    COMMENTS.where(
        comments.c.id.in_(select(findings.c.comment_id).where(findings.c.code == UNSCORED_FINDING)),
        comments.c.status == Status.HELD.value,
        ~IS_DECIDED,
    )
    .order_by(comments.c.id)
    .limit(bindparam("limit"))
)
ARRIVED = (
    COMMENTS.add_columns(comments.c.number)
    .where(comments.c.number > bindparam("number"))
    .order_by(comments.c.number)
    .limit(bindparam("limit"))
)


class Arrivals:
    """Comments of all sites, in the order they came in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unscored(self, limit: int) -> tuple[Comment, ...]:
        """Return held comments no model and no person has looked at, of all sites, oldest first."""
        found = self._connection.execute(UNSCORED, {"limit": limit}).all()
        return rows.read(self._connection, found)

    def after(self, number: int, limit: int) -> list[tuple[int, Comment]]:
        """Return the comments of all sites after the one with this number, with their own.

        On PostgreSQL a comment may appear after one with a higher number, if its transaction
        took longer: whoever keeps a watermark leaves the latest moments out.
        """
        found = self._connection.execute(ARRIVED, {"number": number, "limit": limit}).all()
        arrived = rows.read(self._connection, found)
        return [(row.number, comment) for row, comment in zip(found, arrived, strict=True)]
