"""Counters that triggers keep in step with `comments`, whoever changes it and how.

Each change moves two rows, the whole site's (thread 0) before the thread's: transactions take
them in the same order and wait for each other rather than deadlock.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADD = """
    INSERT INTO counts (site_id, thread_id, status, n, changes)
    VALUES (new.site_id, 0, new.status, 1, 1), (new.site_id, new.thread_id, new.status, 1, 1)
    ON CONFLICT (site_id, thread_id, status)
    DO UPDATE SET n = counts.n + 1, changes = counts.changes + 1;
"""
REMOVE = """
    UPDATE counts SET n = n - 1, changes = changes + 1
    WHERE site_id = old.site_id AND thread_id IN (0, old.thread_id) AND status = old.status;
"""
WHEN = {
    "insert": ("AFTER INSERT ON comments", "", ADD),
    "update": (
        "AFTER UPDATE OF status ON comments",
        "WHEN (old.status <> new.status)",
        REMOVE + ADD,
    ),
    "delete": ("AFTER DELETE ON comments", "", REMOVE),
}


def upgrade() -> None:
    """Make the triggers."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for verb, (moment, condition, change) in WHEN.items():
        name = f"comments_count_{verb}"
        if is_sqlite:
            op.execute(f"CREATE TRIGGER {name} {moment} {condition} BEGIN {change} END")
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {change} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} {moment} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()"
        )
