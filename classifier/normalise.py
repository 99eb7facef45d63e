"""Undo what spammers do to letters, and remember where every letter came from."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.alphabet import looks, tables

LINK = "\ue000"
"""Stands for the ending of an address (``.com``, ``.fr``); a private-use character nobody types."""

_LONGEST_ADDRESS = 200
_SUFFIXES = (
    "com|net|org|info|biz|fr|eu|uk|ru|cn|pl|nl|xyz|top|site|online|shop|club|live|store|vip|bet|"
    "casino|win|app|link|click|website|tech|cc|tv|io|ly"
)
_ADDRESS = re.compile(rf"://|www\.|@[\w-]+\.[a-z]|\.(?:{_SUFFIXES})\b", re.ASCII)
_HOST = re.compile(r"[\w.@-]*", re.ASCII)
_SPACED = re.compile(r" \w([ ._*-])\w(?:\1\w){2,}(?!\w)", re.ASCII)


class Normalised(NamedTuple):
    """A text as the model reads it.

    Attributes
    ----------
    codes : ndarray of shape (m,), uint32
        Code points: folded, digits as ``0``, letters that were spaced out put
        together, schemes of links dropped, endings of addresses as `LINK`.
    positions : ndarray of shape (m,), int64
        Where each code stands in the original text; never decreasing.
    addresses : tuple of int
        Where each web or mail address starts, in the original text.
    spaced : int
        How many separators were taken out between spaced-out letters.
    """

    codes: NDArray[np.uint32]
    positions: NDArray[np.int64]
    addresses: tuple[int, ...] = ()
    spaced: int = 0


class Address(NamedTuple):
    """Where the parts of an address begin: ``https://www.``, ``casino``, ``.com``, ``/bonus``."""

    start: int
    host: int
    ending: int
    stop: int


def fold(text: str) -> str:
    """Return `text` as a reader sees it, to compare words however they are disguised.

    Lower case, no accents; look-alikes from other scripts, full-width and mathematical letters
    as Latin ones; unseen characters removed; every white space a space; a lone surrogate U+FFFD.
    Folding twice changes nothing.

    Examples
    --------
    >>> fold("Ｃａsіno GRATUIT à l’été")
    "casino gratuit a l'ete"
    """
    return text.translate(looks())


def normalise(codes: NDArray[np.intp]) -> Normalised:
    """Read code points as the model does; in linear time."""
    folded, positions = _fold(codes)
    text = folded.tobytes().decode("utf-32-le")
    addresses = list(_addresses(text))
    gaps = [gap for word in _SPACED.finditer(text) for gap in range(word.start(1), word.end(), 2)]
    if not addresses and not gaps:
        return Normalised(folded, positions)
    keep = np.ones(len(folded), dtype=np.bool_)
    keep[gaps] = False
    for start, host, ending, stop in addresses:
        keep[start:host] = keep[ending + 1 : stop] = False
        folded[ending] = ord(LINK)
    starts = tuple(int(positions[address.start]) for address in addresses)
    return Normalised(folded[keep], positions[keep], starts, len(gaps))


def _fold(codes: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return what the code points look like, and where each was."""
    table = tables()
    if table.plain.take(codes, mode="clip").all():
        return table.folded.take(codes, mode="clip"), np.arange(len(codes))
    width = table.width.take(codes, mode="clip")
    positions = np.repeat(np.arange(len(codes)), width)
    first = np.cumsum(width, dtype=np.int64) - width
    nth = np.arange(len(positions)) - first[positions]
    return table.spelling[table.start.take(codes, mode="clip")[positions] + nth], positions


def _addresses(text: str) -> Iterator[Address]:
    """Find the web and mail addresses in a folded text, from left to right."""
    stop = 0
    for sign in _ADDRESS.finditer(text):
        if sign.start() < stop:
            continue
        floor = max(stop, sign.start() - _LONGEST_ADDRESS)
        address = _address(text, max(floor, text.rfind(" ", floor, sign.start()) + 1))
        if address:
            yield address
            stop = address.stop


def _address(text: str, start: int) -> Address | None:
    """Return the address in the word that starts at `start`, if its host has a dot inside."""
    limit = start + 2 * _LONGEST_ADDRESS
    space = text.find(" ", start, limit)
    limit = space if space >= 0 else limit
    scheme = text.find("://", start, limit)
    host = scheme + 3 if scheme >= 0 else start
    host += 4 * text.startswith("www.", host)
    name = _HOST.match(text, host, limit)
    stop = host + len(name[0].rstrip(".-")) if name else host
    ending = text.rfind(".", host, stop)
    return Address(start, host, ending, stop) if ending > host else None
