"""Has the traffic moved away from what a model was trained on?

Both are cut into the same bins: ten that hold a tenth of the training data each, or fewer where
many values are equal. The population stability index says how far the shares of the bins have
moved: below 0.1 hardly, above 0.25 so far that the model should be looked at.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
SMALLEST_SHARE = 1e-4
"""Stands for the share of an empty bin, whose logarithm would be infinite."""

Profile = dict[str, list[float]]


def profile(values: NDArray[np.float64]) -> Profile:
    """Return the distribution of `values`, for the manifest of a model.

    Parameters
    ----------
    values : ndarray of shape (n,), n > 0
        What the model gave to (or found in) its training data.

    Returns
    -------
    dict
        ``edges``, at most nine, rising; ``shares``, one more, which add up to 1. A value that
        equals an edge is in the bin below it.

    Examples
    --------
    >>> profile(np.zeros(5))
    {'edges': [0.0], 'shares': [1.0, 0.0]}
    """
    if not len(values):
        raise ValueError("there is no distribution of nothing")
    steps = np.linspace(0, 1, BINS + 1)[1:-1]
    edges = np.unique(np.quantile(values, steps, method="inverted_cdf")).tolist()
    return {"edges": edges, "shares": (histogram(values, edges) / len(values)).tolist()}


def histogram(values: NDArray[np.float64], edges: Sequence[float]) -> NDArray[np.int64]:
    """Return how many of `values` are in each bin, shape (len(edges) + 1,).

    Examples
    --------
    >>> histogram(np.array([0.1, 0.2, 0.3]), [0.2]).tolist()
    [2, 1]
    """
    return np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1)


def stability_index(shares: Sequence[float], counts: Sequence[int]) -> float:
    """Return the population stability index of what was counted against the expected shares.

    The sum over the bins of (a - e) ln(a / e), with a the actual and e the expected share
    (Siddiqi, Credit Risk Scorecards, 2006, chapter 9); it is the symmetric Kullback-Leibler
    divergence of Jeffreys (1946). Never negative; 0 for equal distributions.

    Parameters
    ----------
    shares : sequence of float
        Expected share of each bin.
    counts : sequence of int
        Values counted in each bin, of which there is at least one.

    Examples
    --------
    >>> stability_index([0.5, 0.5], [7, 7])
    0.0
    >>> round(stability_index([0.5, 0.5], [9, 1]), 3)
    0.879
    """
    expected = np.maximum(np.asarray(shares, dtype=np.float64), SMALLEST_SHARE)
    counted = np.asarray(counts, dtype=np.float64)
    actual = np.maximum(counted / counted.sum(), SMALLEST_SHARE)
    return float(np.sum((actual - expected) * np.log(actual / expected)))


def is_profile(told: Any) -> bool:
    """Tell whether `told`, out of a manifest, is what `profile` returns."""
    if not isinstance(told, Mapping):
        return False
    try:
        edges, shares = (np.asarray(told[name], dtype=np.float64) for name in ("edges", "shares"))
    except (KeyError, TypeError, ValueError):
        return False
    fits = edges.ndim == shares.ndim == 1 and len(shares) == len(edges) + 1 > 1
    return bool(fits and np.isfinite(shares).all() and (np.diff(edges) > 0).all())


def week_of(moment: datetime) -> str:
    """Return the week of `moment` by ISO 8601, in its own time zone; weeks sort by time.

    Examples
    --------
    >>> week_of(datetime(2027, 1, 1))
    '2026-W53'
    """
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02d}"
