"""No index by doubt: how uncertain a score is depends on the threshold, which sites may change."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the index; every held comment costs one less."""
    op.drop_index("comments_by_doubt", "comments")
