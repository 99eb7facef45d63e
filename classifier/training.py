"""Teach a model with scikit-learn, and bring out plain arrays.

A linear support vector machine (squared hinge loss) over the features, then a calibration of its
distances on examples it had not seen (Platt, 1999). It tells spam from ham that looks like spam
better than a logistic regression does. Both steps are linear, so together they are one bias and one
weight a feature, and that is all that `scoring` needs.

Every language has its own balance: its ham weighs at most `HAM_PER_SPAM` times its spam, however
many rows there are of each. Otherwise a language with much ham and little spam would teach the
model that its words are innocent, and all spam in that language would pass.
"""

import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from classifier import vocabulary
from classifier.augmentation import WEIGHT as COPY_WEIGHT
from classifier.augmentation import augment
from classifier.dataset import Example, assign_folds
from classifier.errors import InvalidDataset
from classifier.evaluation import Thresholds, lowest_threshold
from classifier.features import Document
from classifier.vectors import as_arrays, vectorise

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

STRENGTH = 1.0
"""Inverse of the regularisation."""

_MOST_ROUNDS = 400
_TOLERANCE = 3e-3
_LOWEST_SLOPE = 0.01

Advance = Callable[[str], None]
"""Called before each step with its name."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model.

    Attributes
    ----------
    classifier : LinearSVC
        From features to a distance from the border between spam and ham.
    calibration : LogisticRegression
        From distances to log-odds.
    held_out : ndarray of shape (n,), float64
        For each example, the probability given by a model that had not seen it nor its like.
    thresholds : Thresholds
        They hold and reject `HOLD_RATE` and `REJECT_RATE` of the ham.
    vocabulary : ndarray of uint8
        The words it has met, see `vocabulary`.
    unseen : ndarray of shape (n,), float64
        For each example, the share of its words that a model without it had not met.
    """

    classifier: LinearSVC
    calibration: LogisticRegression
    held_out: NDArray[np.float64]
    thresholds: Thresholds
    vocabulary: NDArray[np.uint8]
    unseen: NDArray[np.float64]

    def predict(self, documents: Sequence[Document]) -> NDArray[np.float64]:
        """Return probabilities of spam as scikit-learn computes them: what `scoring` must equal."""
        distances = self.classifier.decision_function(vectorise(documents))
        probabilities: NDArray[np.float64] = self.calibration.predict_proba(distances[:, None])
        return probabilities[:, 1]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays, calibration included; see `scoring.Weights`."""
        slope, shift = self.calibration.coef_[0, 0], self.calibration.intercept_[0]
        bias = slope * self.classifier.intercept_[0] + shift
        return as_arrays(slope * self.classifier.coef_[0], bias, self.vocabulary)


def train(
    examples: Sequence[Example], seed: int, advance: Advance, strength: float = STRENGTH
) -> Trained:
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
    copies = augment(examples, seed)
    origin = np.array([*range(len(examples)), *(copy.origin for copy in copies)])
    every = [*examples, *(copy.example for copy in copies)]
    matrix = vectorise([example.document for example in every])
    weights = balance(examples)[origin]
    weights[len(examples) :] *= COPY_WEIGHT
    distances = np.zeros(len(examples))
    for fold in range(FOLDS):
        advance(f"part {fold + 1} of {FOLDS}")
        unseen = folds == fold
        if unseen.any():
            seen = ~unseen[origin]
            model = fit(matrix[seen], is_spam[origin][seen], weights[seen], strength)
            distances[unseen] = model.decision_function(matrix[: len(examples)][unseen])
    advance("model")
    classifier = fit(matrix, is_spam[origin], weights, strength)
    calibration = calibrate(distances, is_spam)
    held_out = calibration.predict_proba(distances[:, None])[:, 1]
    thresholds = choose_thresholds(examples, held_out)
    words, unseen = vocabulary.learn([example.document for example in examples])
    return Trained(classifier, calibration, held_out, thresholds, words, unseen)


def choose_thresholds(examples: Sequence[Example], held_out: NDArray[np.float64]) -> Thresholds:
    """Return thresholds that hold and reject `HOLD_RATE` and `REJECT_RATE` of the ham.

    Ham that was written to look like spam does not count: there is more of it than in life.
    """
    ham = np.array([not (example.is_spam or example.is_hard) for example in examples])
    if not ham.any():
        ham = np.array([not example.is_spam for example in examples])
    languages = np.array([example.document.lang for example in examples])[ham]
    scores = held_out[ham]
    return Thresholds(*(fair_threshold(scores, languages, r) for r in (HOLD_RATE, REJECT_RATE)))


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


def fair_threshold(ham: NDArray[np.float64], languages: NDArray[np.str_], rate: float) -> float:
    """Return the threshold that keeps to `rate` overall and in each language.

    A language with less ham than `ENOUGH_HAM` has no say of its own.
    """
    names, counts = np.unique(languages, return_counts=True)
    judgeable = names[counts >= ENOUGH_HAM]
    groups = [ham, *(ham[languages == name] for name in judgeable)]
    return max(lowest_threshold(group, rate) for group in groups)


def fit(
    matrix: csr_matrix,
    is_spam: NDArray[np.bool_],
    weights: NDArray[np.float64],
    strength: float = STRENGTH,
) -> LinearSVC:
    """Fit the classifier. Columns nobody uses get the weight 0 without being looked at."""
    used = np.unique(matrix.indices)
    model = LinearSVC(C=strength, max_iter=_MOST_ROUNDS, tol=_TOLERANCE, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix[:, used], is_spam, sample_weight=weights)
    coefficients = np.zeros((1, matrix.shape[1]))
    coefficients[0, used] = model.coef_[0]
    model.coef_, model.n_features_in_ = coefficients, matrix.shape[1]
    return model


def calibrate(distances: NDArray[np.float64], is_spam: NDArray[np.bool_]) -> LogisticRegression:
    """Fit a slope and a shift so that probabilities are frequencies (Platt, 1999).

    The slope is kept above zero, should spam score no higher than ham: what looks more like spam
    must never get a lower probability.
    """
    calibration = LogisticRegression().fit(distances[:, None], is_spam)
    calibration.coef_ = np.maximum(calibration.coef_, _LOWEST_SLOPE)
    return calibration
