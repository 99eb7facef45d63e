"""Charts drawn here as SVG: bars of several days, and a week by its hours.

A drawing holds shapes alone and stretches with the page; the words and the scale around it are
text of the page, so that they stay legible on a phone. Colours are the style sheet's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

WIDTH, HEIGHT = 1000, 400  # of a drawing, in its own units
FILLED = 0.78  # of the width that a bar has to itself
LEVELS = 5
STEPS = (10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100)  # tenths of what a scale ends with


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of thing that is counted: the class of its colour, and one number for each bar."""

    css_class: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and the numbers at its left edge from the top to the bottom."""

    svg: Markup
    scale: tuple[int, ...] = ()


def stacked(title: str, description: str, parts: Sequence[Part], chart_id: str) -> Chart:
    """Draw bars beside each other, each of several parts that stand on one another."""
    sums = [sum(values) for values in zip(*(part.values for part in parts), strict=True)]
    top = round_top(max(sums, default=0))
    shapes = [_line(HEIGHT * share) for share in (0.0, 0.5)]
    for place in range(len(sums)):
        heights = [HEIGHT * part.values[place] / top for part in parts]
        for part, height, above in zip(parts, heights, accumulate(heights), strict=True):
            if height:
                shapes.append(_bar(place, len(sums), height, above, part.css_class))
    shapes.append(_line(HEIGHT))
    svg = _drawing(title, description, chart_id, WIDTH, HEIGHT, shapes)
    return Chart(svg, (top, top // 2, 0) if top % 2 == 0 else (top, 0))


def week(title: str, description: str, load: Sequence[Sequence[int]], chart_id: str) -> Chart:
    """Draw a week as a grid, a row for each day, the fuller the stronger."""
    fullest = max(map(max, load), default=0)
    shapes = [
        f'<rect class="cell level-{level(n, fullest)}" x="{hour + 0.04:.2f}" y="{day + 0.06:.2f}" '
        'width="0.92" height="0.88"/>'
        for day, hours in enumerate(load)
        for hour, n in enumerate(hours)
    ]
    return Chart(_drawing(title, description, chart_id, len(load[0]), len(load), shapes))


def share(title: str, description: str, ratio: float, css_class: str, chart_id: str) -> Chart:
    """Draw a share in [0, 1] as part of a bar."""
    shapes = [
        f'<rect class="track" width="{WIDTH}" height="10"/>',
        f'<rect class="{css_class}" width="{WIDTH * ratio:.1f}" height="10"/>',
    ]
    return Chart(_drawing(title, description, chart_id, WIDTH, 10, shapes))


def level(n: int, fullest: int) -> int:
    """Return how strong a cell is: 0 for nothing at all, else 1 to `LEVELS`."""
    return -(-n * LEVELS // fullest) if n else 0


def round_top(highest: int) -> int:
    """Return a round number that `highest` does not exceed, at least 1, to end a scale with."""
    wanted = max(1, highest)
    size: int = 10 ** (len(str(wanted)) - 1)
    rounded = (-(-step * size // 10) for step in STEPS)
    return next(top for top in rounded if top >= wanted)


def _bar(place: int, bars: int, height: float, above: float, css_class: str) -> str:
    room = WIDTH / bars
    return (
        f'<rect class="{css_class}" x="{place * room + room * (1 - FILLED) / 2:.1f}" '
        f'y="{HEIGHT - above:.1f}" width="{room * FILLED:.1f}" height="{height:.1f}"/>'
    )


def _line(y: float) -> str:
    return f'<path class="rule" d="M0 {y:.1f}H{WIDTH}"/>'


def _drawing(
    title: str, description: str, chart_id: str, width: int, height: int, shapes: Sequence[str]
) -> Markup:
    head = Markup(
        '<svg class="drawing" role="img" viewBox="0 0 {width} {height}" preserveAspectRatio="none" '
        'aria-labelledby="{id}-title {id}-desc">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>'
    ).format(width=width, height=height, id=chart_id, title=title, description=description)
    return head + Markup("".join(shapes)) + Markup("</svg>")  # noqa: S704, numbers and our classes
