"""Reading a list in the order of the indexes, one stretch of an index at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, true, union_all

from moderation.domain.comment import JUDGED
from moderation.storage import cursors
from moderation.storage.listing import (
    RANKED,
    Listing,
    Order,
    after,
    conditions_of,
    sorted_by,
    stands_at,
)
from moderation.storage.rows import COMMENTS
from moderation.storage.search import ways_to_match
from moderation.storage.tables.comments import comments

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list in one index's order: what belongs to it, and what to sort by."""

    conditions: Sequence[ColumnElement[bool]]
    sorting: Sequence[ColumnElement[Any]]


def page_of(listing: Listing, dialect: str) -> Select[Any]:
    """Return the statement for one page of `listing` and one comment more.

    Each status is asked for by itself, because the indexes are made so; the comments are read
    whole only once it is clear which ones are on the page.
    """
    numbers = numbers_of(replace(listing, limit=listing.limit + 1), dialect)
    sorting = sorted_by(listing.order, listing.pivot)
    return (
        COMMENTS.where(comments.c.number.in_(numbers)).order_by(*sorting).limit(listing.limit + 1)
    )


def ids_of(listing: Listing, dialect: str) -> Select[Any]:
    """Return the statement for the ids of at most `listing.limit` comments."""
    return (
        select(comments.c.id)
        .where(comments.c.number.in_(numbers_of(listing, dialect)))
        .order_by(*sorted_by(listing.order, listing.pivot))
        .limit(listing.limit)
    )


def numbers_of(
    listing: Listing, dialect: str, *conditions: ColumnElement[bool]
) -> CompoundSelect[Any]:
    """Return the statement for the numbers of comments that meet some more conditions.

    Each stretch gives at most `listing.limit`: among them are the first ones of the whole list.
    """
    order, pivot = listing.order, listing.pivot
    wanted = [
        *conditions,
        *conditions_of(replace(listing, q=None), dialect),
        *after(order, listing.scope, listing.cursor, pivot),
    ]
    parts = [
        among.where(way).limit(most).subquery()
        for status in ([listing.status] if listing.status else JUDGED)
        for stretch in _stretches(listing)
        for among in [
            select(comments.c.number)
            .where(stands_at(status), *wanted, *stretch.conditions)
            .order_by(*stretch.sorting)
        ]
        for way, most in _ways(listing, dialect, among)
    ]
    return union_all(*(select(part.c.number) for part in parts))


def _stretches(listing: Listing) -> list[Stretch]:
    """Return the parts of an order that an index gives: away from the pivot there are two.

    They only narrow down where to begin; the exact place of a cursor is a condition of its own.
    """
    last = cursors.read(listing.scope, listing.cursor).weight if listing.cursor else None
    if listing.order is Order.UNCERTAIN:
        return _outwards(listing.pivot, 0.0 if last is None else max(0.0, last - ROUNDING))
    rest: list[ColumnElement[bool]] = []
    if listing.order is Order.SCORE and last is not None:
        rest = [RANKED.column <= last + ROUNDING]  # SQLite compares no pairs in this index
    return [Stretch(rest, sorted_by(listing.order))]


def _outwards(pivot: float, gone: float) -> list[Stretch]:
    """Return what lies further than `gone` above the pivot and below it, and what has no score."""
    rank, identifier = RANKED.column, comments.c.id
    below = rank <= pivot - gone if gone else rank < pivot
    return [
        Stretch((rank >= max(0.0, pivot + gone),), [rank, identifier]),
        Stretch((rank >= 0.0, below), [rank.desc(), identifier]),
        Stretch((rank < 0.0,), [rank, identifier]),
    ]


def _ways(
    listing: Listing, dialect: str, among: Select[tuple[int]]
) -> list[tuple[ColumnElement[bool], int | ColumnElement[int]]]:
    if listing.q is None:
        return [(true(), listing.limit)]
    return ways_to_match(dialect, listing.q, among, listing.limit)
