"""Bots that solve captchas, written as by an attacker who has read this service's code.

One parses the question's text. The other is given what was read in a drawing; it knows every
number word, and forgives letters that were misread.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import product
from operator import add, mul, sub

from moderation.captcha.numerals import number_in_words
from moderation.captcha.puzzle import OPERANDS

SIGNS = {"+": add, "−": sub, "×": mul}
MISREAD = {"-": "−", "–": "−", "—": "−", "_": "−", "~": "−", "x": "×", "*": "×", "X": "×"}
QUESTION = re.compile(r"(\S.*?) ([+−×]) (\S.*?) =(?: (\S.*))?")
READING = re.compile(rf"(.+?)\s+([{re.escape(''.join([*SIGNS, *MISREAD]))}])\s+(.+?)\s*=?\s*")
BLANK = "…"
LIKE_ENOUGH = 0.6

Number = int | None


def solve_text(question: str, locale: str) -> int:
    """Return the answer to a question of any level, from its text."""
    left, sign, right, result = QUESTION.fullmatch(question).groups()
    calculate = SIGNS[sign]
    x, y = next(
        (x, y)
        for x, y in product(_possible(left, locale), _possible(right, locale))
        if result is None or calculate(x, y) in _possible(result, locale)
    )
    if result is None:
        return calculate(x, y)
    return x if left == BLANK else y


def solve_reading(reading: str, locale: str) -> Number:
    """Return the answer to what was read of a question, or None where that is no calculation."""
    found = READING.search(" ".join(reading.replace("|", " ").split()))
    return solve_pieces(*found.groups(), locale) if found else None


def solve_pieces(left: str, sign: str, right: str, locale: str) -> Number:
    """Return the answer to a calculation whose pieces were read apart."""
    numbers = _number_like(left, locale), _number_like(right, locale)
    return None if None in numbers else SIGNS[MISREAD.get(sign, sign)](*numbers)


def _possible(shown: str, locale: str) -> Sequence[int]:
    if shown == BLANK:
        return range(41)
    return [int(shown)] if shown.isdigit() else [_words(locale)[shown]]


@cache
def _words(locale: str) -> dict[str, int]:
    return {number_in_words(n, locale): n for n in range(101)}


def _number_like(text: str, locale: str) -> Number:
    """Return the number whose word is most like `text`, if any is like it at all."""
    text = text.strip(" .,;:'\"=\n").lower()
    if re.fullmatch(r"\d\d?", text):
        return int(text)
    likeness, number = max(
        (SequenceMatcher(None, text, number_in_words(n, locale)).ratio(), n) for n in OPERANDS
    )
    return number if likeness >= LIKE_ENOUGH else None
