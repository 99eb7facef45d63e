"""What the model sees of a comment: hashed n-grams and a few named signals.

Training and scoring both come here, so they cannot disagree. The n-grams are

* sequences of 3, 4 and 5 characters of the folded text, spaces included;
* words, and pairs of neighbouring words;

each hashed into one of `BUCKETS` buckets by polynomials modulo 2**32, the same on every platform.
A comment is the *set* of its buckets, each worth ``1 / sqrt(size of the set + RESERVE)``: a long
comment weighs no more than a short one, one word weighs little, and repeating it changes nothing.

The author's address is read like a part of the text, behind a mark of its own, and so is a name
that is not like a person's: "Casino bonus 24" says something, "Lucie Marchand" must not.
"""

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.alphabet import Kind, tables
from classifier.normalise import Normalised, fold, normalise

VERSION = "1"
"""Changes with anything in here, `normalise` or `alphabet` that changes a feature."""

BUCKETS = 1 << 18
ORDERS = (3, 4, 5)
RESERVE = 50
"""N-grams that every comment has on top and that say nothing: ``Bonjour`` alone proves little."""

SIGNALS = (
    "capitals",
    "addresses",
    "digits",
    "exclamations",
    "money",
    "symbols",
    "disguise",
    "url",
)
LONGEST = 1 << 16
"""Characters read of a text; the rest is not looked at, so the time is bounded."""

_LONGEST_FIELD = 256
_PADDING = "  "
_MANY = 5
_SIGNAL = 0.2
"""Keeps signals small, so that regularisation holds them back and words have the last word."""

_NAME = re.compile(r"[^\W\d_]*([ .'-]{1,2}[^\W\d_]+){0,3}\.?")

_FIELD = "\ue001"
"""Stands between the text, the author's name and the author's address; nobody types it."""

_SHIFT = 32 - 18
_RADIX = 0x9E3779B1
_ODD = 0x85EBCA6B
_FEW = 4096
_MULTIPLIERS = np.array(
    [
        [pow(_RADIX, 1 + place, 1 << 32) if place < order else 0 for place in range(ORDERS[-1])]
        for order in ORDERS
    ],
    dtype=np.uint32,
)


@dataclass(frozen=True, slots=True)
class Document:
    """A comment to judge.

    `lang` is not a feature, for no language is a reason for suspicion: it serves to balance
    training and to give figures by language.
    """

    text: str
    lang: str = ""
    author: str = ""
    url: str = ""


class Features(NamedTuple):
    """What the model sees.

    Attributes
    ----------
    hits : ndarray of shape (k,), uint32
        The buckets that are hit, never decreasing; below `BUCKETS`.
    is_first : ndarray of shape (k,), bool
        Whether a hit is the first of its bucket. Only these count.
    signals : tuple of float
        One value for each of `SIGNALS`, in [0, 0.4].
    """

    hits: NDArray[np.uint32]
    is_first: NDArray[np.bool_]
    signals: tuple[float, ...]

    def buckets(self) -> NDArray[np.uint32]:
        """Return the buckets that are hit, increasing, each once."""
        return self.hits[self.is_first]


class Reading(NamedTuple):
    """A document on its way to features.

    Attributes
    ----------
    normal : Normalised
        Text, author and address in one, with a space before and after each. A position is that
        in the original text plus one.
    ends : tuple of int
        The position where the text ends and where the author ends and the address begins.
    signals : tuple of float
        One value for each of `SIGNALS`.
    """

    normal: Normalised
    ends: tuple[int, int]
    signals: tuple[float, ...]


def extract(document: Document) -> Features:
    """Return what the model sees of `document`.

    Examples
    --------
    >>> features = extract(Document("Bonjour !"))
    >>> len(features.buckets()), round(features.signals[SIGNALS.index("exclamations")], 2)
    (28, 0.05)
    """
    reading = read(document)
    hits = hash_ngrams(reading.normal.codes)
    hits.sort()
    is_first = np.ones(len(hits), dtype=np.bool_)
    np.not_equal(hits[1:], hits[:-1], out=is_first[1:])
    return Features(hits, is_first, reading.signals)


def prepare() -> None:
    """Build the tables now, which takes about 0.2 s, rather than for the first comment."""
    tables()
    _powers(_FEW)


