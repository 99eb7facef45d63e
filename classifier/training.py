"""Teach a model with scikit-learn, and bring out plain arrays.

A logistic regression over the features, then a calibration of its log-odds on examples it had not
seen. Both are linear, so together they are one bias and one weight a feature, and that is all that
`scoring` needs.

Every language has its own balance: its ham weighs at most `HAM_PER_SPAM` times its spam, however
many rows there are of each. Otherwise a language with much ham and little spam would teach the
model that its words are innocent, and all spam in that language would pass.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from classifier import features
from classifier.dataset import Example, assign_folds
from classifier.errors import InvalidDataset
from classifier.evaluation import Thresholds, lowest_threshold
from classifier.features import Document

FOLDS = 5
STEPS = FOLDS + 2
"""How many steps `train` tells about: the features, each fold, the model itself."""

HOLD_RATE = 0.01
REJECT_RATE = 0.001
"""Shares of the held-out ham of any language that the thresholds may hold and reject."""

HAM_PER_SPAM = 6.0
HAM_WITHOUT_SPAM = 300.0
"""What the ham of a language may weigh as a whole: a multiple of its spam, or this many rows."""

HEAVIEST = 3.0
"""What one example weighs at most."""

ENOUGH_HAM = 1000
"""A language with less ham than this has no say of its own in the thresholds."""

_INVERSE_REGULARISATION = 30.0
_LOWEST_SLOPE = 0.01

Advance = Callable[[str], None]
"""Called before each step with its name."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model.

    Attributes
    ----------
    classifier, calibration : LogisticRegression
        From features to log-odds, and from those to calibrated ones.
    held_out : ndarray of shape (n,), float64
        For each example, the probability given by a model that had not seen it nor its like.
    thresholds : Thresholds
        They hold and reject `HOLD_RATE` and `REJECT_RATE` of the ham.
    """

    classifier: LogisticRegression
    calibration: LogisticRegression
    held_out: NDArray[np.float64]
    thresholds: Thresholds

    def predict(self, documents: Sequence[Document]) -> NDArray[np.float64]:
        """Return probabilities of spam as scikit-learn computes them: what `scoring` must equal."""
        log_odds = self.classifier.decision_function(vectorise(documents))
        probabilities: NDArray[np.float64] = self.calibration.predict_proba(log_odds[:, None])[:, 1]
        return probabilities

    def arrays(self) -> dict[str, NDArray[np.floating]]:
        """Return the model as plain arrays, calibration included; see `scoring.Weights`."""
        slope, shift = self.calibration.coef_[0, 0], self.calibration.intercept_[0]
        weights = slope * self.classifier.coef_[0]
        return {
            "ngrams": weights[: features.BUCKETS].astype(np.float32),
            "signals": weights[features.BUCKETS :],
            "bias": np.array(slope * self.classifier.intercept_[0] + shift),
        }


def train(examples: Sequence[Example], seed: int, advance: Advance) -> Trained:
    """Train on `examples`; the same examples and seed give the same model.

    Raises
    ------
    InvalidDataset
        There are fewer than two different spam or ham comments.
    """
    is_spam = np.array([example.is_spam for example in examples], dtype=np.bool_)
    folds = assign_folds(examples, FOLDS, seed)
    if min(len(set(folds[is_spam])), len(set(folds[~is_spam]))) < 2:
        raise InvalidDataset("at least two spam and two ham comments that differ are needed")
    advance("features")
    matrix = vectorise([example.document for example in examples])
    weights = balance(examples)
    log_odds = np.zeros(len(examples))
    for fold in range(FOLDS):
        advance(f"part {fold + 1} of {FOLDS}")
        unseen = folds == fold
        if unseen.any():
            model = _fit(matrix[~unseen], is_spam[~unseen], weights[~unseen])
            log_odds[unseen] = model.decision_function(matrix[unseen])
    advance("model")
    classifier = _fit(matrix, is_spam, weights)
    calibration = _calibrate(log_odds, is_spam)
    held_out = calibration.predict_proba(log_odds[:, None])[:, 1]
    ham = held_out[~is_spam]
    languages = np.array([example.document.lang for example in examples])[~is_spam]
    thresholds = Thresholds(
        *(_threshold(ham, languages, rate) for rate in (HOLD_RATE, REJECT_RATE))
    )
    return Trained(classifier, calibration, held_out, thresholds)


def vectorise(documents: Sequence[Document]) -> csr_matrix:
    """Return the features of `documents` as a sparse matrix, one row each.

    Returns
    -------
    csr_matrix of shape (n, BUCKETS + len(SIGNALS)), float64
        Buckets, worth what `features` says; then the signals.
    """
    rows = [features.extract(document) for document in documents]
    buckets = [row.buckets() for row in rows]
    sizes = np.array(list(map(len, buckets)))
    ngrams = csr_matrix(
        (
            np.repeat(1 / np.sqrt(sizes + features.RESERVE), sizes),
            np.concatenate(buckets).astype(np.int32),
            np.concatenate(([0], np.cumsum(sizes))),
        ),
        shape=(len(rows), features.BUCKETS),
    )
    return hstack((ngrams, csr_matrix([row.signals for row in rows])), format="csr")


def balance(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return the weight of each example, shape (n,), in (0, HEAVIEST]: 1 but for ham that abounds.

    Within a language, what its ham may weigh is shared among the sources by the root of their size,
    so that a hundred thousand tweets do not drown a thousand letters to the editor.
    """
    spam = Counter(example.document.lang for example in examples if example.is_spam)
    sources = Counter(_cell(example) for example in examples if not example.is_spam)
    ham: Counter[str] = Counter()
    shares: defaultdict[str, float] = defaultdict(float)
    for (language, _), count in sources.items():
        ham[language] += count
        shares[language] += math.sqrt(count)

    def weight(example: Example) -> float:
        if example.is_spam:
            return 1.0
        language = example.document.lang
        allowed = HAM_PER_SPAM * spam[language] if spam[language] else HAM_WITHOUT_SPAM
        fair = min(allowed, ham[language]) / shares[language]
        return min(HEAVIEST, fair / math.sqrt(sources[_cell(example)]))

    return np.array([weight(example) for example in examples])


