"""Conversations: what readers see of a page, a few light rows at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, literal, outerjoin, select

from moderation.domain.comment import Author, Status
from moderation.domain.page import Page
from moderation.domain.reading import Conversation, Placed, Readable
from moderation.domain.thread import Thread
from moderation.errors import NotFound
from moderation.storage import cursors
from moderation.storage.cursors import Position
from moderation.storage.listing import Order, after, next_cursor, sorted_by
from moderation.storage.tables.comments import comments, counts, threads
from moderation.storage.threads import ThreadState, digest

FIRST_REPLIES = 10

# Literal, not bound: only so do the databases see that a partial index answers.
PUBLISHED = comments.c.status == literal(Status.PUBLISHED.value, literal_execute=True)
IN_THREAD = and_(comments.c.thread_id == bindparam("thread_id"), PUBLISHED)
IN_CONVERSATION = and_(IN_THREAD, comments.c.root_id == bindparam("root"))
REPLIES = func.count().filter(comments.c.id != comments.c.root_id).label("replies")

STANDING = (
    select(threads.c.id, threads.c.title, threads.c.created_at, counts.c.n, counts.c.changes)
    .select_from(
        outerjoin(
            threads,
            counts,
            and_(
                counts.c.site_id == threads.c.site_id,
                counts.c.thread_id == threads.c.id,
                counts.c.status == Status.PUBLISHED.value,
            ),
        )
    )
    .where(
        threads.c.site_id == bindparam("site_id"), threads.c.url_digest == bindparam("url_digest")
    )
)
READABLE = select(
    comments.c.id,
    comments.c.parent_id,
    comments.c.root_id,
    comments.c.author_name,
    comments.c.author_url,
    comments.c.text,
    comments.c.html,
    comments.c.locale,
    comments.c.created_at,
    comments.c.edited_at,
    comments.c.member,
)
ROOTS = select(comments.c.root_id, REPLIES).where(IN_THREAD).group_by(comments.c.root_id)
PLACES = (
    select(
        comments.c.number,
        func.row_number()
        .over(partition_by=comments.c.root_id, order_by=comments.c.id)
        .label("place"),
    )
    .where(IN_THREAD, comments.c.root_id.in_(bindparam("roots", expanding=True)))
    .subquery()
)
OPENINGS = (
    READABLE.join(PLACES, PLACES.c.number == comments.c.number)
    .where(PLACES.c.place <= 1 + FIRST_REPLIES)
    .order_by(comments.c.root_id, comments.c.id)
)
ROOT = select(comments.c.root_id).where(
    comments.c.id == bindparam("comment_id"), comments.c.thread_id == bindparam("thread_id")
)
SIZE = select(func.count().label("comments"), REPLIES).where(IN_CONVERSATION)
COMMENTS = READABLE.where(IN_CONVERSATION).order_by(comments.c.id)
LATEST = (
    READABLE.add_columns(threads.c.url, threads.c.title)
    .join(threads, threads.c.id == comments.c.thread_id)
    .order_by(comments.c.id.desc())
    .limit(bindparam("limit"))
)
LATEST_OF_SITE = LATEST.where(comments.c.site_id == bindparam("site_id"), PUBLISHED)
LATEST_OF_THREAD = LATEST.where(IN_THREAD)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a page stands with its readers, as one look-up tells.

    Attributes:
        thread: None while nobody has commented.
        state: equal states show equal comments.
    """

    site_id: int
    url: str
    thread: Thread | None
    state: ThreadState

    @property
    def thread_id(self) -> int:
        """The thread's number; 0, which no thread has, where there is none."""
        return self.thread.id if self.thread else 0


