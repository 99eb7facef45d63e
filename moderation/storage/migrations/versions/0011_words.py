"""The words of SQLite's search index, to be looked up by how they begin."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORDS = "CREATE VIRTUAL TABLE comments_words USING fts5vocab(comments_search, row)"


def upgrade() -> None:
    """Open the index's own list of words; it takes no room. PostgreSQL needs none."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(WORDS)
