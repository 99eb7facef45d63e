"""The alphabet as a reader sees it: what each character looks like, and what kind of mark it is.

Everything is derived from the Unicode database of the running Python, plus a short list of
look-alikes; each character is studied when it is first met, and remembered.
"""

import re
import unicodedata
from enum import IntEnum
from functools import cache

_SEEMS_BLANK = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
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


class _Looks(dict[int, str]):
    """What characters look like, by code point; found out when asked for."""

    def __missing__(self, code: int) -> str:
        self[code] = look = _look(chr(code))
        return look


_looks = _Looks()


def fold(text: str) -> str:
    """Return `text` as a reader sees it, to compare words however they are disguised.

    Lower case, no accents, compatibility forms resolved (full-width, mathematical, ligatures);
    look-alikes from other scripts as Latin letters; unseen characters removed; every white space a
    space; a lone surrogate U+FFFD. Folding twice changes nothing.

    Examples
    --------
    >>> fold("Ｃａsіno GRATUIT à l’été")
    "casino gratuit a l'ete"
    """
    return text.translate(_looks)


@cache
def kind_of(character: str) -> Kind:
    """Return the kind of `character`, by the first rule that fits."""
    category = unicodedata.category(character)
    if character.isspace():
        return Kind.SPACE
    if _is_unseen(character):
        return Kind.COSTUME if category == "Cf" and character not in _JOINERS else Kind.UNSEEN
    if character == "!":
        return Kind.SHOUT
    return _letter_kind(character) if category[0] == "L" else _mark_kind(character)


def _look(character: str) -> str:
    """Return what `character` looks like."""
    if character.isspace():
        return " "
    if _is_unseen(character):
        return ""
    if unicodedata.category(character) == "Cs":
        return "\ufffd"
    bare = _strip(_strip(character.translate(_LOOKALIKES)).casefold())
    look = "".join(map(_latin, bare)).translate(_LOOKALIKES).translate(_TYPOGRAPHY)
    return unicodedata.normalize("NFC", look)


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
    return unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"} or character in _SEEMS_BLANK


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
