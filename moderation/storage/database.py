"""The database: where transactions begin and end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine, text

from moderation.storage import postgresql, sqlite
from moderation.storage.border import translated
from moderation.storage.conversations import STANDING, Standing, place_of, standing_of
from moderation.storage.glance import Glance
from moderation.storage.transaction import Transaction
from moderation.storage.urls import parse

BUSY_TIMEOUT = timedelta(seconds=2)
PING = text("SELECT version_num FROM alembic_version")


class Database:
    """A migrated database, SQLite or PostgreSQL; safe to share between threads.

    Nothing is connected before the first transaction. Every method raises `StoreUnavailable`
    if the database is away, locked for longer than `busy_timeout`, or not migrated.
    """

    def __init__(self, url: str, *, busy_timeout: timedelta = BUSY_TIMEOUT) -> None:
        self._writer, self._reader = _open(url, busy_timeout)
        self._standing = Glance(self._reader, STANDING)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin a transaction; commit it at the end, or roll it back if anything is raised.

        Do not begin one within another: they would wait for each other.
        """
        with translated(), self._writer.begin() as connection:
            yield Transaction(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Begin a transaction that cannot write, and neither waits for writers nor stops them."""
        with translated(), self._reader.begin() as connection:
            yield Transaction(connection)

    def standing(self, site_id: int, url: str) -> Standing:
        """Return how a page stands, as `conversations.standing` does, at a fraction of its cost."""
        with translated():
            row = self._standing.take(place_of(site_id, url))
        return standing_of(site_id, url, row)

    def ping(self) -> None:
        """Return if the database answers and has been migrated."""
        with translated(), self._reader.begin() as connection:
            connection.execute(PING).one()

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._reader.dispose()
        self._writer.dispose()


def _open(url: str, busy_timeout: timedelta) -> tuple[Engine, Engine]:
    parts = parse(url)
    if parts.get_backend_name() == "sqlite":
        return sqlite.open_writer(parts, busy_timeout), sqlite.open_reader(parts, busy_timeout)
    engine = postgresql.open_engine(parts, busy_timeout)
    return engine, engine.execution_options(postgresql_readonly=True)
