"""Figures of a site's last weeks: counted by the database, from indexes alone, and bounded."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Connection,
    Row,
    Select,
    Text,
    bindparam,
    case,
    cast,
    column,
    func,
    select,
)

from moderation.domain.comment import JUDGED, Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import first_id
from moderation.storage.tables.comments import comments
from moderation.storage.tables.decisions import decisions

MOST_COMMENTS = 500_000
MOST_SCORES = 100_000
MOST_DECISIONS = 30_000

# The index comments_by_status alone answers these.
OF_STATUS = (
    comments.c.site_id == bindparam("site_id"),
    comments.c.status == bindparam("status"),
)
ONE_TOO_MANY = (
    select(comments.c.id)
    .where(*OF_STATUS, comments.c.id >= bindparam("first"))
    .order_by(comments.c.id.desc())
    .offset(bindparam("limit"))
    .limit(1)
)
MADE = (
    select(
        decisions.c.id,
        decisions.c.comment_id,
        decisions.c.verdict,
        decisions.c.reason,
        decisions.c.moderator,
        decisions.c.key_id,
        decisions.c.from_status,
        decisions.c.undoes,
        decisions.c.batch_id,
    )
    .where(decisions.c.site_id == bindparam("site_id"), decisions.c.id >= bindparam("first"))
    .order_by(decisions.c.id.desc())
    .limit(bindparam("limit"))
)
SCORED = (
    select(comments.c.id, comments.c.status, comments.c.score)
    .join(decisions, decisions.c.comment_id == comments.c.id)
    .where(
        decisions.c.site_id == bindparam("site_id"),
        decisions.c.id >= bindparam("first"),
        decisions.c.key_id.is_not(None),
        comments.c.id >= bindparam("first"),
    )
    .order_by(decisions.c.id.desc())
    .limit(bindparam("limit"))
)
BEHIND = "0"  # after an id: what sorts behind it and before every other one
VERDICTS = {one.value: one for one in Verdict}
STATUSES: dict[str | None, Status | None] = {None: None, **{one.value: one for one in Status}}
REASONS: dict[str | None, Reason | None] = {None: None, **{one.value: one for one in Reason}}


@dataclass(frozen=True, slots=True)
class Received:
    """How many comments came in, by the status they have now.

    Attributes:
        counts: one number for each span of time.
        is_cut: there were more than are counted; the oldest are left out.
    """

    counts: Mapping[Status, Sequence[int]]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """How many comments have which scores.

    Attributes:
        counts: one number for each span of scores, and for None those without a score.
        since: the oldest comment that is counted, by status.
        is_cut: there were more than are counted; the oldest are left out.
    """

    counts: Mapping[int | None, int]
    since: Mapping[Status, str]
    is_cut: bool


class Made(NamedTuple):
    """What figures tell of a decision."""

    id: str
    comment_id: str
    verdict: Verdict
    reason: Reason | None
    moderator: str
    key_id: int | None
    from_status: Status | None
    undoes: str | None
    batch: str | None


class Figures:
    """What has come in on a site, and what was decided there; withdrawn comments are left out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def received(
        self, site_id: int, bounds: Sequence[datetime], limit: int = MOST_COMMENTS
    ) -> Received:
        """Count what came in from each of some moments to the next; each status is bounded."""
        ids, counts, is_cut = [first_id(one) for one in bounds], {}, False
        for status in JUDGED:
            first, is_more = self._first(site_id, status, ids[0], limit)
            kept = [first, *(one for one in ids if one > first)]
            values = {"site_id": site_id, "status": status.value, "bounds": json.dumps(kept)}
            found = self._connection.execute(_spans(self._connection.dialect.name), values)
            counts[status] = [0] * (len(ids) - len(kept)) + list(found.scalars())[:-1]
            is_cut |= is_more
        return Received(counts, is_cut)

    def scores(
        self, site_id: int, since: datetime, edges: Sequence[float], limit: int = MOST_SCORES
    ) -> Scores:
        """Count the scores below the first edge (0), from there to the next (1), and so on."""
        counts: Counter[int | None] = Counter()
        firsts = {one: self._first(site_id, one, first_id(since), limit) for one in JUDGED}
        statement = _scores(edges)
        for status, (first, _) in firsts.items():
            values = {"site_id": site_id, "status": status.value, "first": first}
            for place, n in self._connection.execute(statement, values):
                counts[place] += n
        since_ids = {status: first for status, (first, _) in firsts.items()}
        return Scores(counts, since_ids, any(is_cut for _, is_cut in firsts.values()))

    def made(
        self, site_id: int, since: datetime, limit: int = MOST_DECISIONS
    ) -> tuple[Sequence[Made], bool]:
        """Return the decisions since a moment, the oldest first, and whether there were more."""
        values = {"site_id": site_id, "first": first_id(since), "limit": limit + 1}
        found = [_made(row) for row in self._connection.execute(MADE, values)]
        return found[:limit][::-1], len(found) > limit

    def scores_of_decided(
        self, site_id: int, since: datetime, limit: int = MOST_DECISIONS
    ) -> Mapping[str, tuple[Status, float | None]]:
        """Return status and score of the comments since a moment that people decided about."""
        values = {"site_id": site_id, "first": first_id(since), "limit": limit}
        found = self._connection.execute(SCORED, values)
        return {one: (Status(status), score) for one, status, score in found}

    def _first(self, site_id: int, status: Status, first: str, limit: int) -> tuple[str, bool]:
        """Return from which id on to count, so that it is `limit` at most, and if some are left."""
        values = {"site_id": site_id, "status": status.value, "first": first, "limit": limit}
        left_out = self._connection.execute(ONE_TOO_MANY, values).scalar_one_or_none()
        return (first, False) if left_out is None else (f"{left_out}{BEHIND}", True)


def _spans(dialect: str) -> Select[int]:
    """Count the ids from each of `bounds` (JSON, in order) to the next; the last counts none."""
    bounds = bindparam("bounds", type_=Text)  # SQLAlchemy's JSON would quote it once more
    if dialect == "sqlite":
        each = func.json_each(bounds)
    else:
        each = func.json_array_elements_text(cast(bounds, JSON))
    low = each.table_valued(column("value", Text), name="bound").c.value
    spans = select(low.label("low"), func.lead(low).over(order_by=low).label("high")).subquery()
    within = (comments.c.id >= spans.c.low, comments.c.id < spans.c.high)
    count = select(func.count()).where(*OF_STATUS, *within).scalar_subquery()
    return select(count).select_from(spans).order_by(spans.c.low)


def _scores(edges: Sequence[float]) -> Select[int | None, int]:
    score = comments.c.score
    places = [(score < edge, place) for place, edge in enumerate(edges)]
    place = case((score.is_(None), None), *places, else_=len(edges)).label("place")
    within = (*OF_STATUS, comments.c.id >= bindparam("first"))
    return select(place, func.count()).where(*within).group_by(place)


def _made(row: Row[*tuple[Any, ...]]) -> Made:
    identifier, comment_id, verdict, reason, moderator, key_id, before, undoes, batch = row
    return Made(
        identifier,
        comment_id,
        VERDICTS[verdict],
        REASONS[reason],
        moderator,
        key_id,
        STATUSES[before],
        undoes,
        batch,
    )
