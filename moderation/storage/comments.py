"""Comments: remembered with their findings, listed for readers and moderators."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select

from moderation.domain.comment import Comment, Judgement, Status, Submission
from moderation.domain.page import Page
from moderation.domain.thread import Thread
from moderation.errors import InvalidRequest, NotFound
from moderation.storage import rows
from moderation.storage.listing import Listing, next_cursor
from moderation.storage.rows import COMMENTS
from moderation.storage.stretches import ids_of, page_of
from moderation.storage.tables.comments import comments
from moderation.storage.tables.sites import sites
from moderation.storage.threads import Threads

CHUNK = 500  # both databases bound how many values one statement may hold

BY_ID = COMMENTS.where(
    comments.c.id == bindparam("comment_id"), comments.c.site_id == bindparam("site_id")
)
OF_SITE = COMMENTS.where(
    comments.c.id.in_(bindparam("ids", expanding=True)),
    comments.c.site_id == bindparam("site_id"),
).order_by(comments.c.id)
KNOWN = (
    select(func.count())
    .select_from(comments)
    .where(
        comments.c.id.in_(bindparam("ids", expanding=True)),
        comments.c.site_id == bindparam("site_id"),
    )
)
LOCKED = (
    select(comments.c.id)
    .where(comments.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(comments.c.id)
    .with_for_update(key_share=True)
)
ANYWHERE = COMMENTS.where(comments.c.id == bindparam("comment_id"))
# Replies and reports may still be added: they need no more than the comment's key. SQLite has no
# such locks and needs none: its transactions that write come one after the other.
LOCK = (
    select(comments.c.id)
    .where(comments.c.id == bindparam("comment_id"))
    .with_for_update(key_share=True)
)
SITE_OF = (
    select(sites.c.key)
    .join(comments, comments.c.site_id == sites.c.id)
    .where(comments.c.id == bindparam("comment_id"))
)
ROOT = select(comments.c.root_id).where(
    comments.c.id == bindparam("comment_id"), comments.c.thread_id == bindparam("thread_id")
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
        root = self._root(submission.parent, thread) if submission.parent else comment_id
        comment = _remembered(submission, judgement, thread, comment_id, root, html)
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

    def lock(self, comment_ids: Sequence[str], site_id: int) -> tuple[Comment, ...]:
        """Return comments of a site, by id, which nobody else can change in this transaction.

        They are locked in one order, so that two who want the same ones never wait for each other
        for ever. Those the site does not have are left out.
        """
        found: list[Comment] = []
        ids = sorted(set(comment_ids))
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            self._connection.execute(LOCKED, {"ids": chunk})
            values = {"ids": chunk, "site_id": site_id}
            found += rows.read(self._connection, self._connection.execute(OF_SITE, values).all())
        return tuple(found)

    def how_many(self, comment_ids: Sequence[str], site_id: int) -> int:
        """Count which of some comments a site has."""
        ids = sorted(set(comment_ids))
        chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
        return sum(
            self._connection.execute(KNOWN, {"ids": chunk, "site_id": site_id}).scalar_one()
            for chunk in chunks
        )

    def ids(self, listing: Listing) -> list[str]:
        """Return the ids of at most `listing.limit` comments of a listing, from its cursor on."""
        statement = ids_of(listing, self._connection.dialect.name)
        return [row.id for row in self._connection.execute(statement)]

    def get_anywhere(self, comment_id: str) -> Comment:
        """Return one comment of whichever site, for readers who know nothing but its id.

        Raises:
            NotFound: there is no such comment, or its author has withdrawn it.
        """
        row = self._connection.execute(ANYWHERE, {"comment_id": comment_id}).one_or_none()
        if row is None or row.status == Status.WITHDRAWN:
            raise NotFound(comment_id)
        return rows.read(self._connection, [row])[0]

    def hold_still(self, comment_id: str, site_id: int | None = None) -> Comment:
        """Return one comment, as `get_anywhere`; nobody else changes it until the transaction ends.

        Whoever comes meanwhile waits here, for as long as the database waits for a lock.

        Args:
            site_id: the only site to look on, None for any.

        Raises:
            NotFound: there is no such comment, or its author has withdrawn it.
        """
        self._connection.execute(LOCK, {"comment_id": comment_id})
        comment = self.get_anywhere(comment_id)
        if site_id not in (None, comment.site_id):
            raise NotFound(comment_id)
        return comment

    def site_of(self, comment_id: str) -> str | None:
        """Return the public key of the site a comment is on, None if there is no such comment."""
        found = self._connection.execute(SITE_OF, {"comment_id": comment_id})
        return found.scalar_one_or_none()

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

    def _root(self, parent: str, thread: Thread) -> str:
        """Return the conversation that a reply to `parent` belongs to."""
        values = {"comment_id": parent, "thread_id": thread.id}
        root = self._connection.execute(ROOT, values).scalar_one_or_none()
        if root is None:
            raise InvalidRequest.at("/parent", "unknown_parent")
        return str(root)


def _remembered(
    submission: Submission,
    judgement: Judgement,
    thread: Thread,
    comment_id: str,
    root: str,
    html: str,
) -> Comment:
    return Comment(
        id=comment_id,
        site_id=submission.site.id,
        site_key=submission.site.key,
        thread_url=thread.url,
        thread_title=thread.title,
        parent=submission.parent,
        root=root,
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
        member=submission.member.id if submission.member else "",
    )
