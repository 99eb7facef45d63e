"""Authors: what their earlier comments say about them."""

from sqlalchemy import Connection, bindparam, func, literal, select

from moderation.domain.comment import JUDGED, Author, Status
from moderation.storage.tables.comments import comments

IS_KNOWN = (
    select(comments.c.number)
    .where(
        comments.c.site_id == bindparam("site_id"),
        comments.c.author_email == bindparam("email"),
        comments.c.status == Status.PUBLISHED.value,
    )
    .limit(1)
)
PUBLISHED_BY = select(func.count()).select_from(
    select(comments.c.number)
    .where(
        comments.c.site_id == bindparam("site_id"),
        comments.c.member == bindparam("member"),
        comments.c.member != literal("", literal_execute=True),  # finds the partial index
        comments.c.status == Status.PUBLISHED.value,
    )
    .limit(bindparam("most"))
    .subquery()
)
BY_STATUS = (
    select(comments.c.status, func.count().label("n"))
    .where(comments.c.site_id == bindparam("site_id"))
    .group_by(comments.c.status)
)
RECORD_OF_EMAIL = BY_STATUS.where(comments.c.author_email == bindparam("signature"))
RECORD_OF_NAME = BY_STATUS.where(comments.c.author_name == bindparam("signature"))


class Authors:
    """Who signs comments; there are no accounts, only what people type."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_known(self, site_id: int, email: str) -> bool:
        """Tell whether a comment with this e-mail address is published; nobody is known by none."""
        if not email:
            return False
        values = {"site_id": site_id, "email": email}
        return self._connection.execute(IS_KNOWN, values).first() is not None

    def published_by(self, site_id: int, member: str, most: int) -> int:
        """Return how many comments of a member are published, counting no further than `most`."""
        values = {"site_id": site_id, "member": member, "most": most}
        return int(self._connection.execute(PUBLISHED_BY, values).scalar_one())

    def record(self, site_id: int, author: Author) -> dict[Status, int]:
        """Return the number of the author's comments by status.

        Authors are told apart by e-mail address, and by name where there is none.
        """
        statement = RECORD_OF_EMAIL if author.email else RECORD_OF_NAME
        values = {"site_id": site_id, "signature": author.email or author.name}
        found = dict.fromkeys(JUDGED, 0)
        found.update(
            (Status(row.status), row.n) for row in self._connection.execute(statement, values)
        )
        return found
