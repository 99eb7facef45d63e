"""Comments that resemble another one, and those around it: few, and found by indexes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, text, union_all

from moderation.domain.comment import JUDGED, Comment, Status
from moderation.domain.identifier import first_id
from moderation.storage import rows
from moderation.storage.listing import stands_at
from moderation.storage.rows import COMMENTS
from moderation.storage.search import holding_any
from moderation.storage.tables.comments import comments
from moderation.storage.tables.metadata import UNPUBLISHED

COMPARED = 200  # latest comments with a word in common
LATEST = 5000  # published comments that are searched for a sender

OTHERS = (
    comments.c.site_id == bindparam("site_id"),
    comments.c.id != bindparam("other_than"),
    comments.c.status != Status.WITHDRAWN.value,
)
OWN = select(comments.c.client, comments.c.fingerprint).where(
    comments.c.id == bindparam("comment_id")
)
SAME_TEXT = (
    COMMENTS.where(*OTHERS, comments.c.fingerprint == bindparam("fingerprint"))
    .order_by(comments.c.created_at.desc())
    .limit(bindparam("limit"))
)
# The index of senders leaves out what is published: that would cost every new comment.
UNPUBLISHED_BY = (
    select(comments.c.number)
    .where(
        comments.c.site_id == bindparam("site_id"),
        comments.c.client == bindparam("client"),
        comments.c.id >= bindparam("first"),
        text(UNPUBLISHED),
    )
    .order_by(comments.c.id.desc())
    .limit(bindparam("limit"))
    .subquery()
)
RECENT = (
    select(comments.c.number, comments.c.client)
    .where(
        comments.c.site_id == bindparam("site_id"),
        stands_at(Status.PUBLISHED),
        comments.c.id >= bindparam("first"),
    )
    .order_by(comments.c.id.desc())
    .limit(LATEST)
    .subquery()
)
SAME_SENDER = (
    COMMENTS.where(
        *OTHERS,
        comments.c.number.in_(
            union_all(
                select(UNPUBLISHED_BY.c.number),
                select(RECENT.c.number).where(RECENT.c.client == bindparam("client")),
            )
        ),
    )
    .order_by(comments.c.id.desc())
    .limit(bindparam("limit"))
)
BY_IDS = COMMENTS.where(comments.c.id.in_(bindparam("ids", expanding=True)))


def _beside(status: Status, *, after: bool) -> Select[Any]:
    """Ask for the comments of one status nearest to a place in a thread: each has its index."""
    identifier, place = comments.c.id, bindparam("of_comment", type_=comments.c.id.type)
    there = select(comments.c.thread_id).where(identifier == place)
    found = (
        select(comments.c.number)
        .where(
            comments.c.thread_id == there.scalar_subquery(),
            stands_at(status),
            identifier > place if after else identifier < place,
        )
        .order_by(identifier if after else identifier.desc())
        .limit(bindparam("limit"))
        .subquery()
    )
    return select(found.c.number)


BEFORE, AFTER = (
    COMMENTS.where(
        comments.c.number.in_(union_all(*(_beside(status, after=after) for status in JUDGED)))
    )
    .order_by(comments.c.id if after else comments.c.id.desc())
    .limit(bindparam("limit"))
    for after in (False, True)
)


class Resembling:
    """What is like a comment, and what is near it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def with_same_text(self, comment: Comment, limit: int) -> tuple[Comment, ...]:
        """Return the latest other comments of the site whose text counts as the same."""
        _, fingerprint = self._own(comment)
        if not fingerprint:
            return ()
        return self._found(SAME_TEXT, comment, fingerprint=fingerprint, limit=limit)

    def by_same_sender(self, comment: Comment, since: datetime, limit: int) -> tuple[Comment, ...]:
        """Return the latest other comments sent from the same address since a moment.

        Of those published only the site's latest 5,000 are looked through.
        """
        client, _ = self._own(comment)
        if not client:
            return ()
        first = first_id(since)
        return self._found(SAME_SENDER, comment, client=client, first=first, limit=limit)

    def texts_with_any(self, comment: Comment, words: Sequence[str]) -> list[tuple[str, str]]:
        """Return ids and texts of the site's latest comments that hold any of `words`.

        `words` are folded. Bounded: where they are common, or the site is a small one among
        many, only what is latest on all sites is looked through.
        """
        numbers = holding_any(self._connection.dialect.name, words)
        statement = (
            select(comments.c.id, comments.c.text)
            .where(*OTHERS, comments.c.number.in_(numbers))
            .order_by(comments.c.id.desc())
            .limit(COMPARED)
        )
        values = {"site_id": comment.site_id, "other_than": comment.id}
        return [(row.id, row.text) for row in self._connection.execute(statement, values)]

    def by_ids(self, ids: Sequence[str]) -> tuple[Comment, ...]:
        """Return comments in the order of their ids' list."""
        found = self._connection.execute(BY_IDS, {"ids": ids}).all() if ids else []
        known = {one.id: one for one in rows.read(self._connection, found)}
        return tuple(known[one] for one in ids if one in known)

    def around(
        self, comment: Comment, limit: int
    ) -> tuple[tuple[Comment, ...], tuple[Comment, ...]]:
        """Return up to `limit` comments before and after a comment on its page, as they came."""
        values = {"of_comment": comment.id, "limit": limit}
        before, after = (
            rows.read(self._connection, self._connection.execute(statement, values).all())
            for statement in (BEFORE, AFTER)
        )
        return before[::-1], after

    def _own(self, comment: Comment) -> tuple[str, str]:
        row = self._connection.execute(OWN, {"comment_id": comment.id}).one_or_none()
        return (row.client, row.fingerprint) if row else ("", "")

    def _found(
        self, statement: Select[Any], comment: Comment, **values: Any
    ) -> tuple[Comment, ...]:
        values |= {"site_id": comment.site_id, "other_than": comment.id}
        return rows.read(self._connection, self._connection.execute(statement, values).all())