class Conversations:
    """Published comments, in the order readers want them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self, site_id: int, url: str) -> Standing:
        """Return how the page with this normalised address stands.

        Ask for it before the comments: what is published in between is then shown too early,
        under a state that nobody will see again, but never too late.
        """
        row = self._connection.execute(STANDING, place_of(site_id, url)).one_or_none()
        return standing_of(site_id, url, None if row is None else tuple(row))

    def comments_of(
        self, page: Standing, *, order: Order, cursor: str | None, limit: int
    ) -> Page[Readable]:
        """Return comments of a page by their time alone.

        Raises:
            InvalidRequest: the cursor was changed or comes from another list.
        """
        scope = repr(("published", page.site_id, page.url, order))
        statement = READABLE.where(IN_THREAD, *after(order, scope, cursor))
        statement = statement.order_by(*sorted_by(order)).limit(limit + 1)
        found = self._connection.execute(statement, {"thread_id": page.thread_id}).all()
        return Page(_readable(found[:limit]), next_cursor(found, limit, order, scope))

    def of(
        self, page: Standing, *, order: Order, cursor: str | None, limit: int
    ) -> Page[Conversation]:
        """Return conversations of a page by when they began, each with its first replies.

        Turning pages shows every conversation that is there throughout exactly once.

        Raises:
            InvalidRequest: the cursor was changed or comes from another list.
        """
        scope = repr(("conversations", page.site_id, page.url, order))
        values = {"thread_id": page.thread_id}
        found = self._connection.execute(_roots(order, scope, cursor, limit), values).all()
        rows = self._openings(page, [row.root_id for row in found[:limit]])
        items = tuple(
            _opening(page, row.root_id, row.replies, rows[row.root_id]) for row in found[:limit]
        )
        more = len(found) > limit
        return Page(items, cursors.write(scope, Position(items[-1].id)) if more else None)

    def around(
        self, page: Standing, comment_id: str, *, cursor: str | None, limit: int
    ) -> Conversation:
        """Return the conversation that a comment belongs to, from the place of `cursor` on.

        Raises:
            InvalidRequest: the cursor was changed or comes from another conversation.
            NotFound: the page has no such comment, or nothing of its conversation is published.
        """
        asked = {"thread_id": page.thread_id, "comment_id": comment_id}
        root = str(self._connection.execute(ROOT, asked).scalar_one_or_none() or "")
        values = {"thread_id": page.thread_id, "root": root}
        size = self._connection.execute(SIZE, values).one()
        if not size.comments:
            raise NotFound(comment_id)
        scope = _scope(page, root)
        statement = COMMENTS.where(*after(Order.OLDEST, scope, cursor)).limit(limit + 1)
        found = self._connection.execute(statement, values).all()
        following = next_cursor(found, limit, Order.OLDEST, scope)
        return Conversation(root, size.replies, _readable(found[:limit]), following)

    def latest(self, site_id: int, limit: int, page: Standing | None = None) -> tuple[Placed, ...]:
        """Return the newest comments of a site, or of one of its pages."""
        if page is None:
            found = self._connection.execute(LATEST_OF_SITE, {"site_id": site_id, "limit": limit})
        else:
            asked = {"thread_id": page.thread_id, "limit": limit}
            found = self._connection.execute(LATEST_OF_THREAD, asked)
        rows = found.all()
        places = zip(_readable(rows), rows, strict=True)
        return tuple(Placed(comment, row.url, row.title) for comment, row in places)

    def _openings(
        self, page: Standing, roots: Sequence[str]
    ) -> defaultdict[str, list[Row[*tuple[Any, ...]]]]:
        rows: defaultdict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
        values = {"thread_id": page.thread_id, "roots": roots}
        for row in self._connection.execute(OPENINGS, values) if roots else ():
            rows[row.root_id].append(row)
        return rows


def place_of(site_id: int, url: str) -> dict[str, Any]:
    """Return what STANDING looks a page up by."""
    return {"site_id": site_id, "url_digest": digest(url)}


def standing_of(site_id: int, url: str, row: tuple[Any, ...] | None) -> Standing:
    """Return what a row of STANDING tells; None where there is no thread."""
    if row is None:
        return Standing(site_id, url, None, ThreadState())
    number, title, created_at, published, changes = row
    thread = Thread(number, site_id, url, title, created_at)
    return Standing(site_id, url, thread, ThreadState(published or 0, changes or 0))


def _roots(order: Order, scope: str, cursor: str | None, limit: int) -> Any:
    key = comments.c.root_id
    is_newest = order is Order.NEWEST
    statement = ROOTS.order_by(key.desc() if is_newest else key).limit(limit + 1)
    if cursor is None:
        return statement
    last = cursors.read(scope, cursor).id
    return statement.where(key < last if is_newest else key > last)


def _opening(
    page: Standing, root: str, replies: int, rows: Sequence[Row[*tuple[Any, ...]]]
) -> Conversation:
    """Make a conversation of its first comments, one more than are shown if the root is not."""
    has_root = any(row.id == root for row in rows)
    shown = rows[: has_root + FIRST_REPLIES]
    is_cut = replies > len(shown) - has_root
    following = cursors.write(_scope(page, root), Position(shown[-1].id)) if is_cut else None
    return Conversation(root, replies, _readable(shown), following)


def _scope(page: Standing, root: str) -> str:
    return repr(("conversation", page.site_id, page.url, root))


def _readable(rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[Readable, ...]:
    return tuple(
        Readable(
            id=row.id,
            parent=row.parent_id,
            root=row.root_id,
            author=Author(row.author_name, url=row.author_url),
            text=row.text,
            html=row.html,
            locale=row.locale,
            created_at=row.created_at,
            edited_at=row.edited_at,
            member=row.member,
        )
        for row in rows
    )
