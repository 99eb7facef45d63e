"""Rates in the language of the page: "5 par minute" is kept as Flask-Limiter reads it."""

import re
from collections.abc import Mapping

from moderation.web.sentences import COMPLETE, say

WORD = re.compile(r"[^\W\d_]+")
KEPT_IN = "en"
BEFORE_SEMICOLON = {"fr": "\N{NARROW NO-BREAK SPACE}"}


def shown(rates: str, language: str) -> str:
    """Return rates as the form shows them in a language."""
    told = _replaced(rates, _words(KEPT_IN, language))
    return told.replace(";", f"{BEFORE_SEMICOLON.get(language, '')};")


def read(text: str) -> str:
    """Return what was typed, in whichever language of the console, as it is kept.

    Words that are none of a rate stay: whoever checks the rates will refuse them.
    """
    plain = re.sub(r"\s+;", ";", text)
    for language in COMPLETE:
        plain = _replaced(plain, _words(language, KEPT_IN))
    return plain


def _words(language: str, other: str) -> Mapping[str, str]:
    """Return the words of a rate in one language, and what each is in another."""
    pairs = zip(say(language, "rate.words").split(), say(other, "rate.words").split(), strict=True)
    return {word: its for pair in pairs for word, its in (pair, map(_several, pair))}


def _several(word: str) -> str:
    return word if word.endswith("s") else f"{word}s"


def _replaced(text: str, words: Mapping[str, str]) -> str:
    return WORD.sub(lambda found: words.get(found[0].casefold(), found[0]), text)
