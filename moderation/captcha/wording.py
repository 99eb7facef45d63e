"""Puzzles put into words: the question for the eye, the sentence for the ear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from moderation.captcha.numerals import LOCALES, number_in_words
from moderation.captcha.puzzle import Blank, Operator, Puzzle

__all__ = ["LOCALES", "choose_locale", "number_in_words", "question", "speech"]

DEFAULT_LOCALE = "fr"
LOCALE_BY_TAG = {locale.lower(): locale for locale in LOCALES}
LONGEST_TAG = 35  # characters; RFC 5646, section 4.4.1
ELLIPSIS = "…"
STYLES = ((True, False), (False, True), (True, True))  # which of the two numbers is in words


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How a calculation is read aloud in a language.

    Attributes:
        plus, minus, times: between the operands.
        unknown: stands for the number asked for.
        equals: before the result.
        asked: punctuation of a question, with its spaces.
        multiples: what is said for the left operand and "times", where it is not just the one
            after the other: "une fois". None is the unknown operand.
    """

    plus: str
    minus: str
    times: str
    unknown: str
    equals: str
    asked: str = "{}?"
    multiples: Mapping[int | None, str] = field(default_factory=dict)

    def operation(self, left: int | None, operator: Operator, locale: str) -> str:
        """Return the left operand and the operator, as in "dix-neuf moins"."""
        if operator is Operator.TIMES and left in self.multiples:
            return self.multiples[left]
        word = {Operator.PLUS: self.plus, Operator.MINUS: self.minus, Operator.TIMES: self.times}
        return f"{self.number(left, locale)} {word[operator]}"

    def number(self, n: int | None, locale: str) -> str:
        """Return `n` in words, or what stands for the unknown number."""
        return self.unknown if n is None else number_in_words(n, locale)


PHRASING = {
    "fr": Phrasing(
        "plus", "moins", "fois", "combien", "égale",
        asked="{}\N{NARROW NO-BREAK SPACE}?",
        multiples={1: "une fois", None: "combien multiplié par"},
    ),
    "en": Phrasing("plus", "minus", "times", "what", "equals"),
    "de": Phrasing("plus", "minus", "mal", "wie viel", "ergibt", multiples={1: "ein mal"}),
    "es": Phrasing("más", "menos", "por", "qué número", "es igual a", asked="¿{}?"),
    "it": Phrasing("più", "meno", "per", "quale numero", "fa"),
    "pt": Phrasing(
        "mais", "menos", "vezes", "que número", "é igual a",
        multiples={1: "uma vez", 2: "duas vezes"},
    ),
    "nl": Phrasing("plus", "min", "keer", "hoeveel", "is"),
}  # fmt: skip


def choose_locale(*wanted: str | None) -> str:
    """Return the locale that fits the first of the language tags `wanted` that any fits.

    A tag that is not among `LOCALES` is shortened from the right (RFC 4647, section 3.4), so
    "fr-CA" gives "fr". Where nothing fits it is French.
    """
    for tag in filter(None, wanted):
        subtags = tag[:LONGEST_TAG].lower().replace("_", "-").split("-")
        while subtags:
            if locale := LOCALE_BY_TAG.get("-".join(subtags)):
                return locale
            subtags.pop()
    return DEFAULT_LOCALE


def question(puzzle: Puzzle, locale: str, random: Random, in_words: bool = False) -> str:
    """Return the calculation as it is shown: "dix-neuf − 2 =" or "… − 2 = dix-sept".

    Each of the two numbers is drawn as a word or as digits, at least one of them as a word;
    with `in_words`, both as words.
    """
    first, second = (True, True) if in_words else random.choice(STYLES)
    sign = puzzle.operator.symbol
    if puzzle.blank is Blank.RESULT:
        return f"{_show(puzzle.left, first, locale)} {sign} {_show(puzzle.right, second, locale)} ="
    result = _show(puzzle.result, second, locale)
    if puzzle.blank is Blank.LEFT:
        return f"{ELLIPSIS} {sign} {_show(puzzle.right, first, locale)} = {result}"
    return f"{_show(puzzle.left, first, locale)} {sign} {ELLIPSIS} = {result}"


def speech(puzzle: Puzzle, locale: str) -> str:
    """Return the calculation as it is read aloud: "dix-neuf moins deux ?"."""
    phrasing = PHRASING[locale.partition("-")[0]]
    left = None if puzzle.blank is Blank.LEFT else puzzle.left
    right = None if puzzle.blank is Blank.RIGHT else puzzle.right

    sentence = phrasing.operation(left, puzzle.operator, locale)
    sentence += f" {phrasing.number(right, locale)}"
    if puzzle.blank is not Blank.RESULT:
        sentence += f" {phrasing.equals} {number_in_words(puzzle.result, locale)}"
    return phrasing.asked.format(sentence)


def _show(n: int, in_words: bool, locale: str) -> str:
    return number_in_words(n, locale) if in_words else str(n)
