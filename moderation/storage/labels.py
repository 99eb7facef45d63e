"""Labels: what people decided last, comment by comment, for the models to learn from."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, exists, func, select, tuple_

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision, Label, Reason
from moderation.domain.finding import Verdict
from moderation.storage import rows
from moderation.storage.decisions import read
from moderation.storage.rows import COMMENTS
from moderation.storage.tables import comments, decisions

CHUNK = 500

LATER = decisions.alias("later")
IS_LATEST_BY_A_PERSON = (
    decisions.c.key_id.is_not(None),
    ~exists().where(
        LATER.c.comment_id == decisions.c.comment_id,
        LATER.c.from_version > decisions.c.from_version,
        LATER.c.key_id.is_not(None),
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
            found = self._comments(chunk)
            yield from ((decision, found[decision.comment_id]) for decision in chunk)
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
            about = self._comments(chunk) if chunk else {}
            found += (about[decision.comment_id] for decision in chunk)
            if len(chunk) < size:
                break
        return tuple(found)

    def _decisions(self, statement: Select[tuple[object, ...]]) -> list[Decision]:
        return [read(row) for row in self._connection.execute(statement)]

    def _comments(self, chunk: list[Decision]) -> dict[str, Comment]:
        statement = COMMENTS.where(comments.c.id.in_([one.comment_id for one in chunk]))
        found = rows.read(self._connection, self._connection.execute(statement).all())
        return {comment.id: comment for comment in found}
