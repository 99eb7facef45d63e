"""Study one token, a piece of text between white spaces: its n-grams, its words, what is in it.

A token studied by itself always gives the same, so whoever reads many comments remembers what the
common tokens gave: see `lexicon`.
"""

import re
from enum import IntEnum, auto
from itertools import pairwise
from typing import NamedTuple

from classifier.alphabet import Kind, fold, kind_of
from classifier.contacts import open_addresses
from classifier.hashing import hash_characters, hash_pair, hash_word, word_bucket
from classifier.languages import LANGUAGES, language_of
from classifier.normalise import plain

FIELD = "\ue001"
"""Begins every token of the author's name and address; nobody types it."""

START = "\ue002"
"""A token that stands twice before each comment and twice after the last; nobody types it."""

_MARKS = FIELD + START
_WORD = re.compile(r"[^\W_]+")


class Count(IntEnum):
    """What is counted in a token, after the kinds of its characters, which come first."""

    SIZE = len(Kind)
    UNDONE = auto()
    ALONE = auto()
    LINKS = auto()
    BARE = auto()
    SHORTENERS = auto()
    EMAILS = auto()
    MESSENGERS = auto()
    SPELLED = auto()
    TONGUES = auto()
    """The first of a row: one for each of the `LANGUAGES`."""


COUNTS = Count.TONGUES + len(LANGUAGES)


class Token(NamedTuple):
    """What is in a token.

    Attributes
    ----------
    characters : list of int
        Buckets of its n-grams of characters.
    words : list of int
        Buckets of its words and of pairs of them.
    first, last : int
        Numbers that stand for its first and last word; of a token without words, for the token.
    counts : list of int
        How many characters of each `Kind`, then what `Count` names.
    """

    characters: list[int]
    words: list[int]
    first: int
    last: int
    counts: list[int]


def study(token: str) -> Token:
    """Return what is in `token`."""
    counts = [0] * COUNTS
    if token[0] in _MARKS:
        folded, _ = plain(open_addresses(fold(token))[0])
        return _token(folded, [0] * COUNTS)._replace(counts=counts)
    counts[Count.SIZE] = len(token)
    if token.isascii() and token.isalpha() and token.islower():
        counts[Kind.LOWER] = len(token)
        folded = token
    else:
        for character in token:
            counts[kind_of(character)] += 1
        folded = fold(token)
    counts[Count.ALONE] = len(token) == 1 and token.isalpha()
    folded, contacts = open_addresses(folded)
    counts[Count.LINKS : Count.SPELLED + 1] = contacts
    if contacts.links or contacts.emails:
        folded = _without_digits(folded)
    else:
        folded, counts[Count.UNDONE] = plain(folded)
    return _token(folded, counts)


def _token(folded: str, counts: list[int]) -> Token:
    """Return the token that is `folded` now, and count its common words."""
    found = _WORD.findall(folded)
    for word in found:
        language = language_of(word)
        if language is not None:
            counts[Count.TONGUES + language] += 1
    words = [hash_word(word) for word in found] or [hash_word(folded)]
    buckets = [word_bucket(word) for word in words]
    buckets += [hash_pair(*pair) for pair in pairwise(words)]
    return Token(hash_characters(folded), buckets, words[0], words[-1], counts)


def _without_digits(address: str) -> str:
    return re.sub(r"\d", "0", address)
