"""Comments: remembered with their findings, listed for readers and moderators."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, literal, select

from moderation.domain.comment import Comment, Judgement, Status, Submission
from moderation.domain.page import Page
from moderation.domain.thread import Thread
from moderation.errors import InvalidRequest, NotFound
from moderation.storage import rows
from moderation.storage.listing import Listing, Order, after, next_cursor, page_of, sorted_by
from moderation.storage.rows import COMMENTS
from moderation.storage.tables import comments, decisions, findings, threads
from moderation.storage.threads import Threads, digest

UNSCORED_FINDING = "unscored"

BY_ID = COMMENTS.where(
    comments.c.id == bindparam("comment_id"), comments.c.site_id == bindparam("site_id")
)
IN_THREAD = COMMENTS.where(
    threads.c.site_id == bindparam("site_id"),
    threads.c.url_digest == bindparam("url_digest"),
    comments.c.status == literal(Status.PUBLISHED.value, literal_execute=True),
)
IS_IN_THREAD = select(comments.c.number).where(
    comments.c.id == bindparam("comment_id"), comments.c.thread_id == bindparam("thread_id")
)
DUPLICATE = (
    select(comments.c.number)
    .where(
        comments.c.site_id == bindparam("site_id"),
        comments.c.fingerprint == bindparam("fingerprint"),
        comments.c.created_at >= bindparam("since"),
    )
    .limit(1)
)
UNSCORED = (
    COMMENTS.where(
        comments.c.id.in_(select(findings.c.comment_id).where(findings.c.code == UNSCORED_FINDING)),
        comments.c.status == Status.HELD.value,
        ~exists().where(decisions.c.comment_id == comments.c.id, decisions.c.key_id.is_not(None)),
    )
    .order_by(comments.c.id)
    .limit(bindparam("limit"))
)
ARRIVED = (
    COMMENTS.add_columns(comments.c.number)
    .where(comments.c.number > bindparam("number"))
    .order_by(comments.c.number)
    .limit(bindparam("limit"))
)


class Comments:
    """Every comment this service has taken in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        submission: Submission,
        judgement: Judgement,
        *,
        comment_id: str,
        html: str,
        fingerprint: str,
        thread: Thread | None = None,
    ) -> Comment:
        """Remember a submission as judged, in its thread, which is made if need be.

        Args:
            comment_id: a UUID version 7 for the moment it was received.
            html: safe rendering of the text.
            fingerprint: equal for texts that count as the same.
            thread: the page's, if it is known already; it is not looked up again.

        Raises:
            InvalidRequest: the comment it answers is not in this thread.
        """
        if thread is None or not thread.title:
            thread = Threads(self._connection).ensure(
                submission.site.id,
                submission.thread_url,
                submission.thread_title,
                submission.received_at,
            )
        if submission.parent is not None:
            self._check_parent(submission.parent, thread)
        comment = _remembered(submission, judgement, thread, comment_id, html)
        rows.add(
            self._connection, comment, submission, thread_id=thread.id, fingerprint=fingerprint
        )
        return comment

    def get(self, comment_id: str, site_id: int) -> Comment:
        """Return one comment of a site.

        Raises:
            NotFound: the site has no such comment.
        """
        values = {"comment_id": comment_id, "site_id": site_id}
        found = rows.read(self._connection, self._connection.execute(BY_ID, values).all())
        if not found:
            raise NotFound(comment_id)
        return found[0]

    def find(self, listing: Listing) -> Page[Comment]:
        """Return one page of what a moderator asks to see.

        Turning pages shows every comment that is there throughout exactly once, whatever
        arrives in the meantime.

        Raises:
            InvalidRequest: the cursor was changed or comes from another listing.
        """
        statement = page_of(listing, self._connection.dialect.name)
        found = self._connection.execute(statement).all()
        return Page(
            rows.read(self._connection, found[: listing.limit]),
            next_cursor(found, listing.limit, listing.order, listing.scope, listing.pivot),
        )

    def published_in(
        self,
        site_id: int,
        thread_url: str,
        *,
        order: Order = Order.NEWEST,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Comment]:
        """Return one page of what readers of a thread see.

        Raises:
            InvalidRequest: the cursor was changed or comes from another list.
        """
        scope = repr(("published", site_id, thread_url, order))
        statement = IN_THREAD.where(*after(order, scope, cursor)).order_by(*sorted_by(order))
        values = {"site_id": site_id, "url_digest": digest(thread_url)}
        found = self._connection.execute(statement.limit(limit + 1), values).all()
        return Page(
            rows.read(self._connection, found[:limit]), next_cursor(found, limit, order, scope)
        )

    def has_duplicate(self, site_id: int, fingerprint: str, since: datetime) -> bool:
        """Tell whether the site has had a comment with this fingerprint since a moment."""
        values = {"site_id": site_id, "fingerprint": fingerprint, "since": since}
        return self._connection.execute(DUPLICATE, values).first() is not None

    def unscored(self, limit: int) -> tuple[Comment, ...]:
        """Return held comments no model and no person has looked at, of all sites, oldest first."""
        found = self._connection.execute(UNSCORED, {"limit": limit}).all()
        return rows.read(self._connection, found)

    def arrived_after(self, number: int, limit: int) -> list[tuple[int, Comment]]:
        """Return the comments of all sites after the one with this number, with their own.

        On PostgreSQL a comment may appear after one with a higher number, if its transaction
        took longer: whoever keeps a watermark leaves the latest moments out.
        """
        found = self._connection.execute(ARRIVED, {"number": number, "limit": limit}).all()
        arrived = rows.read(self._connection, found)
        return [(row.number, comment) for row, comment in zip(found, arrived, strict=True)]

    def _check_parent(self, parent: str, thread: Thread) -> None:
        values = {"comment_id": parent, "thread_id": thread.id}
        if self._connection.execute(IS_IN_THREAD, values).first() is None:
            raise InvalidRequest.at("/parent", "unknown_parent")


def _remembered(
    submission: Submission, judgement: Judgement, thread: Thread, comment_id: str, html: str
) -> Comment:
    return Comment(
        id=comment_id,
        site_id=submission.site.id,
        site_key=submission.site.key,
        thread_url=thread.url,
        thread_title=thread.title,
        parent=submission.parent,
        author=submission.author,
        text=submission.text,
        html=html,
        locale=submission.locale,
        status=Status.after(judgement.verdict),
        version=1,
        score=judgement.score,
        model=judgement.model,
        findings=judgement.findings,
        created_at=submission.received_at,
    )
