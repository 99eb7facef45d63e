"""Find how freely a model should follow its examples: a search, on one machine or on many."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from joblib import parallel_config
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV, PredefinedSplit

from classifier.dataset import Example, assign_folds
from classifier.errors import ClassifierError, InvalidDataset
from classifier.training import STRENGTH, balance, fit
from classifier.vectors import vectorise

FOLDS = 5
STRENGTHS = tuple(STRENGTH * factor for factor in (0.03, 0.1, 0.3, 1.0, 3.0, 10.0))
SECONDS_TO_CONNECT = 10


class NoScheduler(ClassifierError):
    """The other machines cannot be reached; `address` and `reason` say where and why."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"no Dask scheduler can be used at {address}: {reason}")
        self.address = address
        self.reason = reason


class Estimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """What `training.fit` makes, as scikit-learn's searches want it.

    Parameters
    ----------
    strength : float
        See `training.STRENGTH`.
    """

    def __init__(self, strength: float = STRENGTH) -> None:
        self.strength = strength

    def fit(
        self,
        matrix: csr_matrix,
        is_spam: NDArray[np.bool_],
        sample_weight: NDArray[np.float64],
    ) -> "Estimator":
        """Fit to rows of `vectors.vectorise`, with the weights of `training.balance`."""
        self.model_ = fit(matrix, is_spam, sample_weight, self.strength)
        self.classes_ = self.model_.classes_
        return self

    def decision_function(self, matrix: csr_matrix) -> NDArray[np.float64]:
        """Return the distance of each row from the border, shape (n,)."""
        distances: NDArray[np.float64] = self.model_.decision_function(matrix)
        return distances


@dataclass(frozen=True, slots=True)
class Trial:
    """One strength: mean average precision over the parts held out, and its standard deviation."""

    strength: float
    precision: float
    deviation: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """Every trial, by strength, and the best of them."""

    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial:
        """The highest mean; of equals, the more cautious."""
        return max(self.trials, key=lambda trial: (trial.precision, -trial.strength))


def tune(
    examples: Sequence[Example],
    seed: int,
    jobs: int | None = None,
    scheduler: str | None = None,
    strengths: Sequence[float] = STRENGTHS,
) -> Tuned:
    """Try each strength by cross-validation, near-duplicates always on the same side.

    Parameters
    ----------
    jobs : int or None
        Processes on this machine; None is one.
    scheduler : str or None
        Address of a Dask scheduler whose workers do the fitting. They need this package.

    Raises
    ------
    InvalidDataset
        Some part would hold no spam or no ham.
    NoScheduler
        Nothing answers at the address within `SECONDS_TO_CONNECT`, or Dask is not installed.
    """
    is_spam = np.array([example.is_spam for example in examples], dtype=np.bool_)
    folds = assign_folds(examples, FOLDS, seed)
    if min(len(set(folds[is_spam])), len(set(folds[~is_spam]))) < FOLDS:
        raise InvalidDataset(f"tuning needs {FOLDS} spam and {FOLDS} ham comments that differ")
    search = GridSearchCV(
        Estimator(),
        {"strength": list(strengths)},
        scoring="average_precision",
        cv=PredefinedSplit(folds),
        n_jobs=jobs,
        refit=False,
    )
    with _cluster(scheduler) if scheduler else nullcontext():
        matrix = vectorise([example.document for example in examples])
        search.fit(matrix, is_spam, sample_weight=balance(examples))
    return Tuned(tuple(_trials(search.cv_results_)))


@contextmanager
def _cluster(address: str) -> Iterator[None]:
    """Let joblib use the workers of the scheduler at `address`."""
    try:
        from dask.distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        reason = "Dask is missing, install it with: pip install 'moderation[distributed]'"
        raise NoScheduler(address, reason) from error
    try:
        _knock(address)
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=SECONDS_TO_CONNECT, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise NoScheduler(address, str(error) or type(error).__name__) from error
    with client:
        if not client.scheduler_info(n_workers=1)["workers"]:
            raise NoScheduler(address, "it has no workers")
        with parallel_config("dask", client=client):
            yield


def _knock(address: str) -> None:
    """Raise OSError or ValueError unless somebody at `address` speaks first, as a scheduler does.

    Dask's own client waits without end for one that accepts the connection and is silent.
    """
    place = urlsplit(address)
    if place.scheme != "tcp" or not place.hostname or not place.port:
        raise ValueError("it should look like tcp://HOST:PORT")
    to = (place.hostname, place.port)
    with socket.create_connection(to, timeout=SECONDS_TO_CONNECT) as connection:
        if not connection.recv(1):
            raise ConnectionError("it hung up")


def _trials(results: dict[str, Any]) -> Iterator[Trial]:
    columns = ("param_strength", "mean_test_score", "std_test_score", "mean_fit_time")
    for row in zip(*(results[column] for column in columns), strict=True):
        yield Trial(*map(float, row))
