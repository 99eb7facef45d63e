"""What the model sees of comments: hashed n-grams and a few named signals.

Training and scoring both come here, so they cannot disagree.

A text is cut at white spaces into tokens, letters that stand apart put together first. The n-grams
are sequences of 3 to 5 characters of a token, words, pairs of neighbouring words and pairs across a
third one. Those of the characters are worth ``1 / sqrt(their number + CHARACTER_RESERVE)`` each,
those of the words alike: a long comment weighs no more than a short one, and one word weighs
little. The author's address is read like a part of the text, behind a mark of its own, and so is a
name that is not like a person's: "Casino bonus 24" says something, "Lucie Marchand" must not.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classifier.alphabet import Kind, fold
from classifier.contacts import FEWEST_DIGITS, count_phones
from classifier.languages import foreign_share
from classifier.normalise import FEWEST_APART, LONGEST_TOKEN, cut
from classifier.signals import Marks, measure
from classifier.tokens import FIELD, START, Count

VERSION = "2"
"""Changes with anything in here or below that changes a feature."""

CHARACTER_RESERVE = 60
WORD_RESERVE = 20
"""N-grams that every comment has on top and that say nothing: ``Bonjour`` alone proves little."""

MOST_REPEATED = 8

LONGEST = 1 << 16
"""Characters read of a text; the rest is not looked at, so the time is bounded."""

_APART = bytes([1] * FEWEST_APART)
_LONGEST_FIELD = 256
_NAME = re.compile(r"[^\W\d_]*([ .'-]{1,2}[^\W\d_]+){0,3}\.?")


@dataclass(frozen=True, slots=True)
class Document:
    """A comment to judge; `lang` is the site's language, empty if unknown."""

    text: str
    lang: str = ""
    author: str = ""
    url: str = ""


def is_plain_name(author: str) -> bool:
    """Tell whether `author` may be what a person is called: up to four words, letters alone.

    Examples
    --------
    >>> is_plain_name("Jean-Marc d’Albret"), is_plain_name("prêt rapide 24h")
    (True, False)
    """
    return not author or _NAME.fullmatch(author if author.isascii() else fold(author)) is not None


class Fields(NamedTuple):
    """The tokens of an author's name, after a mark, and address; empty where they say nothing."""

    name: list[str]
    url: list[str]


_NO_FIELDS = Fields([], [])


class Reading(NamedTuple):
    """The tokens of a document.

    Attributes
    ----------
    text : list of str
        Those of its text.
    fields : Fields
        Those of its author's name and address.
    gathered : int
        How many spaces were taken out between letters that stood apart.
    repeated : int
        How many tokens had been said before.
    kept : list of int or None
        Which tokens of the text are in `text`, None for all. Where many words are repeated, none
        stands there more often than `MOST_REPEATED`: said a thousand times, it would outweigh all
        others.
    """

    text: list[str]
    fields: Fields
    gathered: int
    repeated: int
    kept: list[int] | None


def read(document: Document) -> Reading:
    """Cut `document` into tokens."""
    text = document.text if len(document.text) <= LONGEST else document.text[:LONGEST]
    fields = _fields(document) if document.author or document.url else _NO_FIELDS
    tokens, gathered = text.split(), 0
    if _needs_cutting(tokens):
        spans = cut(text)
        tokens = ["".join(text[start:stop].split()) for start, stop in spans]
        gathered = sum(stop - start for start, stop in spans) - sum(map(len, tokens))
    repeated = len(tokens) - len(set(tokens))
    kept = _first_ones(tokens) if repeated >= 2 * MOST_REPEATED else None
    if kept is not None:
        tokens = [tokens[place] for place in kept]
    return Reading(tokens, fields, gathered, repeated, kept)


def _needs_cutting(tokens: Sequence[str]) -> bool:
    """Tell whether a token is too long, or letters stand apart."""
    try:
        return _APART in bytes(map(len, tokens))
    except ValueError:
        return True


def _first_ones(tokens: Sequence[str]) -> list[int]:
    """Return the places of the first `MOST_REPEATED` of each token."""
    said: Counter[str] = Counter()
    kept = []
    for place, token in enumerate(tokens):
        said[token] += 1
        if said[token] <= MOST_REPEATED:
            kept.append(place)
    return kept


def arrange(readings: Sequence[Reading]) -> tuple[list[str], list[int]]:
    """Return the tokens of some documents in a row, and where each document starts.

    A document begins with two `START`, and two more end the row. So a pair of words that begins in
    a document never reaches into the next, and the first and the last word are known as such.
    """
    tokens: list[str] = []
    starts = []
    for reading in readings:
        starts.append(len(tokens))
        tokens += START, START, *reading.text, *reading.fields.name, *reading.fields.url
    return [*tokens, START, START], starts


def _fields(document: Document) -> Fields:
    """Return the tokens of what an author left beside the text, if it says something."""
    name = "" if is_plain_name(document.author) else document.author[:_LONGEST_FIELD]
    if not (name or document.url):
        return Fields([], [])
    names = [FIELD + token[:LONGEST_TOKEN] for token in name.split()]
    urls = [FIELD + token[:LONGEST_TOKEN] for token in document.url[:_LONGEST_FIELD].split()]
    return Fields([FIELD, *names], urls)


def signals_of(document: Document, reading: Reading, counts: Sequence[float]) -> tuple[float, ...]:
    """Return one value for each of `SIGNALS`; `counts` are the sums over the tokens of the text."""
    digits = counts[Kind.DIGIT]
    return measure(
        Marks(
            counts=counts,
            tokens=len(reading.text),
            repeated=reading.repeated,
            gathered=reading.gathered,
            lines=document.text.count("\n"),
            phones=count_phones(document.text[:LONGEST]) if digits >= FEWEST_DIGITS else 0,
            foreign=foreign_share(counts[Count.TONGUES :], document.lang),
            has_url=bool(document.url),
            is_name_odd=len(reading.fields.name) > 1,
        )
    )


def worth_of_characters(size: float) -> float:
    """Return what each of `size` n-grams of characters is worth."""
    return 1 / math.sqrt(size + CHARACTER_RESERVE)


def worth_of_words(size: float) -> float:
    """Return what each of `size` words and pairs of words is worth."""
    return 1 / math.sqrt(size + WORD_RESERVE)
