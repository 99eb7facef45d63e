"""What the worker makes of each new comment afterwards: a shadow score, and a place in the week.

Comments are taken in the order of their numbers, each once, from a mark that outlives a restart.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

import structlog

from moderation.domain.comment import Comment
from moderation.domain.event import Event, EventType
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.model import Drifting, ShadowScore
from moderation.domain.site import Policy
from moderation.learning.drift import Drift, drift_of
from moderation.learning.models import Candidate, Models, Version, week_of
from moderation.spam import Opinion
from moderation.storage.database import Database
from moderation.storage.drift_counts import Cell
from moderation.submission.checks.spam_score import weigh

log = structlog.get_logger()

MARK = "observed"
TOLD = "drift told of "
BATCH = 500
SETTLED = timedelta(seconds=10)  # by then no slower transaction brings a lower number


@dataclass(frozen=True, slots=True)
class Round:
    """New comments, and where the one before them was.

    Attributes:
        seen: the mark they were read from.
        reached: the mark after them.
    """

    seen: str
    reached: str
    comments: Sequence[Comment]
    policies: Mapping[int, Policy]


class Observer:
    """Looks at new comments by the batch. For one thread."""

    def __init__(self, database: Database, models: Models, drift_limit: float) -> None:
        self._database = database
        self._champion, self._challenger = models.seats()
        self._limit = drift_limit

    def observe(self, now: datetime) -> int:
        """Look at the next batch of new comments and return how many that was.

        Raises:
            StoreUnavailable: the database is away; the same batch comes again.
        """
        batch = self._next(now)
        if batch is None:
            return 0
        champion, challenger = self._champion.taken_by(), self._challenger.taken_by()
        shadows = _shadows(batch, champion, challenger, now) if champion and challenger else []
        counted = _counted(batch.comments, champion) if champion else {}
        with self._database.transaction() as transaction:
            if not transaction.marks.move(MARK, batch.seen, batch.reached):
                return 0
            transaction.shadows.add(shadows)
            transaction.drift_counts.add(counted)
        if champion and counted:
            self._tell_drift(champion.about, now)
        return len(batch.comments)

    def _next(self, now: datetime) -> Round | None:
        with self._database.read() as memory:
            seen = memory.marks.get(MARK) or "0"
            arrived = memory.arrivals.after(int(seen), BATCH)
            settled = list(takewhile(lambda pair: _is_settled(pair[1], now), arrived))
            if not settled:
                return None
            policies = {site.id: site.policy for site in memory.sites.all()}
        comments = [comment for _, comment in settled]
        return Round(seen, str(settled[-1][0]), comments, policies)

    def _tell_drift(self, version: Version, now: datetime) -> None:
        """Log and tell webhooks of a drift beyond the limit, once a week and version."""
        with self._database.read() as memory:
            drift = drift_of(version, memory.drift_counts.of_model(version.version), self._limit)
            told = memory.marks.get(TOLD + version.version)
        if drift is None or not drift.passed or told == drift.week:
            return
        with self._database.transaction() as transaction:
            if not transaction.marks.claim(TOLD + version.version, drift.week):
                return
            transaction.outbox.put(_event(version, drift, now))
        _log(version, drift)


def _is_settled(comment: Comment, now: datetime) -> bool:
    return not now - SETTLED < comment.created_at <= now  # later than now: a clock was put back


def _shadows(
    batch: Round, champion: Candidate, challenger: Candidate, now: datetime
) -> list[ShadowScore]:
    """Score what the champion of today has scored: only then are the two comparable."""
    own = [one for one in batch.comments if one.model == champion.about.version]
    return [
        _shadow(comment, opinion, champion, batch.policies[comment.site_id], now)
        for comment, opinion in zip(own, challenger.opinions(own), strict=True)
    ]


def _shadow(
    comment: Comment, opinion: Opinion, champion: Candidate, policy: Policy, now: datetime
) -> ShadowScore:
    scorer = champion.scorer
    stored = Opinion(comment.score or 0.0, scorer.version, scorer.hold, scorer.reject)
    return ShadowScore(
        comment_id=comment.id,
        model=opinion.model,
        score=opinion.score,
        verdict=_verdict(opinion, policy),
        champion_verdict=_verdict(stored, policy),
        created_at=now,
    )


def _verdict(opinion: Opinion, policy: Policy) -> Verdict:
    finding = weigh(opinion, policy)
    return finding.verdict if finding else Verdict.PUBLISH


def _counted(comments: Sequence[Comment], champion: Candidate) -> dict[Cell, int]:
    """Count the comments the champion has scored by week, kind and bin."""
    version, own = champion.about, [c for c in comments if c.model == champion.about.version]
    weeks = [week_of(comment.created_at) for comment in own]
    values = {Drifting.SCORES: [comment.score or 0.0 for comment in own]}
    if Drifting.UNSEEN in version.profiles:
        values[Drifting.UNSEEN] = champion.unseen_shares(own)
    return Counter(
        (version.version, week, kind, number)
        for kind, told in values.items()
        for week, number in zip(weeks, version.bins(kind, told), strict=False)
    )


def _event(version: Version, drift: Drift, now: datetime) -> Event:
    """Return what the webhooks of every site are told: the champion is everybody's."""
    data = {
        "version": version.version,
        "week": drift.week,
        "scores": drift.scores,
        "unseen": drift.unseen,
        "limit": drift.limit,
    }
    return Event(new_id(now), EventType.MODEL_DRIFT, None, data, now)


def _log(version: Version, drift: Drift) -> None:
    log.warning(
        "model_drifted",
        version=version.version,
        week=drift.week,
        scores=drift.scores,
        unseen=drift.unseen,
        limit=drift.limit,
    )
