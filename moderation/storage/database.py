"""The database: transactions, and the repositories a transaction offers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection, Engine, text

from moderation.storage import postgresql, sqlite
from moderation.storage.answers import Answers
from moderation.storage.authors import Authors
from moderation.storage.border import translated
from moderation.storage.comments import Comments
from moderation.storage.counts import Counts
from moderation.storage.decisions import Decisions
from moderation.storage.drift_counts import DriftCounts
from moderation.storage.keys import Keys
from moderation.storage.labels import Labels
from moderation.storage.marks import Marks
from moderation.storage.model_changes import ModelChanges, Trainings
from moderation.storage.shadows import Shadows
from moderation.storage.sites import Sites
from moderation.storage.threads import Threads
from moderation.storage.urls import parse

BUSY_TIMEOUT = timedelta(seconds=2)
PING = text("SELECT version_num FROM alembic_version")


class Transaction:
    """What can be done within one transaction, by noun."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def sites(self) -> Sites:
        """Sites and their keys."""
        return Sites(self._connection)

    @property
    def keys(self) -> Keys:
        """Tokens of moderators and operators."""
        return Keys(self._connection)

    @property
    def threads(self) -> Threads:
        """Pages that are commented on."""
        return Threads(self._connection)

    @property
    def comments(self) -> Comments:
        """Comments with their findings."""
        return Comments(self._connection)

    @property
    def authors(self) -> Authors:
        """What is known about who signs comments."""
        return Authors(self._connection)

    @property
    def decisions(self) -> Decisions:
        """Decisions about comments, and the audit they form."""
        return Decisions(self._connection)

    @property
    def labels(self) -> Labels:
        """People's decisions as training data."""
        return Labels(self._connection)

    @property
    def counts(self) -> Counts:
        """How many comments there are."""
        return Counts(self._connection)

    @property
    def answers(self) -> Answers:
        """Answers kept for requests that come twice."""
        return Answers(self._connection)

    @property
    def model_changes(self) -> ModelChanges:
        """Changes of champion."""
        return ModelChanges(self._connection)

    @property
    def trainings(self) -> Trainings:
        """Trainings on people's decisions."""
        return Trainings(self._connection)

    @property
    def shadows(self) -> Shadows:
        """What challengers would have made of comments."""
        return Shadows(self._connection)

    @property
    def drift_counts(self) -> DriftCounts:
        """Weekly histograms beside those of the training data."""
        return DriftCounts(self._connection)

    @property
    def marks(self) -> Marks:
        """What the worker remembers."""
        return Marks(self._connection)


class Database:
    """A migrated database, SQLite or PostgreSQL; safe to share between threads.

    Nothing is connected before the first transaction. Every method raises `StoreUnavailable`
    if the database is away, locked for longer than `busy_timeout`, or not migrated.
    """

    def __init__(self, url: str, *, busy_timeout: timedelta = BUSY_TIMEOUT) -> None:
        self._writer, self._reader = _open(url, busy_timeout)

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
