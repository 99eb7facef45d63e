"""Full-text search over the words of `comments.search`.

SQLite indexes them in a table beside `comments` that triggers keep in step. The words are made
by `moderation.storage.search`; the tokenizer only splits them at spaces, and as they are looked
up one by one, neither their places (`detail`) nor the sizes of texts (`columnsize`) are kept.
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
    """
    CREATE TRIGGER comments_search_insert AFTER INSERT ON comments BEGIN
        INSERT INTO comments_search (rowid, search) VALUES (new.number, new.search);
    END
    """,
    """
    CREATE TRIGGER comments_search_update AFTER UPDATE OF search ON comments BEGIN
        INSERT INTO comments_search (comments_search, rowid, search)
        VALUES ('delete', old.number, old.search);
        INSERT INTO comments_search (rowid, search) VALUES (new.number, new.search);
    END
    """,
    """
    CREATE TRIGGER comments_search_delete AFTER DELETE ON comments BEGIN
        INSERT INTO comments_search (comments_search, rowid, search)
        VALUES ('delete', old.number, old.search);
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