def _cell(example: Example) -> tuple[str, str]:
    return example.document.lang, example.source


def _threshold(ham: NDArray[np.float64], languages: NDArray[np.str_], rate: float) -> float:
    """Return the threshold that keeps to `rate` overall and in each language with enough ham."""
    names, counts = np.unique(languages, return_counts=True)
    judgeable = names[counts >= ENOUGH_HAM]
    groups = [ham, *(ham[languages == name] for name in judgeable)]
    return max(lowest_threshold(group, rate) for group in groups)


def _fit(
    matrix: csr_matrix, is_spam: NDArray[np.bool_], weights: NDArray[np.float64]
) -> LogisticRegression:
    """Fit the classifier. Columns nobody uses get the weight 0 without being looked at."""
    used = np.unique(matrix.indices)
    model = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=1000)
    model.fit(matrix[:, used], is_spam, sample_weight=weights)
    coefficients = np.zeros((1, matrix.shape[1]))
    coefficients[0, used] = model.coef_[0]
    model.coef_, model.n_features_in_ = coefficients, matrix.shape[1]
    return model


def _calibrate(log_odds: NDArray[np.float64], is_spam: NDArray[np.bool_]) -> LogisticRegression:
    """Fit a slope and a shift so that probabilities are frequencies (Platt, 1999).

    The slope is kept above zero, should spam score no higher than ham: what looks more like spam
    must never get a lower probability.
    """
    calibration = LogisticRegression().fit(log_odds[:, None], is_spam)
    calibration.coef_ = np.maximum(calibration.coef_, _LOWEST_SLOPE)
    return calibration
