"""The discussion under a page: what readers have said, and what one of them is writing."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from moderation.domain.comment import Comment, Status
from moderation.domain.reading import Conversation, Readable
from moderation.domain.site import Site
from moderation.errors import NotFound
from moderation.storage.conversations import Standing
from moderation.storage.listing import Order
from moderation.storage.transaction import Transaction
from moderation.web.context import services
from moderation.web.public import edit_cookies, question

PER_PAGE = 20  # conversations
REPLIES_PER_PAGE = 100  # of one conversation on a page of its own


def new_key() -> str:
    """Return what no other form has."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of the form as they were typed; what was not sent is empty.

    Attributes:
        lang: language tag of the form.
        key: what tells this form from others, kept until its comment was taken in.
        website: the honeypot.
    """

    site: str
    thread: str
    title: str = ""
    parent: str = ""
    lang: str = ""
    key: str = field(default_factory=new_key, repr=False)
    name: str = ""
    email: str = field(default="", repr=False)
    url: str = ""
    text: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
    website: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Which part of a discussion somebody asks to see; all of it, newest first, by default.

    Attributes:
        parent: id of the comment that is being answered.
        conversation: id of any comment, whose conversation alone is shown.
    """

    cursor: str = ""
    parent: str = ""
    conversation: str = ""
    order: Order = Order.NEWEST


EVERYTHING = View()


@dataclass(frozen=True, slots=True)
class Talk:
    """A comment, and whom it answers where its place on the page does not tell.

    Attributes:
        in_reply_to: a name, or empty.
        is_orphan: what it answers is gone.
    """

    comment: Readable
    in_reply_to: str = ""
    is_orphan: bool = False


@dataclass(frozen=True, slots=True)
class Strand:
    """A conversation: a comment, and the replies to it and to each other, oldest first.

    Attributes:
        id: of the comment that began it.
        root: that comment; None if it is gone, or on the page before.
        more: how many further replies are on a page of their own.
    """

    id: str
    root: Talk | None
    replies: tuple[Talk, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Talks:
    """One part of the published comments of a page.

    Attributes:
        title: of the page commented on, empty while nobody has told it.
        count: of all of them.
        parent: the comment that is being answered, None if there is none to answer.
        is_later: this is not the first part.
        next: cursor of the next part, None on the last.
        conversation: the comment whose conversation alone this is, or empty.
        is_lost: a conversation was asked for that is not here any more.
    """

    title: str
    is_closed: bool
    count: int
    parent: Comment | None
    items: tuple[Strand, ...]
    order: Order
    is_later: bool
    next: str | None
    conversation: str
    is_lost: bool

    def has(self, comment_id: str) -> bool:
        """Tell whether a comment is on this part."""
        talks = (talk for one in self.items for talk in (one.root, *one.replies))
        return any(talk.comment.id == comment_id for talk in talks if talk)


def read_talks(found: Site, thread_url: str, view: View = EVERYTHING) -> Talks:
    """Return what a view shows of the comments of a page.

    Raises:
        InvalidRequest: the cursor is not one of this page.
        StoreUnavailable: the database is away.
    """
    closes, now = found.policy.close_after, services().clock()
    with services().database.read() as memory:
        standing = memory.conversations.standing(found.id, thread_url)
        one = _one(memory, standing, view) if view.conversation else None
        items, following = ((one,), one.next) if one else _many(memory, standing, view)
        answered = _published(memory, found, view.parent) if view.parent else None
        is_later = bool(view.cursor)
        away = _away(memory, found, one.comments) if one and is_later else {}
    thread = standing.thread
    return Talks(
        title=thread.title if thread else "",
        is_closed=thread.is_closed(now, closes) if thread else False,
        count=standing.state.published,
        parent=answered if answered and answered.thread_url == thread_url else None,
        items=tuple(arrange(item, away, is_whole=bool(one)) for item in items),
        order=view.order,
        is_later=is_later,
        next=following,
        conversation=view.conversation if one else "",
        is_lost=bool(view.conversation) and one is None,
    )


def arrange(one: Conversation, away: Mapping[str, str], *, is_whole: bool = False) -> Strand:
    """Return a conversation with its replies below what began it.

    Args:
        away: by id, who wrote the comments that are answered but not at hand.
        is_whole: nothing of it is shown elsewhere but by turning pages.
    """
    names = {**away, **{comment.id: comment.author.name for comment in one.comments}}
    replies = tuple(_talk(comment, one, names) for comment in one.comments if comment.id != one.id)
    root = next((Talk(comment) for comment in one.comments if comment.id == one.id), None)
    more = 0 if is_whole else one.replies - len(replies)
    return Strand(one.id, root, replies, more)


def for_page(found: Site, draft: Draft, talks: Talks | None) -> dict[str, Any]:
    """Return what the templates of the discussion need, with a fresh question if one is asked."""
    return {
        **question.for_page(found, draft.lang, is_asked=bool(draft.token)),
        "draft": draft,
        "can_send": True,
        "talks": talks,
        "parent": talks.parent if talks else None,
        "own": edit_cookies.own(found),
        "feed_url": url_for("feed.show", site=found.key, thread=draft.thread),
    }


def _one(memory: Transaction, standing: Standing, view: View) -> Conversation | None:
    with suppress(NotFound):
        return memory.conversations.around(
            standing, view.conversation, cursor=view.cursor or None, limit=REPLIES_PER_PAGE
        )
    return None


def _many(
    memory: Transaction, standing: Standing, view: View
) -> tuple[tuple[Conversation, ...], str | None]:
    page = memory.conversations.of(
        standing, order=view.order, cursor=view.cursor or None, limit=PER_PAGE
    )
    return page.items, page.next


def _talk(comment: Readable, one: Conversation, names: Mapping[str, str]) -> Talk:
    if comment.parent in (None, one.id):
        return Talk(comment)
    name = names.get(comment.parent or "", "")
    return Talk(comment, name, is_orphan=not name)


def _published(memory: Transaction, found: Site, comment_id: str) -> Comment | None:
    try:
        comment = memory.comments.get(comment_id, found.id)
    except NotFound:
        return None
    return comment if comment.status is Status.PUBLISHED else None


def _away(memory: Transaction, found: Site, comments: Sequence[Readable]) -> dict[str, str]:
    here = {comment.id for comment in comments}
    answered = {comment.parent for comment in comments if comment.parent} - here
    parents = (_published(memory, found, comment_id) for comment_id in answered)
    return {parent.id: parent.author.name for parent in parents if parent}
