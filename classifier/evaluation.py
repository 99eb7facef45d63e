"""Say how good a model is, in figures, overall and by language and source."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from classifier.dataset import Example

FEW_FALSE_POSITIVES = 0.005
BINS = 10
_Z = 1.96

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which a comment is held, and rejected."""

    hold: float
    reject: float


def evaluate(
    examples: Sequence[Example], scores: NDArray[np.float64], thresholds: Thresholds
) -> dict[str, Any]:
    """Return the figures of a model that gave `scores` to `examples`.

    Returns
    -------
    dict
        ``thresholds`` (``hold``, ``reject``); ``overall``, see `measure`; and the same by name in
        ``by_language``, ``by_source`` and, of examples that have one, ``by_kind``.
    """
    languages = [example.document.lang or "unknown" for example in examples]
    sources = [example.source for example in examples]
    is_spam = np.array([example.is_spam for example in examples], dtype=np.bool_)
    return {
        "thresholds": {"hold": thresholds.hold, "reject": thresholds.reject},
        "overall": measure(is_spam, scores, thresholds),
        "by_language": _by(languages, is_spam, scores, thresholds),
        "by_source": _by(sources, is_spam, scores, thresholds),
        "by_kind": _by([example.kind for example in examples], is_spam, scores, thresholds),
    }


def measure(
    is_spam: NDArray[np.bool_], scores: NDArray[np.float64], thresholds: Thresholds
) -> Figures:
    """Return figures for some examples; None stands for what they cannot tell.

    Returns
    -------
    dict
        ``spam`` and ``ham``, how many there are. At the hold threshold ``accuracy``,
        ``precision``, ``recall``, ``f1``, ``mcc`` (Matthews) and ``false_positive_rate``, with
        ``intervals`` of the latter and the recall. At the reject threshold ``reject_recall`` and
        ``reject_false_positive_rate``. Over all thresholds ``average_precision``, and
        ``recall_at_low_fpr``: the recall where 0.5 % of the ham is taken for spam; and
        ``calibration_error``, see `calibration_error`.
    """
    held, rejected = scores >= thresholds.hold, scores >= thresholds.reject
    spam, ham = int(is_spam.sum()), int((~is_spam).sum())
    caught, blamed = int(held[is_spam].sum()), int(held[~is_spam].sum())
    return {
        "spam": spam,
        "ham": ham,
        **_confusion(caught, spam, blamed, ham),
        "reject_recall": _share(int(rejected[is_spam].sum()), spam),
        "reject_false_positive_rate": _share(int(rejected[~is_spam].sum()), ham),
        "average_precision": _average_precision(is_spam, scores),
        "recall_at_low_fpr": _recall_at(is_spam, scores),
        "calibration_error": calibration_error(is_spam, scores),
        "intervals": {
            "recall": interval(caught, spam),
            "false_positive_rate": interval(blamed, ham),
        },
    }


def calibration_error(is_spam: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Return the expected calibration error (Naeini, Cooper and Hauskrecht, 2015), in [0, 1].

    The mean difference, over ten bins of equal width and by the number in each, between the
    probability given and the share of spam.

    Examples
    --------
    >>> round(calibration_error(np.array([True, False]), np.array([0.9, 0.3])), 3)
    0.2
    """
    bins = np.minimum((scores * BINS).astype(np.intp), BINS - 1)
    given = np.bincount(bins, weights=scores, minlength=BINS)
    found = np.bincount(bins, weights=is_spam, minlength=BINS)
    return float(np.abs(given - found).sum() / len(scores))


def bootstrap(
    values: NDArray[np.float64], seed: int = 0, rounds: int = 1000
) -> tuple[float, float]:
    """Return the 95 % interval of the mean of `values` (Efron, 1979), by resampling.

    Examples
    --------
    >>> bootstrap(np.ones(10))
    (1.0, 1.0)
    """
    random = np.random.default_rng(seed)
    means = [values[random.integers(len(values), size=len(values))].mean() for _ in range(rounds)]
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def lowest_threshold(ham: NDArray[np.float64], rate: float) -> float:
    """Return the lowest threshold that at most a share `rate` of the scores `ham` reaches.

    Examples
    --------
    >>> 0.3 < lowest_threshold(np.array([0.1, 0.2, 0.3, 0.9]), rate=0.25) < 0.31
    True
    """
    allowed = int(rate * len(ham))
    return float(np.nextafter(np.sort(ham)[-1 - allowed], 1))


def interval(part: int, whole: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share (Wilson, 1927).

    Examples
    --------
    >>> [round(end, 3) for end in interval(8, 10)]
    [0.49, 0.943]
    """
    if not whole:
        return None
    share, spread = part / whole, _Z**2 / whole
    middle = share + spread / 2
    half = _Z * math.sqrt((share * (1 - share) + spread / 4) / whole)
    return (max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread)))


def _confusion(caught: int, spam: int, blamed: int, ham: int) -> Figures:
    """Return the figures of a yes-or-no decision."""
    missed, passed = spam - caught, ham - blamed
    square = (caught + blamed) * spam * ham * (passed + missed)
    return {
        "accuracy": _share(caught + passed, spam + ham),
        "precision": _share(caught, caught + blamed),
        "recall": _share(caught, spam),
        "f1": _share(2 * caught, 2 * caught + blamed + missed),
        "mcc": (caught * passed - blamed * missed) / math.sqrt(square) if square else None,
        "false_positive_rate": _share(blamed, ham),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _average_precision(is_spam: NDArray[np.bool_], scores: NDArray[np.float64]) -> float | None:
    return float(average_precision_score(is_spam, scores)) if is_spam.any() else None


def _recall_at(is_spam: NDArray[np.bool_], scores: NDArray[np.float64]) -> float | None:
    """Return the recall at the lowest threshold that spares all but 0.5 % of the ham."""
    if is_spam.all() or not is_spam.any():
        return None
    threshold = lowest_threshold(scores[~is_spam], FEW_FALSE_POSITIVES)
    return float(np.mean(scores[is_spam] >= threshold))


def _by(
    names: Sequence[str],
    is_spam: NDArray[np.bool_],
    scores: NDArray[np.float64],
    thresholds: Thresholds,
) -> dict[str, Figures]:
    """Return the figures of each group of examples of the same name, by name; no name, no group."""
    groups = np.array(names)
    return {
        str(name): measure(is_spam[groups == name], scores[groups == name], thresholds)
        for name in np.unique(groups)
        if name
    }
