"""What readers see: published comments, and the conversations they form."""

from dataclasses import dataclass, field
from datetime import datetime

from moderation.domain.comment import Author


@dataclass(frozen=True, slots=True)
class Readable:
    """A published comment, with nothing but what readers may know.

    Attributes:
        id: UUID version 7, so that identifiers sort by time.
        root: id of the comment that began the conversation, its own if it did.
        html: safe rendering of `text`.
        member: who wrote it, by the site's own name for them; empty for anybody.
    """

    id: str
    parent: str | None
    root: str
    author: Author
    text: str = field(repr=False)
    html: str = field(repr=False)
    locale: str
    created_at: datetime
    edited_at: datetime | None
    member: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A comment and everything said below it, of which only a part is at hand.

    Attributes:
        id: of the comment that began it, which may not be published any more.
        replies: how many replies are published.
        comments: those at hand, oldest first.
        next: cursor of the replies after them, None if these are the last.
    """

    id: str
    replies: int
    comments: tuple[Readable, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A published comment, and the page it stands below; the title may be empty."""

    comment: Readable
    thread_url: str
    thread_title: str
