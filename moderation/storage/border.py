"""The border to SQLAlchemy: what goes wrong beyond it arrives here as `StoreUnavailable`."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from moderation.errors import StoreUnavailable

# Kinds of trouble that are mistakes of ours, not the database being away.
OURS = (exc.IntegrityError, exc.DataError, exc.NotSupportedError)
# PostgreSQL: no such column, table, schema. (SQLite calls all of these operational.)
NOT_MIGRATED = frozenset({"42703", "42P01", "3F000"})


@contextmanager
def translated() -> Iterator[None]:
    """Raise `StoreUnavailable` for a database that is away, locked, too slow or not migrated."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError) as error:
        if _is_ours(error):
            raise
        raise StoreUnavailable("database") from error


def _is_ours(error: exc.SQLAlchemyError) -> bool:
    if isinstance(error, exc.ProgrammingError):
        return getattr(error.orig, "sqlstate", None) not in NOT_MIGRATED
    return isinstance(error, OURS)
