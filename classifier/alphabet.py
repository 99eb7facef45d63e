"""The alphabet as a reader sees it: what each code point looks like, and what kind of mark it is.

Everything is derived from the Unicode database of the running Python, plus a short list of
look-alikes. Nothing is computed at import: the tables are built on first use and kept.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

LAST = 0x1FFFF
"""The tables end here. What lies above (rare ideographs, tags) counts as this one: unseen."""

_STUDIED = (
    range(0x3400),
    range(0xA640, 0xAC00),
    range(0xF900, 0x10000),
    range(0x1D400, 0x1D800),  # mathematical letters and digits
    range(0x1F100, 0x1F200),  # letters in circles and squares
)
"""Blocks looked at one by one. Elsewhere (ideographs, Hangul) a letter looks like itself."""

_SURROGATES = range(0xD800, 0xE000)
_EMOJI = range(0x1F200, 0x1FC00)
_TAGS = range(0xE0000, 0xE0200)
_BLANKS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_JOINERS = "\u200d\ufe0e\ufe0f"
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅԌԚԜҮаеорсухіјѕԁһԛԝѵүєвкмнт"  # Cyrillic
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεηικνορςτυχωϲ"  # Greek
    "օսոհɑɡıƒ",  # Armenian, phonetic
    "abekmhopctyxijsgqwyaeopcyxijsdhqwvyebkmhtabezhikmnoptyxaenikvopctuxwcounhagif",
)
_TYPOGRAPHY = str.maketrans(
    "‘’‚‛′`“”„«»″‐‑‒–—―−•·∙。", "''''''\"\"\"\"\"\"-------...."
) | str.maketrans({"œ": "oe", "æ": "ae"})
_LATIN_NAME = re.compile(
    r"LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL )?([A-Z])(?: WITH .*)?$"
)


class Kind(IntEnum):
    """What a mark is, before folding. Signals count these."""

    SPACE = 0
    UNSEEN = 1
    LOWER = 2
    UPPER = 3
    LETTER = 4
    LOOKALIKE = 5
    COSTUME = 6
    DIGIT = 7
    SHOUT = 8
    MONEY = 9
    SYMBOL = 10
    PUNCTUATION = 11


@dataclass(frozen=True, slots=True)
class Tables:
    """What the fast path looks up, one entry per code point up to `LAST`.

    Attributes
    ----------
    plain : ndarray of bool
        Whether it looks like one code point (``œ`` looks like two, an unseen mark like none).
    folded : ndarray of uint32
        That code point, where `plain` holds. Every digit looks like ``0``.
    width, start : ndarray of uint8, of uint32
        In general it looks like ``spelling[start : start + width]``.
    spelling : ndarray of uint32
        Code points of all that things look like, one after the other.
    kind : ndarray of uint8
        Its `Kind`.
    word : ndarray of bool
        Whether it belongs to a word: letters and digits of any script.
    """

    plain: NDArray[np.bool_]
    folded: NDArray[np.uint32]
    width: NDArray[np.uint8]
    start: NDArray[np.uint32]
    spelling: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    word: NDArray[np.bool_]


@cache
def looks() -> dict[int, str]:
    """Return what every code point looks like, for those that do not look like themselves.

    Lower case, no accents, compatibility forms resolved (full-width, mathematical, ligatures),
    look-alikes of other scripts as Latin letters, every white space as a space, unseen marks as
    nothing, lone surrogates as U+FFFD. Fit for ``str.translate``.
    """
    looks = dict.fromkeys(_TAGS, "") | dict.fromkeys(_SURROGATES, "\ufffd")
    for code in chain(*_STUDIED):
        look = _look(chr(code))
        if look != chr(code):
            looks[code] = look
    return looks


@cache
def tables() -> Tables:
    """Build the tables of the fast path."""
    characters = [chr(code) for code in range(LAST + 1)]
    seen = [looks().get(code, character) for code, character in enumerate(characters)]
    seen[LAST] = ""
    width = np.array([len(look) for look in seen], dtype=np.uint8)
    start = np.cumsum(width, dtype=np.uint32) - width
    spelling = np.array([_shape(part) for part in chain(*seen)] + [0], dtype=np.uint32)
    return Tables(
        plain=width == 1,
        folded=spelling[start],
        width=width,
        start=start,
        spelling=spelling,
        kind=_kinds(),
        word=np.array([character.isalnum() for character in characters]),
    )


def _shape(character: str) -> int:
    """Return the code point of `character`, ``0`` for every digit."""
    return ord("0") if character.isdigit() else ord(character)


def _kinds() -> NDArray[np.uint8]:
    """Return the kind of every code point up to `LAST`."""
    kinds = np.full(LAST + 1, Kind.LETTER, dtype=np.uint8)
    kinds[_SURROGATES.start : _SURROGATES.stop] = Kind.SYMBOL
    kinds[_EMOJI.start : _EMOJI.stop] = Kind.SYMBOL
    for code in chain(*_STUDIED):
        kinds[code] = _kind(chr(code))
    kinds[LAST] = Kind.COSTUME
    return kinds


def _look(character: str) -> str:
    """Return what `character` looks like."""
    if character.isspace():
        return " "
    if _is_unseen(character):
        return ""
    bare = _strip(_strip(character.translate(_LOOKALIKES)).casefold())
    return "".join(map(_latin, bare)).translate(_LOOKALIKES).translate(_TYPOGRAPHY)


def _strip(text: str) -> str:
    """Resolve compatibility forms and drop combining marks."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(part for part in decomposed if unicodedata.category(part) not in {"Mn", "Me"})


def _latin(character: str) -> str:
    """Return the Latin letter under strokes, hooks, small capitals and boxes, if there is one."""
    name = _LATIN_NAME.search(unicodedata.name(character, ""))
    return name[1].lower() if name and not character.isascii() else character


def _is_unseen(character: str) -> bool:
    """Say whether `character` leaves no ink of its own: combining, zero-width, control, blank."""
    return unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"} or character in _BLANKS


def _kind(character: str) -> Kind:
    """Return the kind of `character`, by the first rule that fits."""
    category = unicodedata.category(character)
    if character.isspace():
        return Kind.SPACE
    if _is_unseen(character):
        return Kind.COSTUME if category == "Cf" and character not in _JOINERS else Kind.UNSEEN
    if character == "!":
        return Kind.SHOUT
    return _letter_kind(character) if category[0] == "L" else _mark_kind(character)


def _letter_kind(letter: str) -> Kind:
    """Return the kind of a letter: Latin by its case, Latin in disguise, or another script's."""
    name = unicodedata.name(letter, "")
    if ord(letter) in _LOOKALIKES:
        return Kind.LOOKALIKE
    if unicodedata.normalize("NFKC", letter) != letter or "SMALL CAPITAL" in name:
        return Kind.COSTUME
    if not name.startswith("LATIN"):
        return Kind.LETTER
    return Kind.UPPER if letter.isupper() else Kind.LOWER


def _mark_kind(mark: str) -> Kind:
    """Return the kind of what is neither letter nor space."""
    category = unicodedata.category(mark)
    if category[0] == "N":
        dressed = category == "Nd" and unicodedata.normalize("NFKC", mark) != mark
        return Kind.COSTUME if dressed else Kind.DIGIT
    if _latin(mark) != mark:
        return Kind.COSTUME
    if category == "Sc":
        return Kind.MONEY
    return Kind.PUNCTUATION if category[0] == "P" or category == "Sm" else Kind.SYMBOL
