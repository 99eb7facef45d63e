"""Teach a model one site's own labels, on top of what it knows already.

An operator has a few hundred labels and none of the rows the model was trained on. So the site's
model is the old one plus a *correction*, one number a feature: the sum of both is fitted to the
labels and to the corpus that ships with the package. Large corrections cost (L2), so few labels
change little and many change much; and the corpus, with the same say for every language, holds the
model in place where the site has no labels.

The correction adds to calibrated log-odds, and what comes out is not calibrated again: a slope
fitted to one site's mixture would move the scores of every language.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

from classifier import dataset
from classifier.dataset import Example, assign_folds
from classifier.evaluation import Thresholds, lowest_threshold
from classifier.labels import check_labels
from classifier.scoring import Scorer, Weights
from classifier.training import ENOUGH_HAM, HOLD_RATE, REJECT_RATE, Advance
from classifier.vectors import as_arrays, vectorise

CORPUS = tuple(sorted((Path(__file__).parent / "corpus").glob("*.jsonl")))
"""Comments that ship with the package."""

FOLDS = 3
STRENGTHS = (30.0, 100.0)
"""How freely the model may move, as scikit-learn's C; chosen by cross-validation on the labels."""

LABEL_WEIGHT = 40.0
"""What a label weighs against one row of the corpus; with very many labels, less: see `_weigh`."""

CORPUS_PER_LANGUAGE = 300.0
"""What the corpus rows of one language weigh at most, together."""

_BIAS_COST = 100.0
_ITERATIONS = 40


