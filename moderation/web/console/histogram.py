"""A histogram of scores as shapes in a drawing: bars in three shades, and both thresholds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from moderation.review.thresholds import Bin, Thresholds, Word

WIDTH, HEIGHT = 320, 132
LEFT, TOP, BOTTOM = 6, 34, 112
SPAN = WIDTH - 2 * LEFT
GAP = 1.5
SHADES = ((Word.PUBLISHED,), (Word.NONE, Word.OTHER), (Word.SPAM,))  # from the ground up


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a bar: comments with a score of one bin and one word of people about them."""

    shade: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold."""

    name: str
    value: float
    x: float
    y: float
    is_left: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything there is to draw."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = LEFT + SPAN
    top: int = TOP
    bottom: int = BOTTOM


def draw(histogram: Sequence[Bin], thresholds: Thresholds) -> Drawing:
    """Return the drawing of a histogram.

    The height of a bar grows with the square root of its number, so that the few comments near
    the thresholds can be seen beside the many that are plainly fine.
    """
    most = max((sum(one.words.values()) for one in histogram), default=0)
    bars = tuple(bar for one in histogram for bar in _bars(one, most))
    marks = (
        _mark("hold", thresholds.hold, TOP - 20),
        _mark("reject", thresholds.reject, TOP - 6),
    )
    return Drawing(bars, marks)


def _bars(one: Bin, most: int) -> Iterator[Bar]:
    number = sum(one.words.values())
    if not number:
        return
    whole = max(2.0, (BOTTOM - TOP) * sqrt(number / most))
    x, width = LEFT + SPAN * one.low, SPAN * (one.high - one.low) - GAP
    ground = float(BOTTOM)
    for shade in SHADES:
        height = whole * sum(one.words[word] for word in shade) / number
        ground -= height
        if height:
            yield Bar(
                shade[0].value, round(x, 2), round(ground, 2), round(width, 2), round(height, 2)
            )


def _mark(name: str, value: float, y: int) -> Mark:
    return Mark(name, value, round(LEFT + SPAN * value, 2), y, is_left=value > 0.5)
