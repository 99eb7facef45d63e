"""The tables as both databases hold them; `migrations` builds them, a test compares the two.

What only one database knows (full-text index, triggers) is in the migrations alone.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    TextClause,
    UniqueConstraint,
    text,
)

from moderation.domain.comment import Status
from moderation.storage.texts import PlainText
from moderation.storage.times import Moment

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


def _partial(name: str, *columns: str | TextClause, where: str) -> Index:
    """Return an index of those rows only that meet the condition `where`."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


sites = Table(
    "sites",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", PlainText, nullable=False, unique=True),
    Column("key", PlainText, nullable=False, unique=True),
    Column("secret", PlainText, nullable=False, unique=True),
    Column("akismet_key", PlainText, nullable=False, unique=True),
    Column("origins", JSON, nullable=False),
    Column("locale", PlainText, nullable=False),
    Column("policy", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("site_id", ForeignKey("sites.id"), nullable=False),
    Column("role", PlainText, nullable=False),
    Column("label", PlainText, nullable=False),
    Column("token_hash", PlainText, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

threads = Table(
    "threads",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("site_id", ForeignKey("sites.id"), nullable=False),
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
    Column("site_id", ForeignKey("sites.id"), nullable=False),
    Column("thread_id", ForeignKey("threads.id"), nullable=False),
    Column("parent_id", ForeignKey("comments.id")),
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
    Column("search", PlainText, nullable=False),
    Index("comments_by_status", "site_id", "status", "id", "score"),
    _partial("comments_by_rank", "site_id", text(RANK), "id", where=HELD),
    _partial("comments_by_thread", "thread_id", "id", where=PUBLISHED),
    Index("comments_by_fingerprint", "site_id", "fingerprint", "created_at"),
    Index("comments_by_email", "site_id", "author_email", "status"),
    Index("comments_by_name", "site_id", "author_name", "status"),
    _partial("comments_by_reason", "site_id", "reason", "id", where="reason IS NOT NULL"),
    _partial("comments_by_parent", "parent_id", where="parent_id IS NOT NULL"),
)

findings = Table(
    "findings",
    metadata,
    Column("comment_id", ForeignKey("comments.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", PlainText, nullable=False),
    Column("verdict", PlainText, nullable=False),
    Column("data", JSON, nullable=False),
    Index("findings_by_code", "code", "comment_id"),
    sqlite_with_rowid=False,
)

# Append-only: triggers in both databases refuse UPDATE and DELETE. That a version is decided
# about once only is the constraint's promise, whatever the code does.
decisions = Table(
    "decisions",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("comment_id", ForeignKey("comments.id"), nullable=False),
    Column("site_id", ForeignKey("sites.id"), nullable=False),
    Column("verdict", PlainText, nullable=False),
    Column("reason", PlainText),
    Column("note", PlainText, nullable=False),
    Column("moderator", PlainText, nullable=False),
    Column("key_id", ForeignKey("keys.id")),
    Column("from_version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("comment_id", "from_version"),
    Index("decisions_by_site", "site_id", "id"),
    Index("decisions_by_time", "created_at", "id"),
)

# Kept by triggers on `comments`, so that nothing can change a status and forget to count. Thread
# 0 stands for the whole site. `changes` only ever grows: n alone would give a page the same ETag
# after one comment was published and another withdrawn.
counts = Table(
    "counts",
    metadata,
    Column("site_id", ForeignKey("sites.id"), primary_key=True, autoincrement=False),
    Column("thread_id", Integer, primary_key=True, autoincrement=False),
    Column("status", PlainText, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    sqlite_with_rowid=False,
)

answers = Table(
    "answers",
    metadata,
    Column("site_id", ForeignKey("sites.id"), primary_key=True, autoincrement=False),
    Column("key", PlainText, primary_key=True),
    Column("body_digest", PlainText, nullable=False),
    Column("status_code", Integer, nullable=False),
    Column("body", PlainText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("answers_by_time", "created_at"),
    sqlite_with_rowid=False,
)

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
    Column("key_id", ForeignKey("keys.id")),
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
    Column("comment_id", ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True),
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
