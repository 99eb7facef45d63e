"""What moderators do: claims, decisions, the audit, blocks."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from moderation.storage.tables.comments import comments
from moderation.storage.tables.metadata import metadata, partial
from moderation.storage.tables.sites import keys, sites
from moderation.storage.texts import PlainText
from moderation.storage.times import Moment

claims = Table(
    "claims",
    metadata,
    Column("comment_id", ForeignKey(comments.c.id), primary_key=True),
    Column("key_id", ForeignKey(keys.c.id), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("claims_by_key", "key_id"),
    Index("claims_by_time", "expires_at"),
    sqlite_with_rowid=False,
)

# Append-only: triggers in both databases refuse UPDATE and DELETE. That a version is decided
# about once only is the constraint's promise, whatever the code does.
decisions = Table(
    "decisions",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("comment_id", ForeignKey(comments.c.id), nullable=False),
    Column("site_id", ForeignKey(sites.c.id), nullable=False),
    Column("verdict", PlainText, nullable=False),
    Column("reason", PlainText),
    Column("note", PlainText, nullable=False),
    Column("moderator", PlainText, nullable=False),
    Column("key_id", ForeignKey(keys.c.id)),
    Column("from_version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("from_status", PlainText),
    Column("undoes", PlainText),
    Column("batch_id", PlainText),
    UniqueConstraint("comment_id", "from_version"),
    Index("decisions_by_site", "site_id", "id"),
    Index("decisions_by_time", "created_at", "id"),
    partial("decisions_by_batch", "batch_id", where="batch_id IS NOT NULL"),
    partial("decisions_undone_once", "undoes", where="undoes IS NOT NULL", unique=True),
)

# Append-only like `decisions`.
batches = Table(
    "batches",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("site_id", ForeignKey(sites.c.id), nullable=False),
    Column("verdict", PlainText),
    Column("reason", PlainText),
    Column("note", PlainText, nullable=False),
    Column("moderator", PlainText, nullable=False),
    Column("key_id", ForeignKey(keys.c.id), nullable=False),
    Column("n", Integer, nullable=False),
    Column("undoes", PlainText),
    Column("created_at", Moment, nullable=False),
    Index("batches_by_site", "site_id", "id"),
    partial("batches_undone_once", "undoes", where="undoes IS NOT NULL", unique=True),
)

UNDECIDED = "kind <> 'decision'"

# Append-only, and each line holds the hash of the one before: see moderation.domain.audit. The
# other columns repeat what the line tells, for lists to find it by.
audit = Table(
    "audit",
    metadata,
    Column("site_id", ForeignKey(sites.c.id), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", PlainText, nullable=False),
    Column("moderator", PlainText, nullable=False),
    Column("comment_id", PlainText),
    Column("line", PlainText, nullable=False),
    Column("hash", PlainText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("audit_by_moderator", "site_id", "moderator", "created_at", "number", "kind"),
    Index("audit_by_time", "site_id", "created_at", "number"),
    partial("audit_undecided", "site_id", "created_at", "number", where=UNDECIDED),
    sqlite_with_rowid=False,
)

# `pattern` is as a person typed it, made uniform by its kind; `removed_at` keeps what was. What
# blocks a sender names the comment that was sent: the hash itself says nothing to people.
blocks = Table(
    "blocks",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("site_id", ForeignKey(sites.c.id), nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("pattern", PlainText, nullable=False),
    Column("verdict", PlainText, nullable=False),
    Column("reason", PlainText, nullable=False),
    Column("moderator", PlainText, nullable=False),
    Column("key_id", ForeignKey(keys.c.id), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("removed_at", Moment),
    Column("comment_id", ForeignKey(comments.c.id)),
    partial("blocks_in_force", "site_id", "id", where="removed_at IS NULL"),
)
