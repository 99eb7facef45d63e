"""Say whether one model is better than another on the same comments, or only luckier."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from classifier.dataset import Example
from classifier.evaluation import Thresholds, evaluate
from classifier.scoring import Scorer

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Difference:
    """How the second model's share of held comments differs from the first's.

    Attributes
    ----------
    gained, lost : int
        Comments that only the second model holds, and that only the first does.
    of : int
        Comments there are.
    """

    gained: int
    lost: int
    of: int

    @property
    def value(self) -> float:
        """The second share less the first, in [-1, 1]."""
        return (self.gained - self.lost) / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the difference of paired shares (Agresti and Min, 2005).

        Wald's interval after half an observation was added to each of the four outcomes: close to
        its 95 % also where few comments differ.
        """
        of, gained, lost = self.of + 2, self.gained + 0.5, self.lost + 0.5
        middle = (gained - lost) / of
        half = _Z * math.sqrt(gained + lost - (gained - lost) ** 2 / of) / of
        return (max(-1.0, middle - half), min(1.0, middle + half))

    @property
    def p_value(self) -> float:
        """How likely chance alone splits the disagreements so unevenly (McNemar, 1947, exact).

        Examples
        --------
        >>> round(Difference(9, 1, 100).p_value, 4)
        0.0215
        """
        disagreements = self.gained + self.lost
        if not disagreements:
            return 1.0
        return float(binomtest(self.gained, disagreements).pvalue)

    def as_dict(self) -> dict[str, Any]:
        """Return the difference as JSON tells it."""
        return {
            "difference": self.value,
            "interval": self.interval,
            "p_value": self.p_value,
            "only_first": self.lost,
            "only_second": self.gained,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same comments.

    Attributes
    ----------
    names : tuple of str
        The versions.
    reports : tuple of dict
        Their figures, see `evaluation.evaluate`.
    recall, false_positive_rate : Difference
        Of the second to the first, each at its own hold threshold.
    disagreements : tuple of dict
        The comments whose scores differ most: text, label and both scores.
    """

    names: tuple[str, str]
    reports: tuple[dict[str, Any], dict[str, Any]]
    recall: Difference
    false_positive_rate: Difference
    disagreements: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON tells it."""
        return {
            "versions": self.names,
            "figures": self.reports,
            "recall": self.recall.as_dict(),
            "false_positive_rate": self.false_positive_rate.as_dict(),
            "disagreements": self.disagreements,
        }


def compare(first: Scorer, second: Scorer, examples: Sequence[Example], show: int) -> Comparison:
    """Compare two models on `examples`, and show the `show` comments they disagree on most."""
    documents = [example.document for example in examples]
    scores = (first.score(documents), second.score(documents))
    held = (scores[0] >= first.hold, scores[1] >= second.hold)
    is_spam = np.array([example.is_spam for example in examples], dtype=np.bool_)
    thresholds = (Thresholds(scorer.hold, scorer.reject) for scorer in (first, second))
    figures = [evaluate(examples, *pair) for pair in zip(scores, thresholds, strict=True)]
    return Comparison(
        (first.version, second.version),
        (figures[0], figures[1]),
        _difference(held[0][is_spam], held[1][is_spam]),
        _difference(held[0][~is_spam], held[1][~is_spam]),
        tuple(_disagreements(examples, scores, held, show)),
    )


def _difference(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Difference:
    return Difference(int((second & ~first).sum()), int((first & ~second).sum()), len(first))


def _disagreements(
    examples: Sequence[Example],
    scores: tuple[NDArray[np.float64], NDArray[np.float64]],
    held: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    show: int,
) -> list[dict[str, Any]]:
    """Return the comments that one model holds and the other does not, the farthest apart first."""
    split = np.flatnonzero(held[0] != held[1])
    distance = np.abs(scores[1] - scores[0])[split]
    ranked = split[np.argsort(-distance, kind="stable")][:show]
    return [
        {
            "text": examples[place].document.text,
            "label": "spam" if examples[place].is_spam else "ham",
            "lang": examples[place].document.lang,
            "first": float(scores[0][place]),
            "second": float(scores[1][place]),
        }
        for place in ranked
    ]
