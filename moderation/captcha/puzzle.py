"""Arithmetic puzzles: which operands, which sign, and which of the three numbers is asked for."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import product
from operator import add, mul, sub
from random import Random

from moderation.domain.site import CaptchaLevel

OPERANDS = range(1, 21)
FACTORS = range(1, 6)


class Operator(Enum):
    """The sign between the operands."""

    PLUS = "+"
    MINUS = "−"
    TIMES = "×"

    @property
    def symbol(self) -> str:
        """Return the sign as it is printed: U+002B, U+2212 or U+00D7."""
        return self.value


class Blank(Enum):
    """Which of the three numbers the reader has to find."""

    RESULT = "result"
    LEFT = "left"
    RIGHT = "right"


CALCULATIONS: Mapping[Operator, Callable[[int, int], int]] = {
    Operator.PLUS: add,
    Operator.MINUS: sub,
    Operator.TIMES: mul,
}
BLANKS = {
    CaptchaLevel.NORMAL: (Blank.RESULT,),
    CaptchaLevel.HARD: (Blank.RESULT, Blank.LEFT, Blank.RIGHT),
}


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A calculation with one number left out, which the other two determine.

    Attributes:
        left: 1 to 20, or 1 to 5 in a multiplication.
        right: the same, and never above `left` in a subtraction.
    """

    left: int
    operator: Operator
    right: int
    blank: Blank

    @property
    def result(self) -> int:
        """Return what the calculation gives, 0 to 40."""
        return CALCULATIONS[self.operator](self.left, self.right)

    @property
    def answer(self) -> int:
        """Return the number that is left out, 0 to 40."""
        if self.blank is Blank.RESULT:
            return self.result
        return self.left if self.blank is Blank.LEFT else self.right


def draw_puzzle(random: Random, level: CaptchaLevel) -> Puzzle:
    """Draw a puzzle whose answer is any of 0 to 40 with the same probability.

    The answer is drawn first, and then one of the puzzles that have it. So whoever answers
    without reading is right once in 41 times (2.4 %), at either level, whatever they answer;
    no choice among these operands can do better. Drawing the operands first would make some
    answers several times as likely as others.
    """
    answer = random.choice(_deck(level))
    kind = random.choice(answer)
    return random.choice(kind)


@cache
def _deck(level: CaptchaLevel) -> tuple[tuple[tuple[Puzzle, ...], ...], ...]:
    """Return every puzzle of `level`, sorted by answer, and within it by blank and operator."""
    piles: dict[int, dict[tuple[Blank, Operator], list[Puzzle]]]
    piles = defaultdict(lambda: defaultdict(list))
    for (left, operator, right), blank in product(_calculations(), BLANKS[level]):
        puzzle = Puzzle(left, operator, right, blank)
        piles[puzzle.answer][blank, operator].append(puzzle)
    return tuple(tuple(map(tuple, kinds.values())) for kinds in piles.values())


def _calculations() -> Iterator[tuple[int, Operator, int]]:
    """Yield every calculation that may be asked; none gives less than 0."""
    for left, right in product(OPERANDS, repeat=2):
        yield left, Operator.PLUS, right
        if left >= right:
            yield left, Operator.MINUS, right
    for left, right in product(FACTORS, repeat=2):
        yield left, Operator.TIMES, right
