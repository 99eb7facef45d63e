"""A reader who works out captcha questions, sharing no table with the code that asks them."""

import re
from operator import add, mul, sub

from text_to_num import text2num

QUESTION = re.compile(r"(\S.*) ([+\u2212\u00d7]) (\S.*?) =")
OPERATORS = {"+": add, "\u2212": sub, "\u00d7": mul}


def solve(question, language="fr"):
    """Return the answer to a question of the normal level, as a reader would type it."""
    left, sign, right = QUESTION.fullmatch(question).groups()
    return str(OPERATORS[sign](_number(left, language), _number(right, language)))


def _number(shown, language):
    return int(shown) if shown.isdigit() else text2num(shown, language)
