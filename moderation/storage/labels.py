"""Labels: what people decided last and did not take back, for the models to learn from."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Select, exists, func, select, tuple_

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision, Label, Reason
from moderation.domain.finding import Verdict
from moderation.domain.report import Revision
from moderation.storage import rows
from moderation.storage.decision_rows import read, stands_by_a_person
from moderation.storage.revisions import Revisions
from moderation.storage.rows import COMMENTS
from moderation.storage.tables.comments import comments
from moderation.storage.tables.decisions import decisions

CHUNK = 500

LATER = decisions.alias("later")
IS_LATEST_BY_A_PERSON = (
    *stands_by_a_person(decisions),
    ~exists().where(
        LATER.c.comment_id == decisions.c.comment_id,
        LATER.c.from_version > decisions.c.from_version,
        *stands_by_a_person(LATER),
    ),
)
LATEST_BY_A_PERSON = (
    select(decisions)
    .where(*IS_LATEST_BY_A_PERSON)
    .order_by(decisions.c.created_at, decisions.c.id)
    .limit(CHUNK)
)
APPROVED = (
    select(decisions)
    .where(*IS_LATEST_BY_A_PERSON, decisions.c.verdict == Verdict.PUBLISH.value)
    .order_by(decisions.c.created_at.desc(), decisions.c.id.desc())
)
TALLY = (
    select(
        decisions.c.verdict,
        decisions.c.reason,
        func.count().label("n"),
        func.min(decisions.c.created_at).label("first"),
    )
    .where(*IS_LATEST_BY_A_PERSON)
    .group_by(decisions.c.verdict, decisions.c.reason)
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many labels there are; those that teach nothing are not counted.

    Attributes:
        first: moment of the earliest; None without labels.
    """

    spam: int
    ham: int
    first: datetime | None

    @property
    def labels(self) -> int:
        """How many there are together."""
        return self.spam + self.ham


class Labels:
    """People's latest decisions with the comments they are about."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(
        self, moment: datetime | None = None, *, site_id: int | None = None
    ) -> Iterator[tuple[Decision, Comment]]:
        """Yield the latest decision by a person about each comment, oldest first.

        Reads some hundred at a time, so that memory is bounded however many there are; the
        transaction must stay open until the last one.

        Args:
            moment: leave out decisions made before it.
            site_id: leave out other sites.
        """
        statement = LATEST_BY_A_PERSON
        if moment is not None:
            statement = statement.where(decisions.c.created_at >= moment)
        if site_id is not None:
            statement = statement.where(decisions.c.site_id == site_id)
        chunk = self._decisions(statement)
        while chunk:
            yield from self._as_read(chunk)
            place = tuple_(chunk[-1].created_at, chunk[-1].id)
            reached = tuple_(decisions.c.created_at, decisions.c.id)
            chunk = self._decisions(statement.where(reached > place))

    def tally(self, after: datetime | None = None) -> Tally:
        """Count what teaches something, of all sites, made after a moment."""
        statement = TALLY if after is None else TALLY.where(decisions.c.created_at > after)
        counted: Counter[bool] = Counter()
        firsts: list[datetime] = []
        for row in self._connection.execute(statement):
            label = Label.of(Verdict(row.verdict), row.reason and Reason(row.reason))
            if label is not Label.OTHER:
                counted[label is Label.SPAM] += row.n
                firsts.append(row.first)
        return Tally(counted[True], counted[False], min(firsts, default=None))

    def approved(self, limit: int) -> tuple[Comment, ...]:
        """Return the comments people published last, of all sites, the latest first."""
        found: list[Comment] = []
        for start in range(0, limit, CHUNK):
            size = min(CHUNK, limit - start)
            chunk = self._decisions(APPROVED.limit(size).offset(start))
            found += (comment for _, comment in self._as_read(chunk))
            if len(chunk) < size:
                break
        return tuple(found)

    def _decisions(self, statement: Select[tuple[object, ...]]) -> list[Decision]:
        return [read(row) for row in self._connection.execute(statement)]

    def _as_read(self, chunk: list[Decision]) -> Iterator[tuple[Decision, Comment]]:
        """Yield decisions with the comments as they were read, also if they were edited since.

        Withdrawn comments are left out: there is nothing left to learn from.
        """
        statement = COMMENTS.where(comments.c.id.in_([one.comment_id for one in chunk]))
        rows_found = self._connection.execute(statement).all() if chunk else []
        found = {one.id: one for one in rows.read(self._connection, rows_found)}
        edited = [one.id for one in found.values() if one.edited_at]
        former = Revisions(self._connection).of_many(edited)
        for decision in chunk:
            comment = found[decision.comment_id]
            if comment.status is not Status.WITHDRAWN:
                yield decision, _at(decision.from_version, comment, former.get(comment.id, ()))


def _at(version: int, comment: Comment, former: Sequence[Revision]) -> Comment:
    """Return a comment with the text of a version of it; its former texts come oldest first."""
    replaced = (one for one in former if one.version >= version)
    first = next(replaced, None)
    return replace(comment, text=first.text) if first else comment
