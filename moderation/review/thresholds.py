"""What other thresholds would have done with the comments of the last weeks."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from moderation.domain.comment import Status
from moderation.domain.decision import SPAM
from moderation.domain.finding import Verdict
from moderation.domain.site import Policy
from moderation.storage.database import Database
from moderation.storage.figures import Made, Scores

PERIOD = timedelta(days=30)
BINS = 20
BEGINNINGS = [n / BINS for n in range(BINS)]
UNCOUNTED = "~"  # after every id


class Word(StrEnum):
    """A person's last word about a comment; `other`: held, or rejected for what is not spam."""

    PUBLISHED = "published"
    SPAM = "spam"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which comments are held, and rejected."""

    hold: float
    reject: float

    def verdict(self, score: float) -> Verdict:
        """Return what the score alone comes to."""
        if score >= self.reject:
            return Verdict.REJECT
        return Verdict.HOLD if score >= self.hold else Verdict.PUBLISH


@dataclass(frozen=True, slots=True)
class Outcome:
    """What thresholds make of the comments of the period, by their scores alone.

    Attributes:
        published_kept: comments that a person published and that would be held or rejected.
        spam_passed: comments that a person rejected as spam and that would be published.
    """

    thresholds: Thresholds
    verdicts: Mapping[Verdict, int]
    published_kept: int
    spam_passed: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Comments with a score from `low` to below `high`, by a person's word about them."""

    low: float
    high: float
    words: Mapping[Word, int]


@dataclass(frozen=True, slots=True)
class ThresholdEffect:
    """What proposed thresholds would change.

    Attributes:
        present: None where the site takes the model's thresholds and those were not given.
        unscored: comments that no model could score; they wait, whatever the thresholds.
        histogram: 20 bins over [0, 1]; the last one includes 1.
        is_cut: only the latest comments of the period were looked at.
    """

    proposed: Outcome
    present: Outcome | None
    unscored: int
    histogram: tuple[Bin, ...]
    is_cut: bool

    @property
    def difference(self) -> Mapping[Verdict, int]:
        """How many more comments would be published, held, rejected; empty without `present`."""
        if self.present is None:
            return {}
        before, after = self.present.verdicts, self.proposed.verdicts
        return {verdict: after[verdict] - before[verdict] for verdict in Verdict}


Scored = Counter[tuple[float, Word]]  # by the edge a score is behind


def effect_of(
    site_id: int,
    hold: float,
    reject: float,
    database: Database,
    now: datetime,
    *,
    model: Thresholds | None = None,
) -> ThresholdEffect:
    """Hold proposed thresholds against the stored scores of the last 30 days.

    Args:
        model: the champion's own thresholds, for a site that has none.
    """
    since, proposed = now - PERIOD, Thresholds(hold, reject)
    with database.read() as memory:
        present = _present(memory.sites.by_id(site_id).policy, model)
        edges = _edges(proposed, present)
        found = memory.figures.scores(site_id, since, edges[1:])
        made, is_cut = memory.figures.made(site_id, since)
        decided = memory.figures.scores_of_decided(site_id, since)
    scored = _scored(found, edges, _words(made), decided)
    return ThresholdEffect(
        proposed=_outcome(proposed, scored),
        present=_outcome(present, scored) if present else None,
        unscored=found.counts.get(None, 0),
        histogram=_histogram(scored),
        is_cut=is_cut or found.is_cut,
    )


def _edges(*thresholds: Thresholds | None) -> list[float]:
    """Return where bins begin and verdicts change: in between, scores are all the same to us."""
    changes = {edge for one in thresholds if one for edge in (one.hold, one.reject)}
    return sorted({*BEGINNINGS} | {edge for edge in changes if edge > 0.0})


def _present(policy: Policy, model: Thresholds | None) -> Thresholds | None:
    hold, reject = policy.hold_above, policy.reject_above
    if hold is None:
        hold = model.hold if model else None
    if reject is None:
        reject = model.reject if model else None
    return None if hold is None or reject is None else Thresholds(hold, reject)


def _words(made: Sequence[Made]) -> Mapping[str, Word]:
    """Return the last word of a person that was not taken back, by comment."""
    undone = {one.undoes for one in made}
    return {
        one.comment_id: _word(one)
        for one in made
        if one.key_id is not None and one.undoes is None and one.id not in undone
    }


def _word(decision: Made) -> Word:
    if decision.verdict is Verdict.PUBLISH:
        return Word.PUBLISHED
    is_spam = decision.verdict is Verdict.REJECT and decision.reason in SPAM
    return Word.SPAM if is_spam else Word.OTHER


def _scored(
    found: Scores,
    edges: Sequence[float],
    words: Mapping[str, Word],
    decided: Mapping[str, tuple[Status, float | None]],
) -> Scored:
    """Tell the comments that people spoke of from the others; an edge stands for what follows."""
    scored = Counter(
        {(edges[n], Word.NONE): count for n, count in found.counts.items() if n is not None}
    )
    for one, (status, score) in decided.items():
        if one in words and score is not None and one >= found.since.get(status, UNCOUNTED):
            edge = edges[bisect_right(edges, score) - 1]
            scored[edge, words[one]] += 1
            scored[edge, Word.NONE] -= 1
    return scored


def _outcome(thresholds: Thresholds, scored: Scored) -> Outcome:
    verdicts = dict.fromkeys(Verdict, 0)
    kept = passed = 0
    for (score, word), n in scored.items():
        verdict = thresholds.verdict(score)
        verdicts[verdict] += n
        kept += n * (word is Word.PUBLISHED and verdict is not Verdict.PUBLISH)
        passed += n * (word is Word.SPAM and verdict is Verdict.PUBLISH)
    return Outcome(thresholds, verdicts, kept, passed)


def _histogram(scored: Scored) -> tuple[Bin, ...]:
    words: Counter[tuple[int, Word]] = Counter()
    for (score, word), n in scored.items():
        words[bisect_right(BEGINNINGS, score) - 1, word] += n
    return tuple(
        Bin(n / BINS, (n + 1) / BINS, {word: words[n, word] for word in Word}) for n in range(BINS)
    )
