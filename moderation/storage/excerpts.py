"""Excerpts of the audit: which entries, in which order, and where the next page begins."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, select, text, tuple_

from moderation.domain.audit import Kind
from moderation.errors import InvalidRequest
from moderation.storage import cursors
from moderation.storage.cursors import Position
from moderation.storage.tables.decisions import UNDECIDED, audit

LAST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What of a site's audit somebody asks to see; None leaves a criterion out.

    Attributes:
        kind: what the entries tell of.
        moderator: who did it, exactly as the entries name them.
        since: done at this moment or later.
        until: done before this moment.
        cursor: `next` of the page before, from the same excerpt.
        limit: most entries on one page, at least 1.
    """

    site_id: int
    kind: Kind | None = None
    moderator: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None
    limit: int = 50

    @property
    def scope(self) -> str:
        """Everything but the page: a cursor is good for excerpts of the same scope."""
        return repr(("audit", *astuple(replace(self, cursor=None, limit=0))))

    @property
    def is_narrowed(self) -> bool:
        """Tell whether it leaves entries out: then it is sorted by time first, as indexes are.

        The whole audit is sorted by number: whoever enters first has not always looked at the
        clock first.
        """
        criteria = (self.kind, self.moderator, self.since, self.until)
        return any(one is not None for one in criteria)


def statement_of(excerpt: Excerpt) -> Select[Any]:
    """Return the query for a page and the first entry of the next, the newest first.

    Raises:
        InvalidRequest: the cursor was changed or comes from another list.
    """
    keys = _keys(excerpt)
    statement = (
        select(audit)
        .where(audit.c.site_id == excerpt.site_id, *_conditions(excerpt))
        .order_by(*(key.desc() for key in keys))
        .limit(excerpt.limit + 1)
    )
    if excerpt.cursor is None:
        return statement
    place = _place(cursors.read(excerpt.scope, excerpt.cursor))
    return statement.where(tuple_(*keys) < tuple_(*place[-len(keys) :]))


def next_cursor(rows: Sequence[Row[*tuple[Any, ...]]], excerpt: Excerpt) -> str | None:
    """Return the cursor after the page that begins `rows`, None if there are no more."""
    if len(rows) <= excerpt.limit:
        return None
    last = rows[excerpt.limit - 1]
    at = last.created_at.timestamp() if excerpt.is_narrowed else 0.0
    return cursors.write(excerpt.scope, Position(str(UUID(int=last.number)), at))


def _place(position: Position) -> tuple[datetime, int]:
    """Return what `next_cursor` has written; whatever else somebody has made up is refused."""
    try:
        at, number = datetime.fromtimestamp(position.weight, UTC), UUID(position.id).int
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidRequest.at("/cursor", "invalid_cursor") from error
    if number > LAST_NUMBER:
        raise InvalidRequest.at("/cursor", "invalid_cursor")
    return at, number


def _keys(excerpt: Excerpt) -> list[ColumnElement[Any]]:
    return [audit.c.created_at, audit.c.number] if excerpt.is_narrowed else [audit.c.number]


def _conditions(excerpt: Excerpt) -> list[ColumnElement[bool]]:
    asked: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "kind": _is_of,
        "moderator": lambda name: audit.c.moderator == name,
        "since": lambda moment: audit.c.created_at >= moment,
        "until": lambda moment: audit.c.created_at < moment,
    }
    return [
        condition(value)
        for name, condition in asked.items()
        if (value := getattr(excerpt, name)) is not None
    ]


def _is_of(kind: Kind) -> ColumnElement[bool]:
    """Return the condition on the kind, written out so that the partial index is found."""
    is_kind = audit.c.kind == kind.value
    return is_kind if kind is Kind.DECISION else and_(is_kind, text(f"audit.{UNDECIDED}"))
