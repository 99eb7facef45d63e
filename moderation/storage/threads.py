"""Threads: the pages commented on, made by their first comment."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, and_, bindparam, select, text

from moderation.domain.comment import Status
from moderation.domain.thread import Thread
from moderation.storage.tables.comments import counts, threads

BY_URL = select(threads.c.id, threads.c.title, threads.c.created_at).where(
    threads.c.site_id == bindparam("site_id"), threads.c.url_digest == bindparam("url_digest")
)
ENSURE = text(
    """
    INSERT INTO threads (site_id, url, url_digest, title, created_at)
    VALUES (:site_id, :url, :url_digest, :title, :created_at)
    ON CONFLICT (site_id, url_digest) DO UPDATE
    SET title = CASE WHEN threads.title = '' THEN excluded.title ELSE threads.title END
    """
).bindparams(*(bindparam(column.name, type_=column.type) for column in threads.c[1:]))
PUBLISHED = (
    select(threads.c.url, counts.c.n, counts.c.changes)
    .join(
        counts,
        and_(
            counts.c.site_id == threads.c.site_id,
            counts.c.thread_id == threads.c.id,
            counts.c.status == Status.PUBLISHED.value,
        ),
    )
    .where(threads.c.site_id == bindparam("site_id"))
)
STATE = PUBLISHED.where(threads.c.url_digest == bindparam("url_digest"))
PUBLISHED_OF = PUBLISHED.where(threads.c.url_digest.in_(bindparam("url_digests", expanding=True)))


def thread_of(site_id: int, url: str) -> ScalarSelect[int]:
    """Return the number of a page's thread, for a condition; nothing if nobody commented on it."""
    return (
        select(threads.c.id)
        .where(threads.c.site_id == site_id, threads.c.url_digest == digest(url))
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class ThreadState:
    """What readers can see of a thread, in two numbers; equal states show equal comments.

    Attributes:
        published: how many comments are published.
        changes: how many times a comment was published or withdrawn, ever.
    """

    published: int = 0
    changes: int = 0


class Threads:
    """The pages that have comments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_url(self, site_id: int, url: str) -> Thread | None:
        """Return the thread of a page, given its normalised address."""
        row = self._connection.execute(BY_URL, _place(site_id, url)).one_or_none()
        return None if row is None else Thread(row.id, site_id, url, row.title, row.created_at)

    def ensure(self, site_id: int, url: str, title: str, now: datetime) -> Thread:
        """Return the thread of a page, made now if need be.

        A thread without a title takes `title`; another title never replaces the first. Of any
        number of callers at the same moment all get the same thread.
        """
        thread = self.by_url(site_id, url)
        if thread is not None and (thread.title or not title):
            return thread
        place = _place(site_id, url)
        self._connection.execute(ENSURE, {**place, "url": url, "title": title, "created_at": now})
        row = self._connection.execute(BY_URL, place).one()
        return Thread(row.id, site_id, url, row.title, row.created_at)

    def state(self, site_id: int, url: str) -> ThreadState:
        """Return what an ETag of the thread's page is made of; one look-up, no counting."""
        row = self._connection.execute(STATE, _place(site_id, url)).one_or_none()
        return ThreadState() if row is None else ThreadState(row.n, row.changes)

    def published(self, site_id: int, urls: Iterable[str]) -> dict[str, int]:
        """Return the number of published comments for each of `urls`, 0 where there is none."""
        found = dict.fromkeys(urls, 0)
        values = {"site_id": site_id, "url_digests": [digest(url) for url in found]}
        found.update((row.url, row.n) for row in self._connection.execute(PUBLISHED_OF, values))
        return found


def _place(site_id: int, url: str) -> dict[str, Any]:
    return {"site_id": site_id, "url_digest": digest(url)}


def digest(url: str) -> bytes:
    """Return what a thread is looked up by: 32 bytes, however long the address."""
    return hashlib.sha256(url.encode("utf-8", "replace")).digest()
