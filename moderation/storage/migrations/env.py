"""What Alembic runs: each step, in the transaction of the connection it was given."""

from alembic import context

from moderation.storage.tables import comments, decisions, models, outbox, sites
from moderation.storage.tables.metadata import metadata

TABLES = (sites, comments, decisions, outbox, models)  # each brings its own into the metadata

# Full-text indexes differ between the databases; only the migrations know them.
SEARCH = ("comments_search", "comments_words", "search_progress")


def is_compared(name: str | None, *_about: object) -> bool:
    """Tell whether a thing found in the database should be among the tables."""
    return name is None or not name.startswith(SEARCH)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    include_name=is_compared,
)
with context.begin_transaction():
    context.run_migrations()
