"""SQLite: how its connections are set up, one writer at a time and readers beside it."""

import sqlite3
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    PoolProxiedConnection,
    create_engine,
    event,
)
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import OperationalError

WAL_BYTES = 16 * 1024 * 1024
READERS = 16
SWITCH = "PRAGMA journal_mode = WAL"
SWITCHES = 20
SAMPLE_ROWS = 1000


class Reading(SQLiteDialect_pysqlite):
    """Transactions that see one state of the file from their first to their last statement.

    Beginning them here rather than in an event of the engine saves a new comment 0.1 ms:
    an engine that has any such event goes a longer way for every statement.
    """

    supports_statement_cache = True
    begin = "BEGIN"
    is_query_only = "ON"

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Begin a transaction, which the driver itself never does."""
        dbapi_connection.execute(self.begin)


class Writing(Reading):
    """Transactions that take the file's lock before they read anything.

    So none of them fails half-way because another one wrote in between.
    """

    supports_statement_cache = True
    begin = "BEGIN IMMEDIATE"
    is_query_only = "OFF"


def open_writer(url: URL, busy_timeout: timedelta) -> Engine:
    """Return the engine for transactions that write.

    It has one connection, so that the threads of a process queue up here, in order, and only
    processes have to poll for the file's lock.
    """
    return _open(url, busy_timeout, Writing, connections=1)


def open_reader(url: URL, busy_timeout: timedelta) -> Engine:
    """Return the engine for transactions that cannot write."""
    return _open(url, busy_timeout, Reading, connections=READERS)


def switch_to_wal(url: URL, busy_timeout: timedelta) -> None:
    """Let readers and the writer work at the same time, from now on and in every process.

    Of two processes that switch at the same moment SQLite refuses one at once, whatever the
    time-out. That one waits, as a writer, until the other has done, and looks again.
    """
    engine = create_engine(
        url,
        connect_args={"timeout": busy_timeout.total_seconds()},
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        for _ in range(SWITCHES):
            with suppress(OperationalError):
                connection.exec_driver_sql(SWITCH)
                return
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(SWITCH)


def look_at_data(connection: Connection) -> None:
    """Let SQLite learn from a sample what is rare and what is common, to choose indexes by.

    PostgreSQL does so by itself. Without it a search for a rare author reads a whole site.
    """
    connection.exec_driver_sql(f"PRAGMA analysis_limit = {SAMPLE_ROWS}")
    connection.exec_driver_sql("ANALYZE")


def _open(url: URL, busy_timeout: timedelta, dialect: type[Reading], *, connections: int) -> Engine:
    name = dialect.__name__.lower()
    registry.register(f"sqlite.{name}", __name__, dialect.__name__)
    seconds = busy_timeout.total_seconds()
    engine = create_engine(
        url.set(drivername=f"sqlite+{name}"),
        connect_args={"timeout": seconds},
        hide_parameters=True,  # what readers wrote stays out of logs
        pool_size=connections,
        max_overflow=0,
        pool_timeout=seconds,
        pool_reset_on_return=None,  # every transaction ends before its connection comes back
    )

    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver opens no transactions of its own
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
        connection.execute(f"PRAGMA query_only = {dialect.is_query_only}")

    event.listen(engine, "connect", set_up)
    return engine
