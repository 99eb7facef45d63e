"""The life of models, and what the worker remembers."""

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, Table

from moderation.storage.tables.comments import comments
from moderation.storage.tables.metadata import metadata
from moderation.storage.tables.sites import keys
from moderation.storage.texts import PlainText
from moderation.storage.times import Moment

# Append-only like `decisions`, and for the same reason.
model_changes = Table(
    "model_changes",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("action", PlainText, nullable=False),
    Column("previous", PlainText),
    Column("version", PlainText, nullable=False),
    Column("is_forced", Boolean, nullable=False),
    Column("reason", PlainText, nullable=False),
    Column("by", PlainText, nullable=False),
    Column("key_id", ForeignKey(keys.c.id)),
    Column("created_at", Moment, nullable=False),
)

trainings = Table(
    "trainings",
    metadata,
    Column("version", PlainText, primary_key=True),
    Column("base", PlainText, nullable=False),
    Column("spam", Integer, nullable=False),
    Column("ham", Integer, nullable=False),
    Column("seen_until", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("trainings_by_time", "created_at"),
)

# The index alone answers how often challenger and champion agree.
shadow_scores = Table(
    "shadow_scores",
    metadata,
    Column("comment_id", ForeignKey(comments.c.id, ondelete="CASCADE"), primary_key=True),
    Column("model", PlainText, primary_key=True),
    Column("score", Double, nullable=False),
    Column("verdict", PlainText, nullable=False),
    Column("champion_verdict", PlainText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("shadow_scores_by_verdict", "model", "verdict", "champion_verdict"),
    Index("shadow_scores_by_time", "created_at"),
    sqlite_with_rowid=False,
)

drift_counts = Table(
    "drift_counts",
    metadata,
    Column("model", PlainText, primary_key=True),
    Column("week", PlainText, primary_key=True),
    Column("kind", PlainText, primary_key=True),
    Column("bin", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What the worker remembers from one round to the next, and over a restart.
marks = Table(
    "marks",
    metadata,
    Column("name", PlainText, primary_key=True),
    Column("value", PlainText, nullable=False),
    sqlite_with_rowid=False,
)
