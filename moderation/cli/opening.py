"""The database of this installation, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from moderation.config import read_settings
from moderation.services import open_database
from moderation.storage.database import Database


@contextmanager
def opened() -> Iterator[Database]:
    """Open the database the settings name, and close it afterwards.

    Raises:
        ConfigurationError: the settings cannot be used.
        StoreUnavailable: the database is not there, or not migrated yet.
    """
    database = open_database(read_settings())
    try:
        yield database
    finally:
        database.close()
