"""Bring a database to the newest schema; safe to start from several processes at once."""

from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from moderation.errors import ConfigurationError
from moderation.storage import sqlite
from moderation.storage.border import translated
from moderation.storage.postgresql import CONNECT_SECONDS
from moderation.storage.urls import parse

SCRIPTS = Path(__file__).parent / "migrations"
PATIENCE = timedelta(minutes=1)
LOCK = text("SELECT pg_advisory_xact_lock(5076442091)")  # any number, as long as it is the same


def migrate(url: str) -> None:
    """Upgrade the database at `url` to the newest schema, or change nothing at all.

    Whoever comes second waits for the first and then finds nothing to do.

    Raises:
        StoreUnavailable: the database is away, or locked for a minute.
        ConfigurationError: a newer version of this service has made the database.
    """
    with translated():
        engine = _open(url)
        try:
            with engine.begin() as connection:
                _upgrade(connection)
        finally:
            engine.dispose()


def configuration(connection: Connection) -> Config:
    """Return what Alembic needs to know to work on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _open(url: str) -> Engine:
    parts = parse(url)
    if parts.get_backend_name() == "sqlite":
        sqlite.switch_to_wal(parts, PATIENCE)
        return sqlite.open_writer(parts, PATIENCE)
    return create_engine(
        parts, connect_args={"connect_timeout": CONNECT_SECONDS}, poolclass=NullPool
    )


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK)
    try:
        command.upgrade(configuration(connection), "head")
    except CommandError as error:
        raise ConfigurationError([f"the database cannot be upgraded: {error}"]) from error
    if connection.dialect.name == "sqlite":
        sqlite.look_at_data(connection)
