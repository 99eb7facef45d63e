"""Batches: many decisions as one thing; written once, never changed."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select
from sqlalchemy.exc import IntegrityError

from moderation.domain.batch import Batch
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.errors import NotFound, NotUndoable
from moderation.storage.tables.decisions import batches

ADD = insert(batches)
ONE = select(batches).where(
    batches.c.id == bindparam("batch_id"), batches.c.site_id == bindparam("site_id")
)
OF_SITE = (
    select(batches)
    .where(batches.c.site_id == bindparam("site_id"))
    .order_by(batches.c.id.desc())
    .limit(bindparam("limit"))
)
IS_UNDONE = select(exists().where(batches.c.undoes == bindparam("batch_id")))


class Batches:
    """What was decided about many comments at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, batch: Batch) -> None:
        """Keep a batch.

        Raises:
            NotUndoable: it takes back one that was taken back before.
        """
        try:
            self._connection.execute(ADD, _values(batch))
        except IntegrityError as error:
            raise NotUndoable(batch.undoes) from error

    def get(self, batch_id: str, site_id: int) -> Batch:
        """Return one batch of a site.

        Raises:
            NotFound: the site has no such batch.
        """
        values = {"batch_id": batch_id, "site_id": site_id}
        row = self._connection.execute(ONE, values).one_or_none()
        if row is None:
            raise NotFound(batch_id)
        return _batch(row)

    def is_undone(self, batch_id: str) -> bool:
        """Tell whether a batch was taken back."""
        return bool(self._connection.execute(IS_UNDONE, {"batch_id": batch_id}).scalar_one())

    def latest(self, site_id: int, limit: int) -> tuple[Batch, ...]:
        """Return a site's batches, the latest first."""
        values = {"site_id": site_id, "limit": limit}
        return tuple(map(_batch, self._connection.execute(OF_SITE, values)))


def _batch(row: Row[*tuple[Any, ...]]) -> Batch:
    return Batch(
        id=row.id,
        site_id=row.site_id,
        verdict=None if row.verdict is None else Verdict(row.verdict),
        reason=None if row.reason is None else Reason(row.reason),
        note=row.note,
        moderator=row.moderator,
        key_id=row.key_id,
        count=row.n,
        undoes=row.undoes,
        created_at=row.created_at,
    )


def _values(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "site_id": batch.site_id,
        "verdict": batch.verdict and batch.verdict.value,
        "reason": batch.reason and batch.reason.value,
        "note": batch.note,
        "moderator": batch.moderator,
        "key_id": batch.key_id,
        "n": batch.count,
        "undoes": batch.undoes,
        "created_at": batch.created_at,
    }
