"""Score comments with a trained model: NumPy alone, so a web worker never loads scikit-learn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import add, mul, sub
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import features
from classifier.artefact import Artefact
from classifier.errors import IncompatibleModel
from classifier.features import Document, Reading, worth_of_characters, worth_of_words
from classifier.hashing import BUCKETS, CHARACTERS, hash_pairs
from classifier.lexicon import COUNTED_FROM, Lexicon
from classifier.signals import SIGNALS
from classifier.vocabulary import SIZE, unseen_share

BATCH = 64
"""Documents that are scored at once: enough to share the cost, few enough for the cache."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a model learnt, as log-odds of spam (natural logarithm).

    Attributes
    ----------
    ngrams : ndarray of shape (hashing.BUCKETS,), float64
        One for each bucket; see `features` for what an n-gram is worth.
    signals : tuple of float
        For one unit of each of `signals.SIGNALS`.
    bias : float
        For a comment that says nothing.
    pairs : ndarray of float32
        The part of `ngrams` that pairs of words use, small enough for the processor's cache.
    lexicon : Lexicon
        Remembers tokens under these weights.
    vocabulary : ndarray of shape (vocabulary.SIZE,), uint8, or None
        The words the model has met, if it knows.
    """

    ngrams: NDArray[np.float64]
    signals: tuple[float, ...]
    bias: float
    pairs: NDArray[np.float32] = field(repr=False, compare=False)
    lexicon: Lexicon = field(repr=False, compare=False)
    vocabulary: NDArray[np.uint8] | None = field(repr=False, compare=False)

    def log_odds(self, documents: Sequence[Document]) -> list[float]:
        """Return the log-odds that each document is spam."""
        readings = [features.read(document) for document in documents]
        tokens, starts = features.arrange(readings)
        page, rows = self.lexicon.look_up(tokens)
        sums = np.add.reduceat(page.table.take(rows[:-2], axis=0), starts, axis=0).tolist()
        pairs = self.pairs.take(hash_pairs(page.parts.take(rows, axis=0)))
        near, across = np.add.reduceat(pairs, starts, axis=1, dtype=np.float64).tolist()
        sizes = map(sub, [*starts[1:], pairs.shape[1]], starts)
        return list(map(self._add, documents, readings, sums, map(add, near, across), sizes))

    def _add(
        self,
        document: Document,
        reading: Reading,
        sums: list[float],
        pair_sum: float,
        size: int,
    ) -> float:
        """Add up what was found in a document with `size` tokens."""
        characters, words, character_size, word_size = sums[:COUNTED_FROM]
        signals = features.signals_of(document, reading, sums[COUNTED_FROM:])
        log_odds: float = (
            self.bias
            + characters * worth_of_characters(character_size)
            + (words + pair_sum) * worth_of_words(word_size + 2 * size)
            + math.fsum(map(mul, self.signals, signals))
        )
        return log_odds


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

    def unseen_share(self, documents: Sequence[Document]) -> NDArray[np.float64]:
        """Return the share of each document's words that the model never met: (n,), in [0, 1].

        See `vocabulary`; 0 for a model that does not know which words it met.
        """
        met = self.weights.vocabulary
        if met is None:
            return np.zeros(len(documents))
        return np.array([unseen_share(met, document) for document in documents])

    def score(self, documents: Sequence[Document]) -> NDArray[np.float64]:
        """Return the probability of spam of each document, shape (n,), in order."""
        scores: list[float] = []
        for start in range(0, len(documents), BATCH):
            scores += map(probability, self.weights.log_odds(documents[start : start + BATCH]))
        return np.array(scores, dtype=np.float64)

    def score_one(self, document: Document) -> float:
        """Return the probability, in [0, 1], that `document` is spam."""
        return probability(self.weights.log_odds([document])[0])


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
    shapes = {"ngrams": (BUCKETS,), "signals": (len(SIGNALS),), "bias": ()}
    checked = {name: np.asarray(arrays[name], dtype=np.float64) for name in shapes}
    for name, shape in shapes.items():
        if checked[name].shape != shape or not np.isfinite(checked[name]).all():
            raise ValueError(f"array {name} is not {shape} finite numbers")
    return Weights(
        ngrams=checked["ngrams"],
        signals=tuple(checked["signals"].tolist()),
        bias=float(checked["bias"]),
        pairs=checked["ngrams"][CHARACTERS:].astype(np.float32),
        lexicon=Lexicon(checked["ngrams"]),
        vocabulary=_vocabulary(arrays.get("vocabulary")),
    )


def _vocabulary(bits: Any) -> NDArray[np.uint8] | None:
    """Check the set of words, if there is one."""
    if bits is None:
        return None
    checked = np.asarray(bits)
    if checked.shape != (SIZE,) or checked.dtype != np.uint8:
        raise ValueError(f"array vocabulary is not {SIZE} bytes")
    return checked
