"""What is blocked, who is told, and the outbox of what they are told."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Moment = DateTime(timezone=True)
Number = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_blocks()
    _make_webhooks()
    _make_deliveries()


def _make_blocks() -> None:
    op.create_table(
        "blocks",
        Column("id", Text, nullable=False),
        Column("site_id", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("pattern", Text, nullable=False),
        Column("verdict", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("moderator", Text, nullable=False),
        Column("key_id", Integer, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("expires_at", Moment),
        Column("removed_at", Moment),
        Column("comment_id", Text),
        PrimaryKeyConstraint("id", name="blocks_pk"),
        _refers("blocks", "site_id", "sites.id"),
        _refers("blocks", "key_id", "keys.id"),
        _refers("blocks", "comment_id", "comments.id"),
    )
    _index("blocks", "blocks_in_force", "site_id", "id", where="removed_at IS NULL")


def _make_webhooks() -> None:
    op.create_table(
        "webhooks",
        Column("id", Text, nullable=False),
        Column("site_id", Integer, nullable=False),
        Column("url", Text, nullable=False),
        Column("events", Text, nullable=False),
        Column("secret", Text, nullable=False),
        Column("former_secret", Text),
        Column("former_until", Moment),
        Column("created_at", Moment, nullable=False),
        Column("disabled_at", Moment),
        Column("disabled_because", Text, nullable=False),
        Column("removed_at", Moment),
        PrimaryKeyConstraint("id", name="webhooks_pk"),
        _refers("webhooks", "site_id", "sites.id"),
    )
    in_use = "disabled_at IS NULL AND removed_at IS NULL"
    _index("webhooks", "webhooks_in_use", "site_id", where=in_use)


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        Column("number", Number, Identity(), nullable=False),
        Column("webhook_id", Text, nullable=False),
        Column("event_id", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("next_at", Moment),
        Column("status_code", Integer),
        Column("error", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("delivered_at", Moment),
        PrimaryKeyConstraint("number", name="deliveries_pk"),
        UniqueConstraint("webhook_id", "event_id", name="deliveries_webhook_id_event_id_unique"),
        _refers("deliveries", "webhook_id", "webhooks.id"),
    )
    waits = "next_at IS NOT NULL"
    _index("deliveries", "deliveries_due", "webhook_id", "next_at", "number", where=waits)
    op.create_index("deliveries_by_number", "deliveries", ["webhook_id", "number"])
    op.create_index("deliveries_by_time", "deliveries", ["created_at"])


def _index(table: str, name: str, *columns: str, where: str) -> None:
    condition = text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _refers(table: str, column: str, target: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [target], name=f"{table}_{column}_fk")
