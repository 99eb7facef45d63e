"""People who sign in to the console, and tokens that are narrower and end."""

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Moment = DateTime(timezone=True)


def upgrade() -> None:
    """Make people and their sessions, and widen the keys."""
    _make_people()
    _make_sessions()
    _widen_keys()


def _make_people() -> None:
    op.create_table(
        "people",
        Column("id", Integer, Identity(), nullable=False),
        Column("email", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("password_hash", Text, nullable=False),
        Column("totp_secret", Text),
        Column("totp_used", Integer, nullable=False),
        Column("wants_digest", Boolean, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("disabled_at", Moment),
        PrimaryKeyConstraint("id", name="people_pk"),
        UniqueConstraint("email", name="people_email_unique"),
    )


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        Column("token_hash", Text, nullable=False),
        Column("person_id", Integer, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("seen_at", Moment, nullable=False),
        Column("expires_at", Moment, nullable=False),
        PrimaryKeyConstraint("token_hash", name="sessions_pk"),
        _refers("sessions", "person_id", "people.id"),
        sqlite_with_rowid=False,
    )
    op.create_index("sessions_by_person", "sessions", ["person_id"])
    op.create_index("sessions_by_time", "sessions", ["expires_at"])


def _widen_keys() -> None:
    _add_reference("keys", "person_id", "people.id")
    op.add_column("keys", Column("scopes", Text, nullable=False, server_default=""))
    op.add_column("keys", Column("expires_at", Moment))
    op.add_column("keys", Column("last_used_at", Moment))
    op.create_index("keys_by_person", "keys", ["person_id", "site_id"])


def _add_reference(table: str, column: str, target: str) -> None:
    if op.get_bind().dialect.name == "sqlite":  # which takes a reference only with the column
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER "
            f"CONSTRAINT {table}_{column}_fk REFERENCES {target.replace('.', ' (')})"
        )
        return
    op.add_column(table, Column(column, Integer))
    op.create_foreign_key(f"{table}_{column}_fk", table, target.partition(".")[0], [column], ["id"])


def _refers(table: str, column: str, target: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [target], name=f"{table}_{column}_fk")
