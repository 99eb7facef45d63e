"""The audit of each site: one entry after the other, each holding the hash of the one before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from moderation.domain.audit import START, Entry, Note, chained
from moderation.domain.decision import Decision
from moderation.domain.moment import moment
from moderation.domain.page import Page
from moderation.storage.decision_rows import read
from moderation.storage.excerpts import Excerpt, next_cursor, statement_of
from moderation.storage.tables.decisions import audit, decisions
from moderation.storage.tables.sites import sites

CHUNK = 500  # both databases bound how many values one statement may hold

# On PostgreSQL whoever appends waits here for the one before; SQLite has one writer anyway.
SITE = select(sites.c.key).where(sites.c.id == bindparam("site_id")).with_for_update(key_share=True)
OF_SITE = select(audit).where(audit.c.site_id == bindparam("site_id"))
LAST = OF_SITE.order_by(audit.c.number.desc()).limit(1)
ONWARDS = OF_SITE.where(audit.c.number > bindparam("after")).order_by(audit.c.number).limit(CHUNK)
APPEND = insert(audit)
IDS = (
    select(decisions.c.id)
    .where(decisions.c.site_id == bindparam("site_id"), decisions.c.id > bindparam("after"))
    .order_by(decisions.c.id)
    .limit(CHUNK)
)
DECIDED = select(decisions).where(
    decisions.c.id.in_(bindparam("ids", expanding=True)),
    decisions.c.site_id == bindparam("site_id"),
)


class Audit:
    """Who did what, when, in view of what: written once, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue_up(self, site_id: int) -> None:
        """Wait until nobody else is entering anything about the site."""
        self._connection.execute(SITE, {"site_id": site_id})

    def append(self, site_id: int, *notes: Note) -> None:
        """Enter what was done on a site, in this order."""
        site = {"site_id": site_id}
        key = self._connection.execute(SITE, site).scalar_one()
        last = self._connection.execute(LAST, site).one_or_none()
        number, previous = (last.number, last.hash) if last else (0, START)
        rows = []
        for note in notes:
            entry = chained(number + 1, previous, {"site": key, **note.content})
            rows.append(_values(site_id, note, entry))
            number, previous = entry.number, entry.hash
        if rows:
            self._connection.execute(APPEND, rows)

    def last(self, site_id: int) -> Entry | None:
        """Return the latest entry of a site: its hash vouches for all before it."""
        row = self._connection.execute(LAST, {"site_id": site_id}).one_or_none()
        return None if row is None else _entry(row)

    def page(self, excerpt: Excerpt) -> Page[Entry]:
        """Return one page of a site's entries, newest first.

        Raises:
            InvalidRequest: the cursor was changed or comes from another list.
        """
        found = self._connection.execute(statement_of(excerpt)).all()
        shown = tuple(map(_entry, found[: excerpt.limit]))
        return Page(shown, next_cursor(found, excerpt))

    def all(self, site_id: int) -> Iterator[Entry]:
        """Yield a site's entries, the first first; the transaction must stay open until the end."""
        for chunk in self.chunks(site_id):
            yield from chunk

    def chunks(self, site_id: int) -> Iterator[Sequence[Entry]]:
        """Yield what `all` yields, some hundred at a time."""
        after = 0
        while chunk := self._chunk(site_id, after):
            yield chunk
            after = chunk[-1].number

    def decision_ids(self, site_id: int) -> Iterator[str]:
        """Yield the ids of a site's decisions, each of which should have an entry."""
        after = ""
        while chunk := self._connection.execute(IDS, {"site_id": site_id, "after": after}).all():
            yield from (row.id for row in chunk)
            after = chunk[-1].id

    def decided(self, site_id: int, decision_ids: Iterable[str]) -> Mapping[str, Decision]:
        """Return those of some decisions that a site has, by id."""
        values = {"site_id": site_id, "ids": list(decision_ids)}
        return {row.id: read(row) for row in self._connection.execute(DECIDED, values)}

    def _chunk(self, site_id: int, after: int) -> Sequence[Entry]:
        values = {"site_id": site_id, "after": after}
        return [_entry(row) for row in self._connection.execute(ONWARDS, values)]


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    filed = {
        "kind": row.kind,
        "moderator": row.moderator,
        "comment": row.comment_id,
        "created_at": moment(row.created_at),
    }
    return Entry(row.number, row.line, row.hash, filed)


def _values(site_id: int, note: Note, entry: Entry) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "number": entry.number,
        "kind": note.kind.value,
        "moderator": note.moderator,
        "comment_id": note.comment_id,
        "line": entry.line,
        "hash": entry.hash,
        "created_at": note.created_at,
    }
