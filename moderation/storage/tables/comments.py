"""Pages, their comments, and what readers do with them."""

from sqlalchemy import (
    JSON,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)

from moderation.storage.tables.metadata import (
    HELD,
    PUBLISHED,
    RANK,
    UNPUBLISHED,
    Number,
    metadata,
    partial,
)
from moderation.storage.tables.sites import sites
from moderation.storage.texts import PlainText
from moderation.storage.times import Moment

threads = Table(
    "threads",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("site_id", ForeignKey(sites.c.id), nullable=False),
    Column("url", PlainText, nullable=False),
    Column("url_digest", LargeBinary(32), nullable=False),
    Column("title", PlainText, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("site_id", "url_digest"),
)

# `number` is the row's place for SQLite's full-text index, which needs whole numbers that
# survive VACUUM; everything else, the world outside included, knows a comment by its `id`.
# `reason` repeats the latest decision's. Every index costs each new comment some 25 µs on SQLite:
# those that only moderators' queues need leave out what is not in a queue.
comments = Table(
    "comments",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
    Column("id", PlainText, nullable=False, unique=True),
    Column("site_id", ForeignKey(sites.c.id), nullable=False),
    Column("thread_id", ForeignKey(threads.c.id), nullable=False),
    Column("parent_id", ForeignKey("comments.id")),
    Column("root_id", PlainText, nullable=False),
    Column("author_name", PlainText, nullable=False),
    Column("author_email", PlainText, nullable=False),
    Column("author_url", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("html", PlainText, nullable=False),
    Column("locale", PlainText, nullable=False),
    Column("status", PlainText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("score", Double),
    Column("model", PlainText),
    Column("client", PlainText, nullable=False),
    Column("fingerprint", PlainText, nullable=False),
    Column("reason", PlainText),
    Column("created_at", Moment, nullable=False),
    Column("edited_at", Moment),
    Column("member", PlainText, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("search", PlainText, nullable=False),
    Index("comments_by_status", "site_id", "status", "id", "score", "locale"),
    partial("comments_by_rank", "site_id", text(RANK), "id", where=HELD),
    partial("comments_by_thread", "thread_id", "id", where=PUBLISHED),
    partial("comments_by_conversation", "thread_id", "root_id", "id", where=PUBLISHED),
    partial("comments_by_reports", "site_id", "status", "reports", "id", where="reports > 0"),
    partial("comments_reported", "site_id", "status", "id", where="reports > 0"),
    Index("comments_by_fingerprint", "site_id", "fingerprint", "created_at"),
    Index("comments_by_email", "site_id", "author_email", "status"),
    Index("comments_by_name", "site_id", "author_name", "status"),
    partial("comments_by_reason", "site_id", "reason", "id", where="reason IS NOT NULL"),
    partial("comments_by_parent", "parent_id", where="parent_id IS NOT NULL"),
    partial("comments_by_member", "site_id", "member", "status", where="member <> ''"),
    partial("comments_kept_by_thread", "thread_id", "status", "id", where=UNPUBLISHED),
    partial("comments_kept_by_client", "site_id", "client", "id", where=UNPUBLISHED),
)

findings = Table(
    "findings",
    metadata,
    Column("comment_id", ForeignKey(comments.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", PlainText, nullable=False),
    Column("verdict", PlainText, nullable=False),
    Column("data", JSON, nullable=False),
    Index("findings_by_code", "code", "comment_id"),
    sqlite_with_rowid=False,
)

# Once for each reader and comment, however often they report it.
reports = Table(
    "reports",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("comment_id", ForeignKey(comments.c.id), nullable=False),
    Column("reason", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("client", PlainText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("resolved_at", Moment),
    UniqueConstraint("comment_id", "client"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("comment_id", ForeignKey(comments.c.id), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", PlainText, nullable=False),
    Column("replaced_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Kept by triggers on `comments`, so that nothing can change a status and forget to count. Thread
# 0 stands for the whole site. `changes` only ever grows: n alone would give a page the same ETag
# after one comment was published and another withdrawn.
counts = Table(
    "counts",
    metadata,
    Column("site_id", ForeignKey(sites.c.id), primary_key=True, autoincrement=False),
    Column("thread_id", Integer, primary_key=True, autoincrement=False),
    Column("status", PlainText, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    sqlite_with_rowid=False,
)

answers = Table(
    "answers",
    metadata,
    Column("site_id", ForeignKey(sites.c.id), primary_key=True, autoincrement=False),
    Column("key", PlainText, primary_key=True),
    Column("body_digest", PlainText, nullable=False),
    Column("status_code", Integer, nullable=False),
    Column("body", PlainText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("answers_by_time", "created_at"),
    sqlite_with_rowid=False,
)
