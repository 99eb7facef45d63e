"""Turn documents into a sparse matrix for training: the same features as `scoring`, a row each."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack

from classifier import features
from classifier.features import Document, arrange, read
from classifier.hashing import BUCKETS, CHARACTERS, hash_pairs, pair_parts
from classifier.tokens import study

_AT_ONCE = 2000
_REMEMBERED = 1 << 15

_study = lru_cache(_REMEMBERED)(study)
"""Common tokens are studied once, not once in each part of the data."""


def vectorise(documents: Sequence[Document]) -> csr_matrix:
    """Return the features of `documents` as a sparse matrix, one row each.

    Returns
    -------
    csr_matrix of shape (n, BUCKETS + len(SIGNALS)), float64
        Buckets, worth what `features` says; then the signals.
    """
    starts = range(0, len(documents), _AT_ONCE)
    parts = [_vectorise(documents[start : start + _AT_ONCE]) for start in starts]
    return vstack(parts, format="csr")


def as_arrays(
    weights: NDArray[np.float64], bias: float, vocabulary: NDArray[np.uint8] | None = None
) -> dict[str, NDArray[Any]]:
    """Return a model as the plain arrays that `scoring.Weights` is made of.

    Parameters
    ----------
    weights : ndarray of shape (BUCKETS + len(SIGNALS),)
        Log-odds for each column of `vectorise`.
    vocabulary : ndarray of uint8 or None
        The words it has met, if that is known; see `vocabulary`.
    """
    arrays: dict[str, NDArray[Any]] = {
        "ngrams": weights[:BUCKETS].astype(np.float32),
        "signals": weights[BUCKETS:],
        "bias": np.array(bias),
    }
    return arrays if vocabulary is None else {**arrays, "vocabulary": vocabulary}


def _vectorise(documents: Sequence[Document]) -> csr_matrix:
    """Return the features of a few documents: each different token is studied once."""
    readings = [read(document) for document in documents]
    tokens, starts = arrange(readings)
    row_of = {token: row for row, token in enumerate(dict.fromkeys(tokens))}
    studied = list(map(_study, row_of))
    rows = np.fromiter(map(row_of.__getitem__, tokens), dtype=np.intp, count=len(tokens))
    bounds = np.array([*starts, len(rows) - 2])
    shape = (len(documents), len(studied))
    uses = csr_matrix((np.ones(len(rows) - 2), rows[:-2], bounds), shape)
    parts = [pair_parts(token.first, token.last) for token in studied]
    pairs = hash_pairs(np.array(parts, dtype=np.uint32)[rows]).T.ravel().astype(np.int64)
    pairs += CHARACTERS
    pairs = csr_matrix((np.ones(len(pairs)), pairs, 2 * bounds), (len(documents), BUCKETS))
    within = _matrix([token.characters + token.words for token in studied])
    sizes = uses @ np.array([(len(token.characters), len(token.words)) for token in studied])
    sizes[:, 1] += 2 * np.diff(bounds)
    counts = (uses @ np.array([token.counts for token in studied])).tolist()
    signals = list(map(features.signals_of, documents, readings, counts))
    ngrams = _weigh(csr_matrix(uses @ within + pairs), sizes)
    return hstack((ngrams, csr_matrix(signals)), format="csr")


def _matrix(buckets: Sequence[Sequence[int]]) -> csr_matrix:
    """Return how often each bucket occurs, one row a token."""
    sizes = np.fromiter(map(len, buckets), dtype=np.int64, count=len(buckets))
    hits = np.fromiter(chain.from_iterable(buckets), dtype=np.int64, count=sizes.sum())
    bounds = np.concatenate(([0], np.cumsum(sizes)))
    return csr_matrix((np.ones(len(hits)), hits, bounds), (len(buckets), BUCKETS))


def _weigh(ngrams: csr_matrix, sizes: NDArray[np.float64]) -> csr_matrix:
    """Give each n-gram its worth; `sizes` count those of characters and of words."""
    row = np.repeat(np.arange(ngrams.shape[0]), np.diff(ngrams.indptr))
    reserves = [features.CHARACTER_RESERVE, features.WORD_RESERVE]
    worth = 1 / np.sqrt(sizes + reserves)
    ngrams.data *= worth[row, (ngrams.indices >= CHARACTERS).astype(np.intp)]
    return ngrams
