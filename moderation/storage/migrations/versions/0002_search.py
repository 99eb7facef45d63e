"""Full-text search over the words of `comments.search`.

PostgreSQL's GIN index gathers new rows and sorts them in by the batch. Here SQLite learns the
same: every 64th comment brings the last 64 into the index, which costs a fifth of doing it one
by one. `search_progress` holds the number up to which comments are indexed; whoever searches
reads the few after it as they are. (It never exceeds the highest number in use, because SQLite
gives the number of a deleted last row again.)

The words are made by `moderation.storage.search`; the tokenizer only splits them at spaces, and
as they are looked up one by one, neither their places (`detail`) nor the sizes of texts
(`columnsize`) are kept.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """
    CREATE VIRTUAL TABLE comments_search USING fts5(
        search, content = 'comments', content_rowid = 'number',
        tokenize = 'ascii', detail = none, columnsize = 0
    )
    """,
    "CREATE TABLE search_progress (number INTEGER NOT NULL)",
    "INSERT INTO search_progress VALUES (0)",
    """
    CREATE TRIGGER comments_search_insert AFTER INSERT ON comments WHEN new.number % 64 = 0 BEGIN
        INSERT INTO comments_search (rowid, search)
        SELECT number, search FROM comments
        WHERE number > (SELECT number FROM search_progress) AND number <= new.number;
        UPDATE search_progress SET number = max(number, new.number);
    END
    """,
    """
    CREATE TRIGGER comments_search_update AFTER UPDATE OF search ON comments BEGIN
        INSERT INTO comments_search (comments_search, rowid, search)
        SELECT 'delete', old.number, old.search
        WHERE old.number <= (SELECT number FROM search_progress);
        INSERT INTO comments_search (rowid, search)
        SELECT new.number, new.search
        WHERE new.number <= (SELECT number FROM search_progress);
    END
    """,
    """
    CREATE TRIGGER comments_search_delete AFTER DELETE ON comments BEGIN
        INSERT INTO comments_search (comments_search, rowid, search)
        SELECT 'delete', old.number, old.search
        WHERE old.number <= (SELECT number FROM search_progress);
        UPDATE search_progress
        SET number = min(number, (SELECT coalesce(max(number), 0) FROM comments));
    END
    """,
)
POSTGRESQL = (
    """
    CREATE INDEX comments_search ON comments
    USING gin (array_to_tsvector(string_to_array(search, ' ')))
    """,
)


def upgrade() -> None:
    """Make the index, and on SQLite what keeps it in step."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)
