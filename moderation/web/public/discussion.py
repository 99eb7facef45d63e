"""The discussion under a page: what readers have said, and what one of them is writing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from moderation.domain.comment import Comment, Status
from moderation.domain.site import CaptchaMode, Site
from moderation.errors import NotFound
from moderation.storage.database import Transaction
from moderation.web.context import services

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of the form as they were typed; what was not sent is empty.

    Attributes:
        lang: language tag of the form.
        website: the honeypot.
    """

    site: str
    thread: str
    title: str = ""
    parent: str = ""
    lang: str = ""
    name: str = ""
    email: str = field(default="", repr=False)
    url: str = ""
    text: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
    website: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A comment, and the replies to it and to each other, oldest first.

    Attributes:
        in_reply_to: whom it answers, where its place on the page does not tell; or empty.
    """

    comment: Comment
    in_reply_to: str
    replies: tuple["Talk", ...] = ()


@dataclass(frozen=True, slots=True)
class Talks:
    """One part of the published comments of a page.

    Attributes:
        title: of the page commented on, empty while nobody has told it.
        count: of all of them.
        parent: the comment that is being answered, None if there is none to answer.
        is_later: this is not the first part.
        next: cursor of the next part, None on the last.
    """

    title: str
    is_closed: bool
    count: int
    parent: Comment | None
    items: tuple[Talk, ...]
    is_later: bool
    next: str | None


def read_talks(found: Site, thread_url: str, cursor: str = "", parent: str = "") -> Talks:
    """Return the comments of a page, newest first, from the place of `cursor` on.

    Raises:
        InvalidRequest: the cursor is not one of this page.
        StoreUnavailable: the database is away.
    """
    closes, now = found.policy.close_after, services().clock()
    with services().database.read() as memory:
        thread = memory.threads.by_url(found.id, thread_url)
        page = memory.comments.published_in(
            found.id, thread_url, cursor=cursor or None, limit=PER_PAGE
        )
        answered = _published(memory, found, parent) if parent else None
        return Talks(
            title=thread.title if thread else "",
            is_closed=thread.is_closed(now, closes) if thread else False,
            count=memory.threads.state(found.id, thread_url).published,
            parent=answered if answered and answered.thread_url == thread_url else None,
            items=arrange(page.items, _absent(memory, found, page.items)),
            is_later=bool(cursor),
            next=page.next,
        )


def arrange(comments: Sequence[Comment], absent: Mapping[str, str]) -> tuple[Talk, ...]:
    """Return `comments`, which come newest first, with replies below what they answer.

    Args:
        absent: by id, who wrote the comments that are answered but not among these.
    """
    here = {comment.id: comment for comment in comments}
    replies: defaultdict[str, list[Talk]] = defaultdict(list)
    for comment in reversed(comments):
        if parent := here.get(comment.parent or ""):
            top = _top(parent, here)
            replies[top.id].append(Talk(comment, "" if parent is top else parent.author.name))
    return tuple(
        Talk(comment, absent.get(comment.parent or "", ""), tuple(replies[comment.id]))
        for comment in comments
        if comment.parent not in here
    )


def for_page(found: Site, draft: Draft, talks: Talks | None) -> dict[str, Any]:
    """Return what the templates of the discussion need, with a fresh question."""
    settings = services().settings
    asks = found.policy.captcha is not CaptchaMode.NEVER
    return {
        "draft": draft,
        "can_send": True,
        "challenge": services().captcha.issue(found, draft.lang) if asks else None,
        "minutes": max(1, settings.challenge_seconds // 60),
        "talks": talks,
        "parent": talks.parent if talks else None,
    }


def _top(comment: Comment, here: Mapping[str, Comment]) -> Comment:
    while parent := here.get(comment.parent or ""):
        comment = parent
    return comment


def _published(memory: Transaction, found: Site, comment_id: str) -> Comment | None:
    try:
        comment = memory.comments.get(comment_id, found.id)
    except NotFound:
        return None
    return comment if comment.status is Status.PUBLISHED else None


def _absent(memory: Transaction, found: Site, comments: Sequence[Comment]) -> dict[str, str]:
    here = {comment.id for comment in comments}
    answered = {comment.parent for comment in comments if comment.parent} - here
    parents = (_published(memory, found, comment_id) for comment_id in answered)
    return {parent.id: parent.author.name for parent in parents if parent}
