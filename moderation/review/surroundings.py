"""The conversation around a comment, as moderators see it: also what readers do not."""

from dataclasses import dataclass

from moderation.domain.comment import Comment, Status
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction

BESIDE = 5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a comment on its page.

    Attributes:
        parent: the comment it answers, None if it answers none or that one was withdrawn.
        before: up to 5 comments that came just before it, the oldest first.
        after: up to 5 that came just after it, the oldest first.
    """

    parent: Comment | None
    before: tuple[Comment, ...]
    after: tuple[Comment, ...]


def surroundings(comment: Comment, database: Database) -> Surroundings:
    """Return what stands around a comment, whatever its status, withdrawn comments left out."""
    with database.read() as memory:
        before, after = memory.resembling.around(comment, BESIDE)
        return Surroundings(_parent(comment, memory), before, after)


def _parent(comment: Comment, memory: Transaction) -> Comment | None:
    if comment.parent is None:
        return None
    parent = memory.comments.get(comment.parent, comment.site_id)
    return None if parent.status is Status.WITHDRAWN else parent
