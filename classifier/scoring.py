"""Score comments with a trained model: NumPy alone, so a web worker never loads scikit-learn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import features
from classifier.artefact import Artefact
from classifier.errors import IncompatibleModel
from classifier.features import Document


@dataclass(frozen=True, slots=True)
class Weights:
    """What a model learnt, as log-odds of spam (natural logarithm).

    Attributes
    ----------
    ngrams : ndarray of shape (features.BUCKETS,), float64
        One for each bucket; the hit ones are added up and divided by the root of their number
        and `features.RESERVE` more.
    signals : tuple of float
        For one unit of each of `features.SIGNALS`.
    bias : float
        For a comment that says nothing.
    """

    ngrams: NDArray[np.float64]
    signals: tuple[float, ...]
    bias: float

    def log_odds(self, document: Document) -> float:
        """Return the log-odds that `document` is spam."""
        hits, is_first, signals = features.extract(document)
        root = math.sqrt(np.count_nonzero(is_first) + features.RESERVE)
        ngrams = float(self.ngrams.take(hits).dot(is_first)) / root
        return self.bias + ngrams + sum(map(float.__mul__, self.signals, signals))


@dataclass(frozen=True, slots=True)
class Scorer:
    """Says how likely a comment is spam. Immutable, so any number of threads may share one.

    Attributes
    ----------
    version : str
        The model's name.
    hold, reject : float
        The model's own thresholds, probabilities; a site may use others.
    weights : Weights
        What it learnt.
    """

    version: str
    hold: float
    reject: float
    weights: Weights

    @classmethod
    def of(cls, artefact: Artefact) -> "Scorer":
        """Return the scorer in `artefact`.

        Raises
        ------
        IncompatibleModel
            The model reads other features than this version of the classifier computes, or its
            arrays or manifest are not what they should be.
        """
        features.prepare()
        manifest = artefact.manifest
        if manifest.get("features") != features.VERSION:
            reason = (
                f"reads features {manifest.get('features')}, not {features.VERSION}: train it again"
            )
            raise IncompatibleModel(artefact.path, reason)
        try:
            hold, reject = (float(manifest["thresholds"][name]) for name in ("hold", "reject"))
            return cls(str(manifest["version"]), hold, reject, _weights(artefact.arrays))
        except (KeyError, TypeError, ValueError) as error:
            raise IncompatibleModel(artefact.path, f"is incomplete: {error}") from error

    def score(self, documents: Sequence[Document]) -> NDArray[np.float64]:
        """Return the probability of spam of each document, shape (n,), in order."""
        scores = (self.score_one(document) for document in documents)
        return np.fromiter(scores, dtype=np.float64, count=len(documents))

    def score_one(self, document: Document) -> float:
        """Return the probability, in [0, 1], that `document` is spam."""
        return probability(self.weights.log_odds(document))


def probability(log_odds: float) -> float:
    """Return the probability with these log-odds; never overflows.

    Examples
    --------
    >>> probability(0.0), probability(-1000.0), probability(1000.0)
    (0.5, 0.0, 1.0)
    """
    odds = math.exp(-abs(log_odds))
    return 1 / (1 + odds) if log_odds >= 0 else odds / (1 + odds)


def _weights(arrays: Mapping[str, Any]) -> Weights:
    """Check an artefact's arrays and return them as weights."""
    shapes = {"ngrams": (features.BUCKETS,), "signals": (len(features.SIGNALS),), "bias": ()}
    checked = {name: np.asarray(arrays[name], dtype=np.float64) for name in shapes}
    for name, shape in shapes.items():
        if checked[name].shape != shape or not np.isfinite(checked[name]).all():
            raise ValueError(f"array {name} is not {shape} finite numbers")
    return Weights(
        ngrams=checked["ngrams"],
        signals=tuple(checked["signals"].tolist()),
        bias=float(checked["bias"]),
    )
