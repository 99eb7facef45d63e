"""Webhooks, and what they are to be told."""

from sqlalchemy import Column, ForeignKey, Identity, Index, Integer, Table, UniqueConstraint

from moderation.storage.tables.metadata import WAITS, Number, metadata, partial
from moderation.storage.tables.sites import sites
from moderation.storage.texts import PlainText
from moderation.storage.times import Moment

# `events` are types between spaces: " comment.held comment.published ".
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("site_id", ForeignKey(sites.c.id), nullable=False),
    Column("url", PlainText, nullable=False),
    Column("events", PlainText, nullable=False),
    Column("secret", PlainText, nullable=False),
    Column("former_secret", PlainText),
    Column("former_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("disabled_because", PlainText, nullable=False),
    Column("removed_at", Moment),
    partial("webhooks_in_use", "site_id", where="disabled_at IS NULL AND removed_at IS NULL"),
)

# The outbox: one row for each webhook that an event concerns, written with what happened.
# `number` is the order in which they were put: all that one transaction puts is of one moment.
# `next_at` is NULL once nothing more will be tried.
deliveries = Table(
    "deliveries",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
    Column("webhook_id", ForeignKey(webhooks.c.id), nullable=False),
    Column("event_id", PlainText, nullable=False),
    Column("type", PlainText, nullable=False),
    Column("body", PlainText, nullable=False),
    Column("status", PlainText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("status_code", Integer),
    Column("error", PlainText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("delivered_at", Moment),
    UniqueConstraint("webhook_id", "event_id"),
    partial("deliveries_due", "webhook_id", "next_at", "number", where=WAITS),
    Index("deliveries_by_number", "webhook_id", "number"),
    Index("deliveries_by_time", "created_at"),
)
