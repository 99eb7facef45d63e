"""Hash n-grams of characters and words into buckets: the same on every platform and every day.

Polynomials modulo 2**32, spread by a multiplication (Knuth, The Art of Computer Programming, 6.4).
Characters and words have tables of their own, one after the other.
"""

import numpy as np
from numpy.typing import NDArray

ORDERS = (3, 4, 5)
CHARACTER_BITS = 18
WORD_BITS = 17
CHARACTERS = 1 << CHARACTER_BITS
BUCKETS = CHARACTERS + (1 << WORD_BITS)

_MASK = 0xFFFFFFFF
_RADIX = 0x9E3779B1
_SPREAD = 0x85EBCA6B
_CHARACTER_SHIFT = 32 - CHARACTER_BITS
_WORD_SHIFT = 32 - WORD_BITS
_SECOND = 0xC2B2AE35
_SECOND_ACROSS = 0x27D4EB2F


def hash_characters(token: str) -> list[int]:
    """Return the buckets of the 3-, 4- and 5-grams of a token, with a space before and after.

    Examples
    --------
    >>> len(hash_characters("moi")), len(hash_characters("à"))
    (6, 1)
    """
    codes = [32, *map(ord, token), 32]
    size = len(codes)
    buckets = []
    for start in range(size - 2):
        rolling = ((codes[start] * _RADIX + codes[start + 1]) * _RADIX + codes[start + 2]) & _MASK
        buckets.append((rolling * _SPREAD & _MASK) >> _CHARACTER_SHIFT)
        if start + 3 < size:
            rolling = (rolling * _RADIX + codes[start + 3]) & _MASK
            buckets.append((rolling * _SPREAD & _MASK) >> _CHARACTER_SHIFT)
            if start + 4 < size:
                rolling = (rolling * _RADIX + codes[start + 4]) & _MASK
                buckets.append((rolling * _SPREAD & _MASK) >> _CHARACTER_SHIFT)
    return buckets


def hash_word(word: str) -> int:
    """Return a number below 2**32 that stands for `word`."""
    number = len(word)
    for letter in word:
        number = (number * _RADIX + ord(letter)) & _MASK
    return number


def spread(number: int, bits: int) -> int:
    """Return `number` as one below ``2 ** bits``, neighbours far apart."""
    return (number * _SPREAD & _MASK) >> (32 - bits)


def word_bucket(number: int) -> int:
    """Return the bucket of the word that `number` stands for."""
    return CHARACTERS + spread(number, WORD_BITS)


def hash_pair(first: int, second: int) -> int:
    """Return the bucket of two neighbouring words."""
    return word_bucket(first * _RADIX + second * _SECOND)


def pair_parts(first: int, last: int) -> tuple[int, int, int]:
    """Return what a token brings into pairs, by its first and its last word.

    As the first of a pair, as the second of two neighbours, and as the second across a third one.
    """
    return last * _RADIX & _MASK, first * _SECOND & _MASK, first * _SECOND_ACROSS & _MASK


def hash_pairs(parts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the buckets of all pairs in a row of tokens, counted from `CHARACTERS`.

    Parameters
    ----------
    parts : ndarray of shape (n, 3), uint32
        The `pair_parts` of the tokens.

    Returns
    -------
    ndarray of shape (2, n - 2), uint32
        For each token but the last two, the pair with the next one and with the one after it.
    """
    pairs = np.empty((2, len(parts) - 2), dtype=np.uint32)
    np.add(parts[:-2, 0], parts[1:-1, 1], out=pairs[0])
    np.add(parts[:-2, 0], parts[2:, 2], out=pairs[1])
    pairs *= np.uint32(_SPREAD)
    pairs >>= np.uint32(_WORD_SHIFT)
    return pairs
