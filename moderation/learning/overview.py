"""Every version with what is known of it now: drift, and how a challenger would judge."""

from dataclasses import dataclass
from typing import Any

from moderation.domain.finding import Verdict
from moderation.domain.model import ShadowFigures
from moderation.learning.drift import Drift, drift_of
from moderation.learning.models import Models, Version
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Standing:
    """A version and how it does.

    Attributes:
        drift: None without a profile, or without a week of enough comments.
        shadow: for the challenger alone.
    """

    about: Version
    drift: Drift | None
    shadow: ShadowFigures | None

    def told(self) -> dict[str, Any]:
        """Return it as the API tells it."""
        return {
            "version": self.about.version,
            "status": self.about.status,
            "created_at": self.about.created_at,
            "metrics": self.about.metrics,
            "problem": self.about.problem,
            "drift": _drift(self.drift),
            "shadow": _shadow(self.shadow),
        }


def overview(database: Database, models: Models, limit: float) -> list[Standing]:
    """Return every version, the newest first.

    Raises:
        StoreUnavailable: the database is away.
    """
    challenger = models.challenger
    with database.read() as memory:
        return [_standing(version, challenger, memory, limit) for version in models.all()]


def standing(name: str, database: Database, models: Models, limit: float) -> Standing:
    """Return one version; raises NotFound and StoreUnavailable."""
    with database.read() as memory:
        return _standing(models.find(name), models.challenger, memory, limit)


def _standing(
    about: Version, challenger: str | None, memory: Transaction, limit: float
) -> Standing:
    histograms = memory.drift_counts.of_model(about.version) if about.profiles else ()
    is_challenger = about.version == challenger
    shadow = memory.shadows.figures(about.version) if is_challenger else None
    return Standing(about, drift_of(about, histograms, limit), shadow)


def _drift(drift: Drift | None) -> dict[str, Any] | None:
    if drift is None:
        return None
    return {
        "week": drift.week,
        "scores": drift.scores,
        "unseen": drift.unseen,
        "limit": drift.limit,
        "passed": drift.passed,
    }


def _shadow(figures: ShadowFigures | None) -> dict[str, Any] | None:
    if figures is None:
        return None
    verdicts = (Verdict.HOLD, Verdict.REJECT)
    return {
        "comments": figures.comments,
        "agreement": figures.agreement,
        "challenger": {one.value: figures.challenger_share(one) for one in verdicts},
        "champion": {one.value: figures.champion_share(one) for one in verdicts},
    }
