"""Reports: what readers say about each other's comments, counted until a person has looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, text, update

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.report import Report
from moderation.errors import NotFound
from moderation.storage.tables.comments import comments, reports, threads

CHUNK = 500  # both databases bound how many values one statement may hold
ADD = text(
    """
    INSERT INTO reports (id, comment_id, reason, text, client, created_at, resolved_at)
    VALUES (:id, :comment_id, :reason, :text, :client, :created_at, :resolved_at)
    ON CONFLICT (comment_id, client) DO NOTHING
    """
).bindparams(*(bindparam(column.name, type_=column.type) for column in reports.c))
COUNT = (
    update(comments)
    .where(comments.c.id == bindparam("of_comment"))
    .values(reports=comments.c.reports + 1)
)
OPEN = select(comments.c.reports).where(comments.c.id == bindparam("comment_id"))
RESOLVE = update(reports).where(
    reports.c.comment_id == bindparam("of_comment"), reports.c.resolved_at.is_(None)
)
RESOLVED = (
    reports.c.comment_id.in_(bindparam("ids", expanding=True)),
    reports.c.resolved_at == bindparam("moment"),
)
RESOLVED_THEN = (
    select(reports.c.comment_id, func.count().label("n"))
    .where(*RESOLVED)
    .group_by(reports.c.comment_id)
)
REOPEN = update(reports).where(*RESOLVED).values(resolved_at=None)
SILENCE = update(reports).where(reports.c.comment_id == bindparam("of_comment"))
# What a reader said before is replaced by what the law wants an answer to; of two such at the same
# moment the first one stays.
OF_READER = (
    reports.c.comment_id == bindparam("of_comment"),
    reports.c.client == bindparam("of_reader"),
)
RAISE = update(reports).where(*OF_READER, reports.c.reason != Reason.ILLEGAL_CONTENT.value)
RAISE_RESOLVED = RAISE.where(reports.c.resolved_at.is_not(None))
ONE_OF_READER = select(reports).where(*OF_READER)
ONE = (
    select(reports, comments.c.status, comments.c.site_id, threads.c.url, threads.c.title)
    .join(comments, comments.c.id == reports.c.comment_id)
    .join(threads, threads.c.id == comments.c.thread_id)
    .where(reports.c.id == bindparam("report_id"))
)
OF_COMMENT = (
    select(reports).where(reports.c.comment_id == bindparam("comment_id")).order_by(reports.c.id)
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and where its comment is and stands."""

    report: Report
    status: Status
    site_id: int
    thread_url: str
    thread_title: str


class Reports:
    """Readers' reports, one for each reader and comment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: Report) -> int:
        """Keep a report and return how many are open about the comment.

        A reader's second report about the same comment changes nothing, unless it is the first
        one of illegal content: it takes the place of what they said before, and waits.
        """
        is_new = self._connection.execute(ADD, values(report)).rowcount > 0
        if is_new or self._raise(report):
            self._connection.execute(COUNT, {"of_comment": report.comment_id})
        about = {"comment_id": report.comment_id}
        return int(self._connection.execute(OPEN, about).scalar_one())

    def resolve(self, moments: Mapping[str, datetime]) -> None:
        """Note that a person has decided about comments, each at its moment."""
        rows = [{"of_comment": one, "resolved_at": moment} for one, moment in moments.items()]
        if rows:
            self._connection.execute(RESOLVE, rows)

    def reopen(self, comment_ids: Sequence[str], resolved_at: datetime) -> Mapping[str, int]:
        """Let reports that were resolved at a moment wait again; return how many, by comment."""
        reopened: dict[str, int] = {}
        for start in range(0, len(comment_ids), CHUNK):
            then = {"ids": comment_ids[start : start + CHUNK], "moment": resolved_at}
            found = self._connection.execute(RESOLVED_THEN, then).all()
            if found:
                self._connection.execute(REOPEN, then)
                reopened.update((row.comment_id, row.n) for row in found)
        return reopened

    def silence(self, comment_id: str, moment: datetime) -> None:
        """Drop what readers wrote about a comment that is no more: they may have quoted it."""
        self._connection.execute(
            SILENCE, {"of_comment": comment_id, "resolved_at": moment, "text": ""}
        )

    def by_reader(self, comment_id: str, client: str) -> Report:
        """Return what a reader has reported about a comment: there is one such report."""
        values = {"of_comment": comment_id, "of_reader": client}
        return _report(self._connection.execute(ONE_OF_READER, values).one())

    def get(self, report_id: str) -> Reported:
        """Return a report with how its comment stands, whichever site it is on.

        Raises:
            NotFound: there is none.
        """
        row = self._connection.execute(ONE, {"report_id": report_id}).one_or_none()
        if row is None:
            raise NotFound(report_id)
        return Reported(_report(row), Status(row.status), row.site_id, row.url, row.title)

    def about(self, comment_id: str) -> tuple[Report, ...]:
        """Return what readers said about a comment, oldest first."""
        found = self._connection.execute(OF_COMMENT, {"comment_id": comment_id})
        return tuple(map(_report, found))

    def _raise(self, report: Report) -> bool:
        """Let a report of illegal content replace another; tell whether one more waits now."""
        if report.reason is not Reason.ILLEGAL_CONTENT:
            return False
        row = {**values(report), "of_comment": report.comment_id, "of_reader": report.client}
        was_resolved = self._connection.execute(RAISE_RESOLVED, row).rowcount > 0
        self._connection.execute(RAISE, row)
        return was_resolved


def values(report: Report) -> dict[str, Any]:
    """Return the row of a report."""
    return {
        "id": report.id,
        "comment_id": report.comment_id,
        "reason": report.reason.value,
        "text": report.text,
        "client": report.client,
        "created_at": report.created_at,
        "resolved_at": report.resolved_at,
    }


def _report(row: Row[*tuple[Any, ...]]) -> Report:
    return Report(
        id=row.id,
        comment_id=row.comment_id,
        reason=Reason(row.reason),
        text=row.text,
        client=row.client,
        created_at=row.created_at,
        resolved_at=row.resolved_at,
    )
