"""Labels: what people decided last, comment by comment, for the models to learn from."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Select, exists, select, tuple_

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.storage import rows
from moderation.storage.decisions import read
from moderation.storage.rows import COMMENTS
from moderation.storage.tables import comments, decisions

CHUNK = 500

LATER = decisions.alias("later")
LATEST_BY_A_PERSON = (
    select(decisions)
    .where(
        decisions.c.key_id.is_not(None),
        ~exists().where(
            LATER.c.comment_id == decisions.c.comment_id,
            LATER.c.from_version > decisions.c.from_version,
            LATER.c.key_id.is_not(None),
        ),
    )
    .order_by(decisions.c.created_at, decisions.c.id)
    .limit(CHUNK)
)


class Labels:
    """People's latest decisions with the comments they are about."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(
        self, moment: datetime | None = None, *, site_id: int | None = None
    ) -> Iterator[tuple[Decision, Comment]]:
        """Yield the latest decision by a person about each comment, oldest first.

        Reads some hundred at a time, so that memory is bounded however many there are; the
        transaction must stay open until the last one.

        Args:
            moment: leave out decisions made before it.
            site_id: leave out other sites.
        """
        statement = LATEST_BY_A_PERSON
        if moment is not None:
            statement = statement.where(decisions.c.created_at >= moment)
        if site_id is not None:
            statement = statement.where(decisions.c.site_id == site_id)
        chunk = self._decisions(statement)
        while chunk:
            found = self._comments(chunk)
            yield from ((decision, found[decision.comment_id]) for decision in chunk)
            place = tuple_(chunk[-1].created_at, chunk[-1].id)
            reached = tuple_(decisions.c.created_at, decisions.c.id)
            chunk = self._decisions(statement.where(reached > place))

    def _decisions(self, statement: Select[tuple[object, ...]]) -> list[Decision]:
        return [read(row) for row in self._connection.execute(statement)]

    def _comments(self, chunk: list[Decision]) -> dict[str, Comment]:
        statement = COMMENTS.where(comments.c.id.in_([one.comment_id for one in chunk]))
        found = rows.read(self._connection, self._connection.execute(statement).all())
        return {comment.id: comment for comment in found}
