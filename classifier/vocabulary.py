"""The words a model has met, as a set of bits, to tell how much of a comment is new to it.

A word counts as met if two comments or more of the training data have it. The set is one hash wide
(Bloom, 1970): a new word is taken for an old one about as often as the share of bits that are set.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.features import Document, read
from classifier.hashing import spread
from classifier.tokens import study

BITS = 20
SIZE = (1 << BITS) // 8
"""Bytes of the set."""

_MET = 2


def learn(documents: Sequence[Document]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return the words met in `documents`, and how much of each would be new without itself.

    Returns
    -------
    bits : ndarray of shape (SIZE,), uint8
    unseen : ndarray of shape (n,), float64
        Share of words that too few of the other documents have, in [0, 1].
    """
    known: dict[str, int] = {}
    words = [_words(document, known) for document in documents]
    met = Counter(word for some in words for word in some)
    bits = np.zeros(8 * SIZE, dtype=np.bool_)
    bits[[word for word, count in met.items() if count >= _MET]] = True
    rare = (sum(met[word] <= _MET for word in some) / max(len(some), 1) for some in words)
    return np.packbits(bits), np.fromiter(rare, dtype=np.float64, count=len(words))


def unseen_share(bits: NDArray[np.uint8], document: Document) -> float:
    """Return the share of the words of `document` that are not in `bits`, in [0, 1]."""
    words = _words(document, {})
    new = sum(not bits[word >> 3] & (0x80 >> (word & 7)) for word in words)
    return new / max(len(words), 1)


def _words(document: Document, known: dict[str, int]) -> set[int]:
    """Return the bits of the first word of each token; `known` remembers tokens."""
    tokens = read(document).text
    for token in tokens:
        if token not in known:
            known[token] = spread(study(token).first, BITS)
    return {known[token] for token in tokens}
