"""Counts: how many comments stand where; triggers keep them in step with the comments."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from moderation.domain.comment import JUDGED, Status
from moderation.storage.tables.comments import counts
from moderation.storage.threads import Threads

WHOLE_SITE = 0
OF_SITE = select(counts.c.status, counts.c.n).where(
    counts.c.site_id == bindparam("site_id"), counts.c.thread_id == WHOLE_SITE
)
OF_ALL = (
    select(counts.c.status, func.sum(counts.c.n).label("n"))
    .where(counts.c.thread_id == WHOLE_SITE)
    .group_by(counts.c.status)
)


class Counts:
    """Numbers of comments, read in constant time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_site(self, site_id: int) -> dict[Status, int]:
        """Return the number of comments of a site by status, withdrawn ones left out."""
        return _by_status(self._connection.execute(OF_SITE, {"site_id": site_id}))

    def of_all_sites(self) -> dict[Status, int]:
        """Return the number of comments by status as `of_site` does; reads a row a site."""
        return _by_status(self._connection.execute(OF_ALL))

    def of_threads(self, site_id: int, urls: Iterable[str]) -> dict[str, int]:
        """Return the number of published comments for each of `urls`, 0 where there is none."""
        return Threads(self._connection).published(site_id, urls)


def _by_status(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[Status, int]:
    found = {row.status: int(row.n) for row in rows}
    return {status: found.get(status.value, 0) for status in JUDGED}
