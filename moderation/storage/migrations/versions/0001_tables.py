"""The tables."""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Moment = DateTime(timezone=True)
Number = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make every table."""
    _make_sites()
    _make_keys()
    _make_threads()
    _make_comments()
    _index_comments()
    _make_findings()
    _make_decisions()
    _make_counts()
    _make_answers()


def _make_sites() -> None:
    op.create_table(
        "sites",
        Column("id", Integer, Identity(), nullable=False),
        Column("name", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("secret", Text, nullable=False),
        Column("akismet_key", Text, nullable=False),
        Column("origins", JSON, nullable=False),
        Column("locale", Text, nullable=False),
        Column("policy", JSON, nullable=False),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("id", name="sites_pk"),
        *(
            UniqueConstraint(name, name=f"sites_{name}_unique")
            for name in ("name", "key", "secret", "akismet_key")
        ),
    )


def _make_keys() -> None:
    op.create_table(
        "keys",
        Column("id", Integer, Identity(), nullable=False),
        Column("site_id", Integer, nullable=False),
        Column("role", Text, nullable=False),
        Column("label", Text, nullable=False),
        Column("token_hash", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("revoked_at", Moment),
        PrimaryKeyConstraint("id", name="keys_pk"),
        UniqueConstraint("token_hash", name="keys_token_hash_unique"),
        _refers("keys", "site_id", "sites.id"),
    )


def _make_threads() -> None:
    op.create_table(
        "threads",
        Column("id", Integer, Identity(), nullable=False),
        Column("site_id", Integer, nullable=False),
        Column("url", Text, nullable=False),
        Column("url_digest", LargeBinary(32), nullable=False),
        Column("title", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("id", name="threads_pk"),
        UniqueConstraint("site_id", "url_digest", name="threads_site_id_url_digest_unique"),
        _refers("threads", "site_id", "sites.id"),
    )


def _make_comments() -> None:
    op.create_table(
        "comments",
        Column("number", Number, Identity(), nullable=False),
        Column("id", Text, nullable=False),
        Column("site_id", Integer, nullable=False),
        Column("thread_id", Integer, nullable=False),
        Column("parent_id", Text),
        Column("author_name", Text, nullable=False),
        Column("author_email", Text, nullable=False),
        Column("author_url", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("html", Text, nullable=False),
        Column("locale", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("score", Double),
        Column("model", Text),
        Column("client", Text, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("reason", Text),
        Column("created_at", Moment, nullable=False),
        Column("search", Text, nullable=False),
        PrimaryKeyConstraint("number", name="comments_pk"),
        UniqueConstraint("id", name="comments_id_unique"),
        _refers("comments", "site_id", "sites.id"),
        _refers("comments", "thread_id", "threads.id"),
        _refers("comments", "parent_id", "comments.id"),
    )


def _index_comments() -> None:
    for name, *columns in (
        ("comments_by_status", "site_id", "status", "id", "score"),
        ("comments_by_fingerprint", "site_id", "fingerprint", "created_at"),
        ("comments_by_email", "site_id", "author_email", "status"),
        ("comments_by_name", "site_id", "author_name", "status"),
    ):
        op.create_index(name, "comments", columns)
    rank, doubt = text("coalesce(score, -1.0)"), text("coalesce(abs(score - 0.5), 1.0)")
    _index_some("comments_by_rank", "site_id", rank, "id", where="status = 'held'")
    _index_some("comments_by_doubt", "site_id", doubt, "id", where="status = 'held'")
    _index_some("comments_by_thread", "thread_id", "id", where="status = 'published'")
    _index_some("comments_by_reason", "site_id", "reason", "id", where="reason IS NOT NULL")
    _index_some("comments_by_parent", "parent_id", where="parent_id IS NOT NULL")


def _index_some(name: str, *columns: str | TextClause, where: str) -> None:
    condition = text(where)
    op.create_index(name, "comments", columns, sqlite_where=condition, postgresql_where=condition)


def _make_findings() -> None:
    op.create_table(
        "findings",
        Column("comment_id", Text, nullable=False),
        Column("position", Integer, nullable=False),
        Column("code", Text, nullable=False),
        Column("verdict", Text, nullable=False),
        Column("data", JSON, nullable=False),
        PrimaryKeyConstraint("comment_id", "position", name="findings_pk"),
        _refers("findings", "comment_id", "comments.id"),
        sqlite_with_rowid=False,
    )
    op.create_index("findings_by_code", "findings", ["code", "comment_id"])


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        Column("id", Text, nullable=False),
        Column("comment_id", Text, nullable=False),
        Column("site_id", Integer, nullable=False),
        Column("verdict", Text, nullable=False),
        Column("reason", Text),
        Column("note", Text, nullable=False),
        Column("moderator", Text, nullable=False),
        Column("key_id", Integer),
        Column("from_version", Integer, nullable=False),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("id", name="decisions_pk"),
        UniqueConstraint(
            "comment_id", "from_version", name="decisions_comment_id_from_version_unique"
        ),
        _refers("decisions", "comment_id", "comments.id"),
        _refers("decisions", "site_id", "sites.id"),
        _refers("decisions", "key_id", "keys.id"),
    )
    op.create_index("decisions_by_site", "decisions", ["site_id", "id"])
    op.create_index("decisions_by_time", "decisions", ["created_at", "id"])


def _make_counts() -> None:
    op.create_table(
        "counts",
        Column("site_id", Integer, nullable=False),
        Column("thread_id", Integer, nullable=False),
        Column("status", Text, nullable=False),
        Column("n", Integer, nullable=False),
        Column("changes", Integer, nullable=False),
        PrimaryKeyConstraint("site_id", "thread_id", "status", name="counts_pk"),
        _refers("counts", "site_id", "sites.id"),
        sqlite_with_rowid=False,
    )


def _make_answers() -> None:
    op.create_table(
        "answers",
        Column("site_id", Integer, nullable=False),
        Column("key", Text, nullable=False),
        Column("body_digest", Text, nullable=False),
        Column("status_code", Integer, nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("site_id", "key", name="answers_pk"),
        _refers("answers", "site_id", "sites.id"),
        sqlite_with_rowid=False,
    )
    op.create_index("answers_by_time", "answers", ["created_at"])


def _refers(table: str, column: str, target: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [target], name=f"{table}_{column}_fk")
