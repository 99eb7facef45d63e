"""Has the traffic moved away from a version's training data? One figure a week."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.domain.model import Drifting, Histogram
from moderation.learning.models import Version

ENOUGH = 200  # comments in a week from which its figures say something


@dataclass(frozen=True, slots=True)
class Drift:
    """The latest week with enough comments, against the training data.

    Attributes:
        week: by ISO 8601, such as 2026-W48.
        scores: population stability index of the scores, None without a profile of them.
        unseen: the same for the shares of features that training never met.
        limit: what neither should exceed.
    """

    week: str
    scores: float | None
    unseen: float | None
    limit: float

    @property
    def passed(self) -> bool:
        """Tell whether one of the figures is beyond the limit."""
        return max(self.scores or 0.0, self.unseen or 0.0) > self.limit


def drift_of(version: Version, histograms: Sequence[Histogram], limit: float) -> Drift | None:
    """Return how far the latest telling week is from what `version` was trained on.

    Args:
        histograms: of this version, the latest week first.

    Returns:
        None where the version holds no profile, or no week has enough comments yet.
    """
    telling = [one for one in histograms if one.comments >= ENOUGH and one.kind in version.profiles]
    if not telling:
        return None
    week = telling[0].week
    figures = {one.kind: version.instability(one) for one in telling if one.week == week}
    return Drift(week, figures.get(Drifting.SCORES), figures.get(Drifting.UNSEEN), limit)
