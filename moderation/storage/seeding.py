"""Comments with a past, thousands at once: what was decided and reported comes along."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, text

from moderation.domain.audit import Note
from moderation.domain.batch import Batch
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.domain.report import Report
from moderation.storage import decision_rows, rows, sqlite
from moderation.storage.audit import Audit
from moderation.storage.batches import Batches
from moderation.storage.decision_rows import name_of
from moderation.storage.decisions import APPEND
from moderation.storage.reports import values as report_values
from moderation.storage.tables.comments import reports

ADD_REPORTS = insert(reports)
UNHURRIED = text("SET LOCAL statement_timeout = 0")
LOOK = text("ANALYZE")
# For this one connection: indexes by what is no time (names, texts) are changed all over.
ROOM = ("PRAGMA cache_size = -256000", "PRAGMA wal_autocheckpoint = 20000")


@dataclass(frozen=True, slots=True)
class Past:
    """A comment, and all that happened to it.

    Attributes:
        comment: as it was received.
        client: keyed hash of the reader's address.
        search: its words, as the full-text index wants them.
        decisions: each with the status and version it changed, the oldest first.
    """

    comment: Comment
    thread_id: int
    client: str
    fingerprint: str
    search: str
    decisions: tuple[Decision, ...] = ()
    reports: tuple[Report, ...] = ()

    @property
    def row(self) -> dict[str, Any]:
        """The comment's row, as it stands after all that."""
        row = rows.values(
            self.comment,
            thread_id=self.thread_id,
            client=self.client,
            fingerprint=self.fingerprint,
            search=self.search,
        )
        if self.decisions:
            last = self.decisions[-1]
            row["status"] = Status.after(last.verdict).value
            row["version"] = last.from_version + 1
            row["reason"] = name_of(last.reason)
        row["reports"] = sum(report.resolved_at is None for report in self.reports)
        return row

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The rows of what the checks found."""
        return rows.values_of_findings(self.comment.id, self.comment.findings)

    def before(self, decision: Decision) -> Comment:
        """The comment as it stood before one of its decisions."""
        return replace(self.comment, status=decision.from_status or self.comment.status)


class Seeding:
    """Fills a database; whatever else keeps step with comments is kept in step here too."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make_room(self) -> None:
        """Let SQLite keep more in memory, as long as this connection is open."""
        if self._connection.dialect.name == "sqlite":
            for statement in ROOM:
                self._connection.exec_driver_sql(statement)

    def add(self, pasts: Sequence[Past], batches: Sequence[Batch] = ()) -> None:
        """Remember comments with their past, those that are answered before their answers."""
        run = self._connection.execute
        run(rows.ADD, [past.row for past in pasts])
        found = [row for past in pasts for row in past.findings]
        reported = [report_values(report) for past in pasts for report in past.reports]
        decided = [(made, past) for past in pasts for made in past.decisions]
        decided.sort(key=lambda one: one[0].id)
        made = [decision_rows.values(one, past.before(one)) for one, past in decided]
        for statement, values in (
            (rows.ADD_FINDINGS, found),
            (ADD_REPORTS, reported),
            (APPEND, made),
        ):
            if values:
                run(statement, values)
        for batch in batches:
            Batches(self._connection).add(batch)
        self._enter(decided)

    def learn(self) -> None:
        """Let the database look at what it holds now, to choose indexes by."""
        if self._connection.dialect.name == "sqlite":
            sqlite.look_at_data(self._connection)
            return
        self._connection.execute(UNHURRIED)
        self._connection.execute(LOOK)

    def _enter(self, decided: Sequence[tuple[Decision, Past]]) -> None:
        notes: defaultdict[int, list[Note]] = defaultdict(list)
        for made, past in decided:
            notes[past.comment.site_id].append(decision_rows.note(made, past.before(made)))
        for site_id in sorted(notes):
            Audit(self._connection).append(site_id, *notes[site_id])
