"""The models of this installation: which there are, which one judges, which one challenges it.

With moderation.spam the only place that opens the classifier.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from classifier import drift, errors
from classifier.features import Document
from classifier.registry import Registry
from classifier.scoring import Scorer
from classifier.versions import VersionInfo
from moderation.domain.comment import Comment
from moderation.domain.model import Drifting, Histogram
from moderation.errors import (
    ModelIncompatible,
    ModelUntrusted,
    ModerationError,
    NotFound,
    NothingToRollBackTo,
)
from moderation.spam import Opinion, document_of

log = structlog.get_logger()

week_of = drift.week_of


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of one version.

    Attributes:
        status: champion, challenger or retired.
        created_at: ISO 8601; empty if it cannot be trusted.
        metrics: measured when it was trained.
        problem: why it must not be used, None if it may.
        profiles: distributions over its training data, where its manifest holds them.
    """

    version: str
    status: str
    created_at: str
    metrics: Mapping[str, Any]
    problem: str | None
    profiles: Mapping[Drifting, Mapping[str, Sequence[float]]]

    def instability(self, histogram: Histogram) -> float | None:
        """Return the population stability index of a week, None where there is no profile."""
        profile = self.profiles.get(histogram.kind)
        if profile is None or not histogram.comments:
            return None
        counts = [histogram.counts.get(number, 0) for number in range(len(profile["shares"]))]
        return drift.stability_index(profile["shares"], counts)

    def bins(self, kind: Drifting, values: Sequence[float]) -> list[int]:
        """Return the number of the bin of each value; empty where there is no profile."""
        profile = self.profiles.get(kind)
        return [] if profile is None else np.searchsorted(profile["edges"], values).tolist()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that was verified and loaded."""

    about: Version
    scorer: Scorer

    def opinions(self, comments: Sequence[Comment]) -> list[Opinion]:
        """Return what this version thinks of each comment."""
        one = self.scorer
        scores = one.score(_documents(comments)).tolist()
        return [Opinion(score, one.version, one.hold, one.reject) for score in scores]

    def false_positives(self, approved: Sequence[Comment]) -> int:
        """Return how many of these comments reach this version's own hold threshold."""
        return sum(opinion.score >= opinion.hold for opinion in self.opinions(approved))

    def unseen_shares(self, comments: Sequence[Comment]) -> list[float]:
        """Return the share of each comment's features that training never met."""
        return list(map(float, self.scorer.unseen_share(_documents(comments))))


class Models:
    """The registry of this installation. Safe to use from many processes and threads.

    Attributes:
        folder: where the versions are.
    """

    def __init__(self, folder: Path, keys: Sequence[bytes]) -> None:
        self.folder = folder
        self._registry = Registry(folder, keys)

    def all(self) -> list[Version]:
        """Return every version, the newest first, also those that cannot be used."""
        return list(map(_version, self._registry.versions()))

    @property
    def champion(self) -> str | None:
        """Name of the version that judges."""
        return self._registry.champion_version()

    @property
    def challenger(self) -> str | None:
        """Name of the version that challenges it."""
        return self._registry.challenger_version()

    def find(self, version: str) -> Version:
        """Return what is known of a version; raises NotFound."""
        with _translated():
            return _version(self._registry.describe(version))

    def load(self, version: str) -> Candidate:
        """Verify and load a version.

        Raises:
            NotFound: there is none of this name.
            ModelUntrusted, ModelIncompatible: it must not, or cannot, be used.
        """
        with _translated():
            scorer = self._registry.load(version)
            return Candidate(_version(self._registry.describe(version)), scorer)

    def promote(self, version: str) -> None:
        """Make `version` the champion, whoever it is; raises like `load`."""
        with _translated():
            self._registry.promote(version)

    def challenge(self, version: str) -> None:
        """Make `version` the challenger; raises like `load`."""
        with _translated():
            self._registry.challenge(version)

    def rollback(self) -> str:
        """Make the champion before this one champion again and return its name.

        Raises:
            NothingToRollBackTo: there was none.
        """
        with _translated():
            try:
                return self._registry.rollback()
            except errors.ModelNotFound as error:  # its folder was removed
                raise NothingToRollBackTo(str(error)) from error

    def seats(self) -> tuple["Seat", "Seat"]:
        """Return the champion's seat and the challenger's."""
        return (
            Seat(self, self._registry.champion_stamp, lambda: self.champion),
            Seat(self, self._registry.challenger_stamp, lambda: self.challenger),
        )


class Seat:
    """Who is champion, or challenger, now: loaded again only when it changes. For one thread."""

    def __init__(
        self,
        models: Models,
        stamp: Callable[[], tuple[object, ...]],
        name: Callable[[], str | None],
    ) -> None:
        self._models, self._stamp_now, self._name = models, stamp, name
        self._stamp: tuple[object, ...] | None = None
        self._taken_by: Candidate | None = None

    def taken_by(self) -> Candidate | None:
        """Return who sits here; None if nobody does, or nobody who can be trusted."""
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._taken_by = self._load()
            self._stamp = stamp
        return self._taken_by

    def _load(self) -> Candidate | None:
        name = self._name()
        try:
            return None if name is None else self._models.load(name)
        except ModerationError as error:
            log.error("model_refused", version=name, error=error.code)
            return None


def _documents(comments: Sequence[Comment]) -> list[Document]:
    return [document_of(one.text, one.locale, one.author) for one in comments]


def _version(info: VersionInfo) -> Version:
    told = info.profiles if isinstance(info.profiles, Mapping) else {}
    profiles = {kind: told[kind] for kind in Drifting if drift.is_profile(told.get(kind))}
    return Version(
        info.version, info.status.value, info.created_at, info.metrics, info.problem, profiles
    )


@contextmanager
def _translated() -> Iterator[None]:
    """Raise the classifier's refusals as this service's, with its words."""
    try:
        yield
    except (errors.ModelNotFound, errors.InvalidVersion) as error:
        raise NotFound(str(error)) from error
    except errors.NothingToRollBackTo as error:
        raise NothingToRollBackTo(str(error)) from error
    except errors.UntrustedModel as error:
        raise ModelUntrusted(str(error)) from error
    except errors.IncompatibleModel as error:
        raise ModelIncompatible(str(error)) from error
