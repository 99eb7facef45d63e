"""Show which parts of a comment pushed its score, and how far.

The model adds up weights, so its opinion can be taken apart without a remainder: the bias, the
weights of the spans and those of the signals add up to the log-odds. An n-gram shares its weight
equally among the places where it occurs, and there among its characters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier import features
from classifier.features import Document, Reading
from classifier.scoring import Scorer, Weights, probability

_FAINT = 0.1
"""A piece with less than this share of the strongest piece's weight is neither for nor against."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece ``text[start:end]`` and the log-odds it adds: above 0 it speaks for spam."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score taken apart: ``bias``, the spans' weights and the signals add up to ``log_odds``.

    Attributes
    ----------
    probability : float
        What the scorer says, in [0, 1].
    log_odds : float
        The same as log-odds, natural logarithm.
    bias : float
        What the model thinks before it has read anything.
    spans : tuple of Span
        Pieces of the text from left to right, not overlapping.
    signals : mapping of str to float
        Log-odds by signal: those of `features.SIGNALS` and ``author``. ``author`` and ``url`` hold
        what is written in the author's name and address.
    """

    probability: float
    log_odds: float
    bias: float
    spans: tuple[Span, ...]
    signals: Mapping[str, float]


def explain(scorer: Scorer, document: Document) -> Explanation:
    """Take apart the score that `scorer` gives to `document`."""
    weights = scorer.weights
    reading = features.read(document)
    text, author, url = _by_field(reading, _by_code(reading, weights), len(document.text))
    signals = dict(
        zip(features.SIGNALS, map(float.__mul__, weights.signals, reading.signals), strict=True)
    )
    signals["author"] = author
    signals["url"] += url
    log_odds = weights.log_odds(document)
    spans = _spans(document.text[: len(text)], text)
    return Explanation(probability(log_odds), log_odds, weights.bias, spans, signals)


def _by_code(reading: Reading, weights: Weights) -> NDArray[np.float64]:
    """Return the log-odds that each normalised character adds, shape (m,)."""
    codes = reading.normal.codes
    buckets = features.hash_ngrams(codes)
    starts, stops = features.ngram_bounds(codes)
    distinct, which, times = np.unique(buckets, return_inverse=True, return_counts=True)
    width = (stops - starts) * times[which] * np.sqrt(len(distinct) + features.RESERVE)
    share = weights.ngrams[buckets] / width
    steps = np.zeros(len(codes) + 1)
    np.add.at(steps, starts, share)
    np.subtract.at(steps, stops, share)
    return np.cumsum(steps)[:-1]


def _by_field(
    reading: Reading, by_code: NDArray[np.float64], size: int
) -> tuple[NDArray[np.float64], float, float]:
    """Return the log-odds of each character of the text, and the sums over author and address."""
    places = reading.normal.positions
    in_text = (places < reading.ends[0]) & (size > 0)
    in_url = places >= reading.ends[1]
    size = min(size, features.LONGEST)
    text = np.zeros(size)
    np.add.at(text, np.clip(places[in_text] - 1, 0, size - 1), by_code[in_text])
    author = by_code[~in_text & ~in_url].sum()
    return text, float(author), float(by_code[in_url & ~in_text].sum())


def _spans(text: str, weights: NDArray[np.float64]) -> tuple[Span, ...]:
    """Cut `text` into words, and join neighbours that push the same way."""
    words = list(re.finditer(r"\S+", text)) or list(re.finditer(r"(?s).+", text))
    if not words:
        return ()
    starts = np.array([0] + [word.start() for word in words[1:]])
    stops = [word.end() for word in words]
    by_word = np.add.reduceat(weights, starts)
    faint = np.abs(by_word) <= _FAINT * np.abs(by_word).max()
    way = np.where(faint, 0, np.sign(by_word))
    first = np.flatnonzero(np.diff(way, prepend=np.nan) != 0)
    last = np.append(first[1:], len(words)) - 1
    sums = np.add.reduceat(by_word, first)
    return tuple(
        Span(words[i].start(), stops[j], float(weight))
        for i, j, weight in zip(first, last, sums, strict=True)
    )
