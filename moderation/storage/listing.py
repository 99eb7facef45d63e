"""Lists of comments: what is in them, in which order, and where the next page begins."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Double,
    Row,
    and_,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    union_all,
)

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.identifier import first_id
from moderation.storage import cursors
from moderation.storage.cursors import Position
from moderation.storage.decision_rows import IS_DECIDED
from moderation.storage.search import matching
from moderation.storage.tables.comments import comments, findings
from moderation.storage.tables.decisions import decisions
from moderation.storage.tables.metadata import RANK, UNPUBLISHED
from moderation.storage.threads import thread_of


class Order(StrEnum):
    """Orders of a list.

    `uncertain` puts first what a person's decision teaches the model most: the score closest to
    the threshold from which a comment is held, which decides whether readers see it at once.
    Comments without a score come last; those a person has decided about are left out.
    `reports` shows what readers have reported and no person has looked at, the most reported
    first.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    SCORE = "score"
    UNCERTAIN = "uncertain"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a moderator asks to see; None leaves a criterion out.

    Attributes:
        finding: code of a finding about the comment.
        reason: of the latest decision about it.
        q: words in the text or in the author's name.
        author: name or e-mail address of the author, exactly.
        thread: normalised address of the page.
        language: of the form it was sent from; "fr" includes "fr-BE".
        since: received at this moment or later.
        until: received before this moment.
        is_reported: whether readers' reports wait for a person.
        batch: identifier of a batch that decided about it, be it in force or taken back.
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
    thread: str | None = None
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_reported: bool | None = None
    batch: str | None = None
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
    of: Callable[[Row[*tuple[Any, ...]]], float]


DESCENDING = frozenset({Order.NEWEST, Order.SCORE, Order.REPORTS})
LAST = 2.0  # further from any threshold than a score can be
RANKED = Weight(
    literal_column(RANK, Double), lambda row: -1.0 if row.score is None else float(row.score)
)
REPORTED = Weight(comments.c.reports, lambda row: row.reports)


def stands_at(status: Status) -> ColumnElement[bool]:
    """Return the condition on the status, written out so that partial indexes are found.

    SQLite does not conclude that what is held is not published: it must read so.
    """
    stands = comments.c.status == literal(status.value, literal_execute=True)
    return stands if status is Status.PUBLISHED else and_(stands, text(f"comments.{UNPUBLISHED}"))


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
    return cursors.write(scope, Position(last.id, weight.of(last) if weight else 0.0))


def _weight(order: Order, pivot: float) -> Weight | None:
    if order is Order.SCORE:
        return RANKED
    if order is Order.REPORTS:
        return REPORTED
    if order is not Order.UNCERTAIN:
        return None
    doubt = func.coalesce(func.abs(comments.c.score - literal(pivot, Double)), literal(LAST))
    return Weight(doubt, lambda row: LAST if row.score is None else abs(row.score - pivot))


def _keys(order: Order, pivot: float) -> list[ColumnElement[Any]]:
    weight = _weight(order, pivot)
    return [weight.column, comments.c.id] if weight else [comments.c.id]


def conditions_of(listing: Listing, dialect: str) -> list[ColumnElement[bool]]:
    """Return the conditions on a comment of `listing`, but for its status and its page."""
    asked: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "finding": _has_finding,
        "reason": lambda reason: comments.c.reason == reason.value,
        "author": lambda author: comments.c.number.in_(_signed(listing.site_id, author)),
        "thread": lambda url: comments.c.thread_id == thread_of(listing.site_id, url),
        "language": _is_in,
        "since": lambda moment: comments.c.id >= first_id(moment),
        "until": lambda moment: comments.c.id < first_id(moment),
        "is_reported": _is_reported,
        "batch": _was_in,
        "q": lambda words: matching(dialect, words),
    }
    conditions = [
        condition(value)
        for name, condition in asked.items()
        if (value := getattr(listing, name)) is not None
    ]
    if listing.order is Order.UNCERTAIN:
        conditions.append(~IS_DECIDED)
    if listing.order is Order.REPORTS:
        conditions.append(comments.c.reports > 0)
    return [comments.c.site_id == listing.site_id, *conditions]


def _is_in(language: str) -> ColumnElement[bool]:
    locale = comments.c.locale
    return or_(locale == language, locale.startswith(f"{language}-", autoescape=True))


def _is_reported(wanted: bool) -> ColumnElement[bool]:
    return comments.c.reports > 0 if wanted else comments.c.reports == 0


def _was_in(batch_id: str) -> ColumnElement[bool]:
    return comments.c.id.in_(select(decisions.c.comment_id).where(decisions.c.batch_id == batch_id))


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
