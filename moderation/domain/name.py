"""Names as people see them: characters that leave no trace make no other name."""

import unicodedata
from collections.abc import Callable

JOINERS = "\u200c\u200d"
DRESS = "\ufe0e\ufe0f"  # whether the sign before is drawn as text or as an emoji
KEYCAP = "\u20e3"
FLAG = "\U0001f3f4"  # the sign that spells out the flag of a region, in tags
TAGS = range(0xE0020, 0xE0080)
BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
VIRAMA = 9  # canonical combining class
ARABIC = "AL"  # bidirectional class of letters that join


def seen(name: str) -> str:
    """Return `name` without what is invisible or turns the direction of writing.

    What joins or parts letters stays where it shows: between Arabic letters, beside a virama, in
    emoji. White space is one space.
    """
    around = zip(f" {name}", name, f"{name[1:]} ", strict=False)
    kept = (mark for before, mark, after in around if _shows(before, mark, after))
    return " ".join("".join(kept).split())


def likeness(name: str, fold: Callable[[str], str]) -> str:
    """Return what names have in common that an eye can hardly tell apart.

    Upper and lower case, widths, invisible characters and look-alike letters of other scripts make
    no difference. Accents and vowel signs do: they part the names of different people.

    Args:
        fold: gives what a character looks like.
    """
    parts = unicodedata.normalize("NFKD", name.casefold())
    looks = (part if _is_drawn_mark(part) else fold(part) for part in parts)
    return " ".join("".join(looks).split())


def has_ink(text: str) -> bool:
    """Tell whether there is anything to see in `text`."""
    return any(unicodedata.category(c)[0] not in "CZ" and not _is_unseen(c) for c in text)


def _shows(before: str, mark: str, after: str) -> bool:
    """Tell whether a character does anything between its neighbours."""
    if mark in JOINERS:
        return _joins(before, mark, after)
    if mark in DRESS:
        return (_is_sign(before) and not before.isascii()) or after == KEYCAP
    if ord(mark) in TAGS:
        return before == FLAG or ord(before) in TAGS
    return not _is_unseen(mark)


def _joins(before: str, joiner: str, after: str) -> bool:
    if VIRAMA in (unicodedata.combining(before), unicodedata.combining(after)):
        return True
    if joiner == "\u200c":
        return unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == ARABIC
    return (_is_sign(before) or before in DRESS) and _is_sign(after)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] == "S"


def _is_drawn_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"} and not _is_unseen(character)


def _is_unseen(character: str) -> bool:
    if unicodedata.category(character) == "Cf" or character in BLANKS:
        return True
    return "VARIATION SELECTOR" in unicodedata.name(character, "")
