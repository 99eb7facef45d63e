"""Show which parts of a comment pushed its score, and how far.

The model adds up weights, so its opinion can be taken apart without a remainder: the bias, the
weights of the spans and those of the signals add up to the log-odds. A pair of words shares its
weight equally between both.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from classifier import features
from classifier.features import Document, Reading, worth_of_characters, worth_of_words
from classifier.hashing import hash_pairs
from classifier.lexicon import COUNTED_FROM
from classifier.normalise import cut
from classifier.scoring import Scorer, Weights, probability
from classifier.signals import SIGNALS

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
        What the model thinks of a comment with so many words before it has read any.
    spans : tuple of Span
        Pieces of the text from left to right, not overlapping.
    signals : mapping of str to float
        Log-odds by signal: those of `signals.SIGNALS` and ``author``. ``author`` and ``url`` hold
        what is written in the author's name and address.
    """

    probability: float
    log_odds: float
    bias: float
    spans: tuple[Span, ...]
    signals: Mapping[str, float]


def explain(scorer: Scorer, document: Document) -> Explanation:
    """Take apart the score that `scorer` gives to `document`."""
    reading = features.read(document)
    by_token, values = _take_apart(scorer.weights, document, reading)
    sizes = [2, len(reading.text), len(reading.fields.name), len(reading.fields.url)]
    before, text, name, url, after = np.split(by_token, np.cumsum(sizes))
    signals = dict(zip(SIGNALS, map(float.__mul__, scorer.weights.signals, values), strict=True))
    signals["author"] = float(name.sum())
    signals["url"] += float(url.sum())
    log_odds = scorer.weights.log_odds([document])[0]
    bias = scorer.weights.bias + float(before.sum() + after.sum())
    places = cut(document.text[: features.LONGEST])
    if reading.kept is not None:
        places = [places[place] for place in reading.kept]
    spans = _spans(places, text.tolist())
    return Explanation(probability(log_odds), log_odds, bias, spans, signals)


def _take_apart(
    weights: Weights, document: Document, reading: Reading
) -> tuple[NDArray[np.float64], tuple[float, ...]]:
    """Return the log-odds that each token adds, also before and after the text; the signals."""
    tokens, _ = features.arrange([reading])
    page, rows = weights.lexicon.look_up(tokens)
    table = page.table[rows]
    table[-2:] = 0
    sums = table.sum(axis=0)
    of_words = table[:, 1]
    halves = weights.pairs[hash_pairs(page.parts[rows])] / 2
    pairs = halves.shape[1]
    for distance, half in enumerate(halves, start=1):
        of_words[:pairs] += half
        of_words[distance : distance + pairs] += half
    of_words *= worth_of_words(sums[3] + 2 * pairs)
    of_characters = table[:, 0] * worth_of_characters(sums[2])
    signals = features.signals_of(document, reading, sums[COUNTED_FROM:].tolist())
    return of_characters + of_words, signals


def _spans(places: Sequence[tuple[int, int]], weights: Sequence[float]) -> tuple[Span, ...]:
    """Join neighbouring tokens that push the same way."""
    faint = _FAINT * max(map(abs, weights), default=0.0)

    def way(token: tuple[tuple[int, int], float]) -> int:
        return 0 if abs(token[1]) <= faint else int(math.copysign(1, token[1]))

    spans = []
    for _, group in groupby(zip(places, weights, strict=True), key=way):
        tokens = list(group)
        weight = math.fsum(weight for _, weight in tokens)
        spans.append(Span(tokens[0][0][0], tokens[-1][0][1], weight))
    return tuple(spans)
