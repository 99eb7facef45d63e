"""Lists of comments: what is in them, in which order, and where the next page begins."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Double,
    Row,
    Select,
    exists,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.storage import cursors
from moderation.storage.cursors import Position
from moderation.storage.rows import COMMENTS
from moderation.storage.search import matching
from moderation.storage.tables import RANK, comments, decisions, findings


class Order(StrEnum):
    """Orders of a list.

    `uncertain` puts first what a person's decision teaches the model most: the score closest to
    the threshold from which a comment is held, which decides whether readers see it at once.
    Comments without a score come last; those a person has decided about are left out.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    SCORE = "score"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a moderator asks to see; None leaves a criterion out.

    Attributes:
        finding: code of a finding about the comment.
        reason: of the latest decision about it.
        q: words in the text or in the author's name.
        author: name or e-mail address of the author, exactly.
        pivot: the threshold `uncertain` measures from, the site's own or else the champion's.
        cursor: `next` of the page before, from the same listing.
        limit: most comments on one page, at least 1.
    """

    site_id: int
    status: Status | None = None
    finding: str | None = None
    reason: Reason | None = None
    q: str | None = None
    author: str | None = None
    order: Order = Order.NEWEST
    pivot: float = 0.5
    cursor: str | None = None
    limit: int = 50

    @property
    def scope(self) -> str:
        """Everything but the page: a cursor is good for listings of the same scope."""
        return repr(("comments", *astuple(replace(self, cursor=None, limit=0))))


@dataclass(frozen=True, slots=True)
class Weight:
    """What an order sorts by before the identifier, for the database and for a cursor."""

    column: ColumnElement[float]
    of: Callable[[float | None], float]


DESCENDING = frozenset({Order.NEWEST, Order.SCORE})
LAST = 2.0  # further from any threshold than a score can be
RANKED = Weight(literal_column(RANK, Double), lambda score: -1.0 if score is None else score)


def page_of(listing: Listing, dialect: str) -> Select[Any]:
    """Return the statement for one page of `listing` and one comment more.

    Each status is asked for by itself, because the indexes are made so; the comments are read
    whole only once it is clear which ones are on the page.
    """
    order, pivot = listing.order, listing.pivot
    conditions = [*_wanted(listing, dialect), *after(order, listing.scope, listing.cursor, pivot)]
    sorting = sorted_by(order, pivot)
    parts = [
        select(comments.c.number)
        .where(comments.c.status == literal(status.value, literal_execute=True), *conditions)
        .order_by(*sorting)
        .limit(listing.limit + 1)
        .subquery()
        for status in ([listing.status] if listing.status else Status)
    ]
    numbers = union_all(*(select(part.c.number) for part in parts))
    return (
        COMMENTS.where(comments.c.number.in_(numbers)).order_by(*sorting).limit(listing.limit + 1)
    )


def sorted_by(order: Order, pivot: float = 0.5) -> list[ColumnElement[Any]]:
    """Return what to sort by."""
    return [key.desc() if order in DESCENDING else key for key in _keys(order, pivot)]


def after(
    order: Order, scope: str, cursor: str | None, pivot: float = 0.5
) -> list[ColumnElement[bool]]:
    """Return the condition that a comment comes after `cursor`, if there is one.

    Raises:
        InvalidRequest: the cursor does not belong to this scope.
    """
    if cursor is None:
        return []
    position = cursors.read(scope, cursor)
    keys = _keys(order, pivot)
    place = tuple_(*[position.weight, position.id][-len(keys) :])
    return [tuple_(*keys) < place if order in DESCENDING else tuple_(*keys) > place]


def next_cursor(
    rows: Sequence[Row[*tuple[Any, ...]]],
    limit: int,
    order: Order,
    scope: str,
    pivot: float = 0.5,
) -> str | None:
    """Return the cursor after the first `limit` of `rows`, None if there are no more."""
    if len(rows) <= limit:
        return None
    last, weight = rows[limit - 1], _weight(order, pivot)
    return cursors.write(scope, Position(last.id, weight.of(last.score) if weight else 0.0))


def _weight(order: Order, pivot: float) -> Weight | None:
    if order is Order.SCORE:
        return RANKED
    if order is not Order.UNCERTAIN:
        return None
    doubt = func.coalesce(func.abs(comments.c.score - literal(pivot, Double)), literal(LAST))
    return Weight(doubt, lambda score: LAST if score is None else abs(score - pivot))


def _keys(order: Order, pivot: float) -> list[ColumnElement[Any]]:
    weight = _weight(order, pivot)
    return [weight.column, comments.c.id] if weight else [comments.c.id]


def _wanted(listing: Listing, dialect: str) -> list[ColumnElement[bool]]:
    conditions = [comments.c.site_id == listing.site_id]
    if listing.order is Order.UNCERTAIN:
        conditions.append(~_is_decided())
    if listing.finding is not None:
        conditions.append(_has_finding(listing.finding))
    if listing.reason is not None:
        conditions.append(comments.c.reason == listing.reason.value)
    if listing.author is not None:
        conditions.append(comments.c.number.in_(_signed(listing.site_id, listing.author)))
    if listing.q is not None:
        conditions.append(matching(dialect, listing.q))
    return conditions


def _is_decided() -> ColumnElement[bool]:
    """Tell the comments a person has decided about; both tables' indexes answer."""
    return exists().where(decisions.c.comment_id == comments.c.id, decisions.c.key_id.is_not(None))


def _has_finding(code: str) -> ColumnElement[bool]:
    return exists().where(findings.c.comment_id == comments.c.id, findings.c.code == code)


def _signed(site_id: int, author: str) -> CompoundSelect[int]:
    """Ask for names and for addresses separately: each has its index, the two together none."""
    signed = comments.alias("signed")
    numbers = select(signed.c.number).where(signed.c.site_id == site_id)
    return union_all(
        numbers.where(signed.c.author_name == author),
        numbers.where(signed.c.author_email == author),
    )
