"""Counters that triggers keep in step with `comments`, whoever changes it and how.

A change of status moves four rows in one statement, always in the same order: two moderators
who decide the opposite about two comments then wait for each other rather than deadlock. An edit
of what readers see moves `changes` alone.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SHIFT = """
    INSERT INTO counts (site_id, thread_id, status, n, changes)
    SELECT site_id, thread_id, status, n, 1 FROM ({rows}) AS shift
    WHERE true ORDER BY thread_id, status
    ON CONFLICT (site_id, thread_id, status)
    DO UPDATE SET n = counts.n + excluded.n, changes = counts.changes + 1;
"""
ADDED = """
    SELECT new.site_id AS site_id, 0 AS thread_id, new.status AS status, 1 AS n
    UNION ALL SELECT new.site_id, new.thread_id, new.status, 1
"""
REMOVED = """
    SELECT old.site_id AS site_id, 0 AS thread_id, old.status AS status, -1 AS n
    UNION ALL SELECT old.site_id, old.thread_id, old.status, -1
"""
EDITED = """
    SELECT new.site_id AS site_id, new.thread_id AS thread_id, new.status AS status, 0 AS n
"""
WHEN = {
    "insert": ("AFTER INSERT ON comments", "", ADDED),
    "update": (
        "AFTER UPDATE OF status ON comments",
        "WHEN (old.status <> new.status)",
        f"{REMOVED} UNION ALL {ADDED}",
    ),
    "edit": ("AFTER UPDATE OF text, html, author_name, author_url ON comments", "", EDITED),
    "delete": ("AFTER DELETE ON comments", "", REMOVED),
}


def upgrade() -> None:
    """Make the triggers."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for verb, (moment, condition, rows) in WHEN.items():
        name, change = f"comments_count_{verb}", SHIFT.format(rows=rows)
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
