"""What all tables share: names of constraints, conditions of indexes."""

from sqlalchemy import BigInteger, Index, Integer, MetaData, TextClause, text

from moderation.domain.comment import Status

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    }
)
Number = BigInteger().with_variant(Integer, "sqlite")

# The order of the queue that a score gives, comments without a score last: as an expression,
# because NULLs sort differently in the two databases.
RANK = "coalesce(score, -1.0)"
HELD = f"status = '{Status.HELD.value}'"
PUBLISHED = f"status = '{Status.PUBLISHED.value}'"
WAITS = "next_at IS NOT NULL"
UNPUBLISHED = f"status <> '{Status.PUBLISHED.value}'"


def partial(name: str, *columns: str | TextClause, where: str, unique: bool = False) -> Index:
    """Return an index of those rows only that meet the condition `where`."""
    return Index(
        name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where)
    )
