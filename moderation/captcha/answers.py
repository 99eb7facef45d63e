"""What a reader typed, read as a number."""

import unicodedata
from functools import cache

from moderation.captcha.numerals import LARGEST, LOCALES, number_in_words

LONGEST = 64  # characters; the longest number word has 22
INVISIBLE = {"Mn", "Me", "Cf"}  # Unicode categories: accents, enclosing marks, format characters
DASHES = "Pd"

ALSO_SAID = {
    1: ("une", "ein", "eine", "un", "una", "uma"),
    2: ("zwo", "duas"),
    14: ("quatorze",),
    21: ("veintiún",),
    80: ("quatre-vingt", "octante"),
    100: ("hundred", "a hundred", "einhundert", "ciento"),
}
WITHOUT_UMLAUT = str.maketrans({"ö": "oe", "ü": "ue"})


def read_answer(text: str) -> int | None:
    """Return the number that `text` is, or None where it is none.

    Digits may be of any script, full-width or Arabic for example. Words may be of any locale,
    whatever the question's, in any case, with or without hyphens, spaces and accents: no word
    means one number here and another there. Spaces around it and a full stop are ignored.
    """
    if len(text) > LONGEST:
        return None
    if text.isdecimal():
        return int(text)
    folded = _fold(text)
    if folded.isdecimal():
        return int(folded)
    return _numbers().get(_close_up(folded))


def _fold(text: str) -> str:
    """Drop case, accents, the marks of writing direction, and a full stop at the end."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    visible = (c for c in decomposed if unicodedata.category(c) not in INVISIBLE)
    return "".join(visible).strip().removesuffix(".").rstrip()


def _close_up(folded: str) -> str:
    """Drop spaces, hyphens and dashes."""
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != DASHES)


@cache
def _numbers() -> dict[str, int]:
    """Return what every folded number word means."""
    words = [(number_in_words(n, locale), n) for locale in LOCALES for n in range(LARGEST + 1)]
    words += [(word.translate(WITHOUT_UMLAUT), n) for word, n in words]
    words += [(word, n) for n, others in ALSO_SAID.items() for word in others]
    return {_close_up(_fold(word)): n for word, n in words}