@dataclass(frozen=True, slots=True)
class Corrected:
    """A model with a correction.

    Attributes
    ----------
    weights : ndarray of shape (BUCKETS + len(SIGNALS),), float64
        The old model's weights and the correction in one.
    bias : float
        The same of the bias.
    held_out : ndarray of shape (n,), float64
        For each label, the probability given by a correction that had not seen it nor its like.
    thresholds : Thresholds
        Those of the old model, or higher; see `_thresholds`.
    strength : float
        The one of `STRENGTHS` that was chosen.
    vocabulary : ndarray of uint8, or None
        The words the old model had met, if it knows.
    """

    weights: NDArray[np.float64]
    bias: float
    held_out: NDArray[np.float64]
    thresholds: Thresholds
    strength: float
    vocabulary: NDArray[np.uint8] | None

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays; see `scoring.Weights`."""
        return as_arrays(self.weights, self.bias, self.vocabulary)


@dataclass(frozen=True, slots=True)
class _Task:
    """Rows to fit: `offset` is what the old model says of them, as log-odds."""

    matrix: csr_matrix
    offset: NDArray[np.float64]
    is_spam: NDArray[np.bool_]
    weights: NDArray[np.float64]

    def take(self, rows: NDArray[np.bool_]) -> "_Task":
        return _Task(self.matrix[rows], self.offset[rows], self.is_spam[rows], self.weights[rows])


def steps(strength: float | None = None) -> int:
    """Return how many steps `correct` tells about: the features, each fit, the model itself."""
    return 2 + FOLDS * (1 if strength else len(STRENGTHS))


def correct(
    champion: Scorer,
    labels: Sequence[Example],
    corpus: Sequence[Example],
    seed: int,
    advance: Advance,
    strength: float | None = None,
) -> Corrected:
    """Learn a correction of `champion` from `labels`; the same arguments give the same model.

    Parameters
    ----------
    corpus : sequence of Example
        What holds the model in place, see `read_corpus`.
    strength : float or None
        How freely the model may move; None chooses one of `STRENGTHS`.

    Raises
    ------
    InvalidDataset
        There are fewer than `labels.FEWEST` labels of either class.
    """
    is_spam = check_labels(labels)
    advance("features")
    task = _task(champion.weights, labels, corpus)
    folds = np.concatenate((assign_folds(labels, FOLDS, seed), np.full(len(corpus), -1)))
    tried = {
        choice: _cross_fit(task, folds, choice, advance)[: len(labels)]
        for choice in ((strength,) if strength else STRENGTHS)
    }
    best = min(tried, key=lambda choice: _loss(tried[choice], is_spam))
    advance("model")
    change, shift = _fit(task, best)
    held_out = expit(tried[best])
    languages = np.array([label.document.lang for label in labels])
    thresholds = _thresholds(champion, held_out[~is_spam], languages[~is_spam])
    bias = champion.weights.bias + shift
    weights, met = _known(champion.weights) + change, champion.weights.vocabulary
    return Corrected(weights, bias, held_out, thresholds, best, met)


def read_corpus() -> list[Example]:
    """Return the comments that ship with the package."""
    return list(dataset.read(CORPUS, dataset.Census()))


def _task(weights: Weights, labels: Sequence[Example], corpus: Sequence[Example]) -> _Task:
    rows = (*labels, *corpus)
    matrix = vectorise([row.document for row in rows])
    return _Task(
        matrix,
        matrix @ _known(weights) + weights.bias,
        np.array([row.is_spam for row in rows], dtype=np.bool_),
        _weigh(len(labels), corpus),
    )


def _weigh(labels: int, corpus: Sequence[Example]) -> NDArray[np.float64]:
    """Return the weight of every row.

    Labels weigh more than the corpus, until there are so many that they do so by number; the
    corpus has the same say for every language that has enough rows.
    """
    sizes = Counter(row.document.lang for row in corpus)
    label = max(1.0, min(LABEL_WEIGHT, LABEL_WEIGHT * 1000 / max(labels, 1)))
    held = [min(1.0, CORPUS_PER_LANGUAGE / sizes[row.document.lang]) for row in corpus]
    return np.concatenate((np.full(labels, label), held))


def _cross_fit(
    task: _Task, folds: NDArray[np.int64], strength: float, advance: Advance
) -> NDArray[np.float64]:
    """Return the log-odds of each row by a correction that had not seen its part."""
    log_odds = task.offset.copy()
    for fold in range(FOLDS):
        advance(f"strength {strength:g}, part {fold + 1}")
        unseen = folds == fold
        change, shift = _fit(task.take(~unseen), strength)
        log_odds[unseen] += task.matrix[unseen] @ change + shift
    return log_odds


def _fit(task: _Task, strength: float) -> tuple[NDArray[np.float64], float]:
    """Return the change of each weight and of the bias that minimise the penalised log-loss.

    The loss is the sum of w log(1 + exp(-y z)) with z the old log-odds plus the change (y = ±1),
    plus half the squared change over `strength`. Moving the bias, which all languages share, costs
    more. Columns nobody uses do not change and are not looked at.
    """
    used = np.unique(task.matrix.indices)
    matrix = task.matrix[:, used]
    turned = matrix.T.tocsr()

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        change, shift = point[:-1], point[-1]
        log_odds = task.offset + matrix @ change + shift
        error = task.weights * (expit(log_odds) - task.is_spam)
        data = task.weights @ (np.logaddexp(0, log_odds) - task.is_spam * log_odds)
        penalty = change @ change / strength + _BIAS_COST * shift**2
        slope = np.append(turned @ error + change / strength, error.sum() + _BIAS_COST * shift)
        return float(data + penalty / 2), slope

    start = np.zeros(len(used) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS}).x
    change = np.zeros(task.matrix.shape[1])
    change[used] = found[:-1]
    return change, float(found[-1])


def _loss(log_odds: NDArray[np.float64], is_spam: NDArray[np.bool_]) -> float:
    """Return the mean log-loss."""
    return float(np.mean(np.logaddexp(0, np.where(is_spam, -log_odds, log_odds))))


def _thresholds(
    champion: Scorer, ham: NDArray[np.float64], languages: NDArray[np.str_]
) -> Thresholds:
    """Return the champion's thresholds, raised where the site's own ham would suffer.

    Labels are not the traffic: moderators see above all what was held. So only a language with
    `ENOUGH_HAM` labelled ham has a say: no more of it than `HOLD_RATE` and `REJECT_RATE` may reach
    the thresholds.
    """
    names, counts = np.unique(languages, return_counts=True)
    groups = [ham[languages == name] for name in names[counts >= ENOUGH_HAM]]
    hold, reject = (
        max([threshold, *(lowest_threshold(group, rate) for group in groups)])
        for threshold, rate in ((champion.hold, HOLD_RATE), (champion.reject, REJECT_RATE))
    )
    return Thresholds(hold, max(hold, reject))


def _known(weights: Weights) -> NDArray[np.float64]:
    """Return what the old model learnt, one number a feature."""
    return np.concatenate((weights.ngrams, weights.signals))
