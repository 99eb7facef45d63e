"""The life of models: changes of champion, trainings, shadow scores, drift, the worker's marks.

Changes of champion are append-only like decisions. Comments that are there already were received
before anything was observed: the worker begins with those that come after them.
"""

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Moment = DateTime(timezone=True)
SQLITE = tuple(
    f"""
    CREATE TRIGGER model_changes_keep_{verb.lower()} BEFORE {verb} ON model_changes BEGIN
        SELECT raise(ABORT, 'changes of champion are append-only');
    END
    """
    for verb in ("UPDATE", "DELETE")
)
POSTGRESQL = (
    """
    CREATE FUNCTION refuse_model_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'changes of champion are append-only'
        USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER model_changes_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON model_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_model_change()
    """,
)
BEGIN_HERE = """
    INSERT INTO marks (name, value)
    SELECT 'observed', CAST(coalesce(max(number), 0) AS TEXT) FROM comments
"""


def upgrade() -> None:
    """Make the tables, the triggers and the first mark."""
    _make_model_changes()
    _make_trainings()
    _make_shadow_scores()
    _make_drift_counts()
    _make_marks()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (*(SQLITE if is_sqlite else POSTGRESQL), BEGIN_HERE):
        op.execute(statement)


def _make_model_changes() -> None:
    op.create_table(
        "model_changes",
        Column("id", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("previous", Text),
        Column("version", Text, nullable=False),
        Column("is_forced", Boolean, nullable=False),
        Column("reason", Text, nullable=False),
        Column("by", Text, nullable=False),
        Column("key_id", Integer),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("id", name="model_changes_pk"),
        ForeignKeyConstraint(["key_id"], ["keys.id"], name="model_changes_key_id_fk"),
    )


def _make_trainings() -> None:
    op.create_table(
        "trainings",
        Column("version", Text, nullable=False),
        Column("base", Text, nullable=False),
        Column("spam", Integer, nullable=False),
        Column("ham", Integer, nullable=False),
        Column("seen_until", Moment, nullable=False),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("version", name="trainings_pk"),
    )
    op.create_index("trainings_by_time", "trainings", ["created_at"])


def _make_shadow_scores() -> None:
    op.create_table(
        "shadow_scores",
        Column("comment_id", Text, nullable=False),
        Column("model", Text, nullable=False),
        Column("score", Double, nullable=False),
        Column("verdict", Text, nullable=False),
        Column("champion_verdict", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("comment_id", "model", name="shadow_scores_pk"),
        ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name="shadow_scores_comment_id_fk",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    columns = ["model", "verdict", "champion_verdict"]
    op.create_index("shadow_scores_by_verdict", "shadow_scores", columns)
    op.create_index("shadow_scores_by_time", "shadow_scores", ["created_at"])


def _make_drift_counts() -> None:
    op.create_table(
        "drift_counts",
        Column("model", Text, nullable=False),
        Column("week", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("bin", Integer, nullable=False),
        Column("n", Integer, nullable=False),
        PrimaryKeyConstraint("model", "week", "kind", "bin", name="drift_counts_pk"),
        sqlite_with_rowid=False,
    )


def _make_marks() -> None:
    op.create_table(
        "marks",
        Column("name", Text, nullable=False),
        Column("value", Text, nullable=False),
        PrimaryKeyConstraint("name", name="marks_pk"),
        sqlite_with_rowid=False,
    )