def read(document: Document) -> Reading:
    """Normalise `document` and measure its signals."""
    text = document.text[:LONGEST]
    joined = f" {text} "
    ends = (len(joined) + len(_PADDING),) * 2
    author = "" if is_plain_name(document.author) else document.author[:_LONGEST_FIELD]
    url = document.url[:_LONGEST_FIELD]
    if author or url:
        ends = (len(joined), len(joined) + 3 + len(author))
        joined += f"{_FIELD} {author} {_FIELD} {url} "
    codes = _codes(joined + _PADDING)
    normal = normalise(codes)
    return Reading(normal, ends, _signals(codes[1 : len(text) + 1], normal, bool(document.url)))


def is_plain_name(author: str) -> bool:
    """Tell whether `author` may be what a person is called: up to four words, letters alone.

    Examples
    --------
    >>> is_plain_name("Jean-Marc d’Albret"), is_plain_name("prêt rapide 24h")
    (True, False)
    """
    return _NAME.fullmatch(fold(author)) is not None


def _codes(text: str) -> NDArray[np.intp]:
    """Return the code points of `text`, lone surrogates included."""
    data = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(data, dtype="<u4").astype(np.intp)


def hash_ngrams(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the bucket of every n-gram: of characters by order, words, pairs of words."""
    windows = np.ndarray((ORDERS[-1], len(codes) - ORDERS[-1] + 1), np.uint32, codes, 0, (4, 4))
    words = _hash_words(codes)
    pairs = (words[:-1] * _RADIX + words[1:]) * _RADIX
    buckets = np.concatenate(((_MULTIPLIERS @ windows).ravel(), words, pairs))
    buckets >>= _SHIFT
    return buckets


def ngram_bounds(codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where every n-gram starts and stops, in the order of `hash_ngrams`."""
    windows = np.arange(len(codes) - ORDERS[-1] + 1)
    edges = word_edges(codes)
    words, ends = edges[::2], edges[1::2]
    starts = np.concatenate((*(windows for _ in ORDERS), words, words[:-1]))
    stops = np.concatenate((*(windows + order for order in ORDERS), ends, ends[1:]))
    return starts, stops


def word_edges(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return where words start and stop, in turn. `codes` begin and end outside a word."""
    inside = tables().word.take(codes, mode="clip")
    edges: NDArray[np.int64] = (inside[1:] != inside[:-1]).nonzero()[0]
    return edges + 1


def _hash_words(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a hash of each word: a polynomial in its letters, wherever the word stands."""
    edges = word_edges(codes)
    powers, inverses = _powers(max(_FEW, 1 << len(codes).bit_length()))
    sums = np.add.reduceat(codes * powers[: len(codes)], edges, dtype=np.uint32)
    return sums[::2] * inverses.take(edges[::2])


@cache
def _powers(size: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return `size` powers of an odd number modulo 2**32, and the inverses of each."""
    inverse = pow(_ODD, -1, 1 << 32)
    steps = np.full((2, size), [[_ODD], [inverse]], dtype=np.uint32)
    powers, inverses = np.multiply.accumulate(steps, axis=1, dtype=np.uint32)
    return powers, inverses


def _signals(codes: NDArray[np.intp], normal: Normalised, has_url: bool) -> tuple[float, ...]:
    """Return one value for each of `SIGNALS`; `codes` are those of the text alone."""
    size = len(codes)
    count = np.bincount(tables().kind.take(codes, mode="clip"), minlength=len(Kind)).tolist()
    latin = count[Kind.LOWER] + count[Kind.UPPER]
    disguised = count[Kind.COSTUME] + min(latin, count[Kind.LOOKALIKE]) + normal.spaced
    addresses = sum(start <= size for start in normal.addresses)
    return (
        _share(count[Kind.UPPER], latin),
        _SIGNAL * math.log1p(min(addresses, _MANY)),
        _share(count[Kind.DIGIT], size),
        _share(count[Kind.SHOUT], size),
        _share(count[Kind.MONEY], size),
        _share(count[Kind.SYMBOL], size),
        _share(disguised, size),
        _SIGNAL * has_url,
    )


def _share(part: int, whole: int) -> float:
    """Return the root of a share, damped for short texts so that ``OK!`` is not shouting."""
    return _SIGNAL * math.sqrt(part / (whole + 10))
