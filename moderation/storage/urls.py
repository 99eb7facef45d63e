"""Database URLs: which ones this service can use."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from moderation.errors import ConfigurationError

DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


def parse(url: str) -> URL:
    """Return the parts of a database URL, with the driver this service brings along.

    Raises:
        ConfigurationError: it is not a URL, or neither SQLite's (a file) nor PostgreSQL's.
    """
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(["the database URL is not a URL"]) from error
    backend = parts.get_backend_name()
    if backend not in DRIVERS:
        raise ConfigurationError([f"no support for the database {backend!r}"])
    if backend == "sqlite" and parts.database in {None, "", ":memory:"}:
        raise ConfigurationError(["SQLite needs a file: processes share it"])
    return parts.set(drivername=DRIVERS[backend])
