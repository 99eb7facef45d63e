"""A comment in a moderator's hands for a while, so that nobody else is given it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is reading a comment, and until when it is kept for them.

    Attributes:
        moderator: label of the key that claimed it.
        key_id: number of that key.
        expires_at: from then on anybody may be given the comment.
    """

    comment_id: str
    moderator: str
    key_id: int
    expires_at: datetime
