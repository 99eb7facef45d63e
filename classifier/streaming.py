"""Teach a model from more comments than memory holds, reading each file once.

A logistic regression learns by stochastic gradient descent, some thousands of rows at a time. Files
are often sorted, by time or by label, and whoever learns in order forgets: so a fair sample of
the spam and of the ham is remembered (Vitter, 1985), every chunk is mixed with rows from it, and
in the end it is gone through again some times. One group of near-duplicates in ten
is never learnt from; on these the model is calibrated, judged, and its thresholds are chosen.

Memory does not grow with the files: the texts already read are remembered in a Bloom filter
(Bloom, 1970), which takes about one new text in a thousand for a duplicate after ten million.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from scipy.special import expit
from sklearn.linear_model import SGDClassifier

from classifier import dataset
from classifier.bloom import Bloom
from classifier.dataset import Census, Example
from classifier.errors import InvalidDataset
from classifier.evaluation import Thresholds
from classifier.held_out import HeldOut
from classifier.training import HAM_PER_SPAM, HAM_WITHOUT_SPAM, calibrate, choose_thresholds
from classifier.vectors import as_arrays, vectorise

LARGE_BYTES = 100_000_000
"""Files that are larger together are streamed."""

CHUNK = 2000
REPLAYED = 2000
REMEMBERED = 6000
"""Rows learnt at once, earlier rows mixed in, and rows of either class that are remembered."""

ROUNDS = 10
"""How many times what is remembered is learnt again in the end."""

_ALPHA = 1e-6

Advance = Callable[[int], object]
"""Called with the bytes of each line that was read."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """A model learnt from a stream.

    Attributes
    ----------
    weights : ndarray of shape (BUCKETS + len(SIGNALS),), float64
        Calibrated log-odds.
    bias : float
        The same of the bias.
    examples : list of Example
        Those held out, in the order of `held_out`.
    held_out : ndarray of shape (n,), float64
        Their probabilities.
    thresholds : Thresholds
        Chosen on them.
    """

    weights: NDArray[np.float64]
    bias: float
    examples: list[Example]
    held_out: NDArray[np.float64]
    thresholds: Thresholds

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays; see `scoring.Weights`."""
        return as_arrays(self.weights, self.bias)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Features, labels and weights of some rows."""

    matrix: csr_matrix
    is_spam: NDArray[np.bool_]
    weights: NDArray[np.float64]

    def take(self, rows: NDArray[np.int64]) -> "_Rows":
        return _Rows(self.matrix[rows], self.is_spam[rows], self.weights[rows])

    def join(self, other: "_Rows") -> "_Rows":
        return _Rows(
            vstack((self.matrix, other.matrix), format="csr"),
            np.concatenate((self.is_spam, other.is_spam)),
            np.concatenate((self.weights, other.weights)),
        )


class _Memory:
    """Remembers a fair sample of the rows it is shown, `REMEMBERED` at most."""

    def __init__(self, chance: np.random.Generator) -> None:
        self.rows: _Rows | None = None
        self._chance = chance
        self._shown = 0

    def add(self, fresh: _Rows) -> None:
        """Remember some of the `fresh` rows, and forget as many of the old if there is no room."""
        count = len(fresh.is_spam)
        self._shown += count
        if self.rows is None:
            self.rows = fresh
        elif count:
            size = len(self.rows.is_spam)
            fair = round(REMEMBERED * count / self._shown)
            share = min(count, max(REMEMBERED - size, fair))
            stay = self._chance.permutation(size)[: REMEMBERED - share]
            self.rows = self.rows.take(stay).join(
                fresh.take(self._chance.permutation(count)[:share])
            )


class _Pupil:
    """Learns chunk after chunk."""

    def __init__(self, seed: int) -> None:
        self.model = SGDClassifier(alpha=_ALPHA, loss="log_loss", random_state=seed)
        self._chance = np.random.default_rng(seed)
        self._read: Counter[tuple[str, bool]] = Counter()
        self._memories = (_Memory(self._chance), _Memory(self._chance))

    def learn(self, examples: Sequence[Example]) -> None:
        """Learn from some examples, and from some that were read before."""
        self._read.update((example.document.lang, example.is_spam) for example in examples)
        fresh = _Rows(
            _vectors(examples),
            np.array([example.is_spam for example in examples]),
            np.array([self._weight(example) for example in examples]),
        )
        self._fit(fresh if (old := self._remembered(REPLAYED)) is None else old.join(fresh))
        for memory, is_spam in zip(self._memories, (True, False), strict=True):
            memory.add(fresh.take(np.flatnonzero(fresh.is_spam == is_spam)))

    def repeat(self) -> None:
        """Go through all that is remembered once more."""
        if (rows := self._remembered()) is not None:
            self._fit(rows)

    def _fit(self, rows: _Rows) -> None:
        self.model.partial_fit(
            rows.matrix, rows.is_spam, classes=[False, True], sample_weight=rows.weights
        )

    def _remembered(self, count: int | None = None) -> _Rows | None:
        """Return what is remembered, or `count` rows of it, half from either class."""
        parts = [
            rows.take(self._chance.permutation(len(rows.is_spam))[: count and count // 2])
            for rows in (memory.rows for memory in self._memories)
            if rows is not None
        ]
        return reduce(_Rows.join, parts) if parts else None

    def _weight(self, example: Example) -> float:
        """Return what `example` weighs by what was read so far, see `training.balance`."""
        if example.is_spam:
            return 1.0
        language = example.document.lang
        spam, ham = self._read[language, True], self._read[language, False]
        return min(1.0, (HAM_PER_SPAM * spam or HAM_WITHOUT_SPAM) / ham)


def is_large(paths: Sequence[Path]) -> bool:
    """Tell whether the files in `paths` are better streamed than held in memory."""
    return size_of(paths) > LARGE_BYTES


def size_of(paths: Sequence[Path]) -> int:
    """Return how many bytes there are to read; a file that is not there has none."""
    return sum(path.stat().st_size for path in paths if path.is_file())


def learn(paths: Sequence[Path], census: Census, seed: int, advance: Advance) -> Streamed:
    """Learn from the files in `paths`; the same files and seed give the same model.

    Raises
    ------
    InvalidDataset
        There is too little spam or ham to learn from and to hold out, or a file is unusable.
    """
    pupil, held_out = _Pupil(seed), HeldOut(seed)
    examples = dataset.read(paths, census, Bloom(), advance)
    learnt = (example for example in examples if not held_out.take(example))
    while chunk := list(islice(learnt, CHUNK)):
        pupil.learn(chunk)
    for _ in range(ROUNDS):
        pupil.repeat()
    return _conclude(pupil.model, held_out.examples(), census)


def _conclude(model: SGDClassifier, examples: list[Example], census: Census) -> Streamed:
    """Calibrate the model on what was held out, and choose its thresholds."""
    is_spam = np.array([example.is_spam for example in examples], dtype=np.bool_)
    spam, ham = int(is_spam.sum()), int((~is_spam).sum())
    if min(spam, ham, census.spam - spam, census.ham - ham) < 1:
        raise InvalidDataset("there is too little spam or ham to stream: train without --stream")
    chunks = (examples[start : start + CHUNK] for start in range(0, len(examples), CHUNK))
    distances = np.concatenate([model.decision_function(_vectors(chunk)) for chunk in chunks])
    calibration = calibrate(distances, is_spam)
    slope, shift = float(calibration.coef_[0, 0]), float(calibration.intercept_[0])
    held_out = expit(slope * distances + shift)
    return Streamed(
        slope * model.coef_[0],
        slope * float(model.intercept_[0]) + shift,
        examples,
        held_out,
        choose_thresholds(examples, held_out),
    )


def _vectors(examples: Sequence[Example]) -> csr_matrix:
    return vectorise([example.document for example in examples])
