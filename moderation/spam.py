"""The one door to the classifier: load once, watch for another champion, score, explain."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import structlog

from classifier.alphabet import fold as fold_text
from classifier.errors import ClassifierError
from classifier.explanation import explain
from classifier.features import Document
from classifier.keys import ensure_keys, read_keys, rotate_keys
from classifier.registry import Registry
from classifier.scoring import Scorer
from moderation.domain.comment import Author
from moderation.errors import ConfigurationError

log = structlog.get_logger()

WATCH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model thinks of a text.

    Attributes:
        score: probability of spam, in [0, 1].
        model: version that says so.
        hold: the model's own threshold from which to hold.
        reject: the model's own threshold from which to reject.
    """

    score: float
    model: str
    hold: float
    reject: float


def fold(text: str) -> str:
    """Return `text` as the eye reads it: lower case, no accents, look-alike letters as Latin."""
    return fold_text(text)


def signing_keys(data: Path) -> list[bytes]:
    """Return the secrets of this installation, newest first, made on the first call.

    Raises:
        ConfigurationError: the file cannot be read, or holds something else.
    """
    try:
        ensure_keys(data)
        return read_keys(data)
    except ClassifierError as error:
        raise ConfigurationError([str(error)]) from error


def rotate_signing_keys(data: Path) -> None:
    """Put a fresh secret first; those after it stay good for what they have signed.

    Raises:
        ConfigurationError: the file cannot be read, or holds something else.
    """
    signing_keys(data)
    rotate_keys(data)


def install_baseline(folder: Path, keys: Sequence[bytes]) -> None:
    """Put the model that ships with the package into an empty registry, as champion.

    Where that fails the service starts all the same: comments are held until there is a model.
    """
    try:
        Registry(folder, keys).install_baseline()
    except ClassifierError as error:
        log.error("baseline_not_installed", error=type(error).__name__, reason=str(error))


class SpamModel:
    """The champion of the registry at `folder`, as it is on the disk now.

    A champion that is missing or whose bytes do not verify gives no opinion: the caller holds
    the comment. Safe to use from many threads.
    """

    def __init__(
        self, folder: Path, keys: Sequence[bytes], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._registry = Registry(folder, keys)
        self._clock = clock
        self._lock = Lock()
        self._stamp: tuple[Any, ...] | None = None
        self._looked_at = float("-inf")
        self._scorer: Scorer | None = None

    def opinion(self, text: str, locale: str, author: Author) -> Opinion | None:
        """Return the champion's opinion, or None when there is no champion to trust."""
        scorer = self._current()
        if scorer is None:
            return None
        score = scorer.score_one(document_of(text, locale, author))
        return Opinion(float(score), scorer.version, scorer.hold, scorer.reject)

    def scores(self, texts: Sequence[str], locale: str) -> tuple[list[float], str] | None:
        """Return the spam probabilities of `texts` and the version that gave them."""
        scorer = self._current()
        if scorer is None:
            return None
        documents = [Document(text, lang=_language(locale)) for text in texts]
        return scorer.score(documents).tolist(), scorer.version

    def explanation(self, text: str, locale: str, author: Author) -> dict[str, Any] | None:
        """Return what pushed the score: spans over `text` and named signals, in log-odds."""
        scorer = self._current()
        if scorer is None:
            return None
        told = explain(scorer, document_of(text, locale, author))
        return {
            "spans": [{"start": s.start, "end": s.end, "weight": s.weight} for s in told.spans],
            "signals": dict(told.signals),
            "bias": told.bias,
            "log_odds": told.log_odds,
            "model": scorer.version,
        }

    @property
    def hold(self) -> float | None:
        """The champion's own threshold from which to hold, None when there is no champion."""
        scorer = self._current()
        return scorer.hold if scorer else None

    @property
    def reject(self) -> float | None:
        """The same from which to reject."""
        scorer = self._current()
        return scorer.reject if scorer else None

    @property
    def version(self) -> str | None:
        """Version in use, None when there is none to trust."""
        scorer = self._current()
        return scorer.version if scorer else None

    def _current(self) -> Scorer | None:
        """Return the champion's scorer as of a second ago at most, loaded if it has changed.

        One thread loads; the others go on with the scorer there was, and wait where there was
        none.
        """
        if not self._is_due() or not self._lock.acquire(blocking=self._scorer is None):
            return self._scorer
        try:
            if self._is_due():
                self._look()
                self._looked_at = self._clock()
        finally:
            self._lock.release()
        return self._scorer

    def _is_due(self) -> bool:
        return self._clock() - self._looked_at >= WATCH_SECONDS

    def _look(self) -> None:
        stamp = self._registry.champion_stamp()
        if stamp == self._stamp:
            return
        try:
            self._scorer = self._registry.load_champion()
            log.info("model_loaded", version=self._scorer.version)
        except ClassifierError as error:
            self._scorer = None
            log.error("model_refused", error=type(error).__name__, reason=str(error))
        self._stamp = stamp


def document_of(text: str, locale: str, author: Author) -> Document:
    """Return a comment as the classifier reads it."""
    return Document(text, lang=_language(locale), author=author.name, url=author.url)


def _language(locale: str) -> str:
    return locale.partition("-")[0].lower()
