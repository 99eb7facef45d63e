"""What readers may do: converse, change and withdraw what they wrote, report what others wrote."""

from alembic import op
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Moment = DateTime(timezone=True)

FIRST = "UPDATE comments SET root_id = id WHERE parent_id IS NULL"
NEXT = text(
    """
    UPDATE comments SET root_id = (
        SELECT parent.root_id FROM comments AS parent WHERE parent.id = comments.parent_id
    )
    WHERE root_id = '' AND EXISTS (
        SELECT 1 FROM comments AS parent
        WHERE parent.id = comments.parent_id AND parent.root_id <> ''
    )
    """
)


def upgrade() -> None:
    """Add the columns and tables, and give every comment its conversation."""
    for column in (
        Column("root_id", Text, nullable=False, server_default=""),
        Column("edited_at", Moment),
        Column("member", Text, nullable=False, server_default=""),
        Column("reports", Integer, nullable=False, server_default="0"),
    ):
        op.add_column("comments", column)
    _find_roots()
    _index_some("conversation", "thread_id", "root_id", "id", where="status = 'published'")
    _index_some("reports", "site_id", "reports", "id", where="reports > 0")
    _make_reports()
    _make_revisions()


def _find_roots() -> None:
    """Hand the conversation down, from a comment to its replies, generation by generation."""
    op.execute(FIRST)
    while op.get_bind().execute(NEXT).rowcount:
        pass


def _make_reports() -> None:
    op.create_table(
        "reports",
        Column("id", Text, nullable=False),
        Column("comment_id", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("client", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("resolved_at", Moment),
        PrimaryKeyConstraint("id", name="reports_pk"),
        UniqueConstraint("comment_id", "client", name="reports_comment_id_client_unique"),
        ForeignKeyConstraint(["comment_id"], ["comments.id"], name="reports_comment_id_fk"),
    )


def _make_revisions() -> None:
    op.create_table(
        "revisions",
        Column("comment_id", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("text", Text, nullable=False),
        Column("replaced_at", Moment, nullable=False),
        PrimaryKeyConstraint("comment_id", "version", name="revisions_pk"),
        ForeignKeyConstraint(["comment_id"], ["comments.id"], name="revisions_comment_id_fk"),
        sqlite_with_rowid=False,
    )


def _index_some(name: str, *columns: str, where: str) -> None:
    condition = text(where)
    op.create_index(
        f"comments_by_{name}",
        "comments",
        columns,
        sqlite_where=condition,
        postgresql_where=condition,
    )
