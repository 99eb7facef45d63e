"""Questions drawn as SVG: bent outlines of letters, crossed by lines, and not one word in them.

Letters and lines are merged into one shape by the even-odd rule: where a line crosses a letter,
both turn into paper. So no line can be told by its colour, by its place in the file or by its
outline, and none can be taken away without leaving holes. Everything that varies grows from a
seed, so a challenge always looks the same.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyclipper

from moderation.captcha.faces import FACES, Glyph, Points, glyphs

# All lengths are pixels where the drawing is shown at its own size; angles are radians.
SIZE = 50.0  # of the type
ROW_HEIGHT = 76.0
BASELINE = 0.68  # of the row's height, from above
WIDEST_ROW = 300.0  # so the narrowest telephone hardly has to shrink it
WIDEST_DRAWN = 307.0  # some rows cannot be broken, and letters vary
BREAK = re.compile(r" (?=[+−×] |= .)")  # before a sign, but not before one at the end
MARGIN = 12.0
SPACE = 0.28 * SIZE
INK, PAPER = "#1c2733", "#f4f1ea"  # 13 : 1, on the drawing's own ground, light page or dark
FINENESS = 10  # steps in a pixel

MIDDLE = -0.27 * SIZE  # half the height of a small letter

LINE_POINTS = 48
LINE_THICKNESS = (3.2, 3.8)  # thinner ones are told from the strokes of the letters
LINE_SWING = (10.0, 16.0)
LINE_WAVE = (75.0, 110.0)

Random = np.random.Generator
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Play:
    """How far a letter may stray from its place and shape.

    Attributes:
        scale: its size, in that of the type.
        turn: angle.
        slant: shear.
        shift: pixels up or down.
        overlap: how much of its own size it moves towards the letter before.
    """

    scale: Range
    turn: Range
    slant: Range
    shift: Range
    overlap: Range


# A plus that turns becomes a times; a digit, in the same way, may become another.
OF_LETTERS = Play((0.85, 1.15), (-0.35, 0.35), (-0.18, 0.18), (-7.5, 7.5), (0.0, 0.06))
OF_SIGNS = Play((0.92, 1.08), (-0.14, 0.14), (-0.1, 0.1), (-3.0, 3.0), (-0.02, 0.02))


@dataclass(frozen=True, slots=True)
class Row:
    """Polygons that stand on a baseline, from 0 to `width`."""

    polygons: Sequence[Points]
    width: float


def draw(question: str, seed: bytes) -> str:
    """Return the question as an SVG document."""
    random = np.random.default_rng(int.from_bytes(seed))
    rows = [_fit(_set(row, random)) for row in _break(question)]
    width = max(row.width for row in rows) + 2 * MARGIN + random.uniform(0, SPACE)
    height = ROW_HEIGHT * len(rows) + MARGIN
    polygons: list[Points] = []
    for number, row in enumerate(rows):
        left, baseline = (width - row.width) / 2, MARGIN / 2 + ROW_HEIGHT * (number + BASELINE)
        polygons += [polygon + np.array([left, baseline]) for polygon in row.polygons]
    return _svg(_merge(_bend(polygons, random)), width, height)


def _break(question: str) -> Sequence[str]:
    """Return rows, none too wide unless it cannot be broken; a row may begin with a sign."""
    rows: list[str] = []
    for part in BREAK.split(question):
        longer = f"{rows[-1]} {part}" if rows else part
        if rows and _width(longer) <= WIDEST_ROW:
            rows[-1] = longer
        else:
            rows.append(part)
    return rows


def _width(row: str) -> float:
    letters = sum(glyphs(0)[character].advance for character in row if character != " ")
    return letters * SIZE + row.count(" ") * SPACE


def _set(row: str, random: Random) -> Row:
    """Return a row set in type, and a line across each of its words; signs stay free."""
    pen = -SPACE
    polygons: list[Points] = []
    for word in row.split():
        start = pen = pen + SPACE
        play = OF_LETTERS if word[0].isalpha() else OF_SIGNS
        for character in word:
            glyph = glyphs(int(random.choice(FACES)))[character]
            scale = random.uniform(*play.scale) * SIZE
            polygons += _place(glyph, pen, scale, play, random)
            pen += (glyph.advance - random.uniform(*play.overlap)) * scale
        if play is OF_LETTERS:
            polygons.append(_line(start, pen, random))
    return Row(polygons, pen)


def _fit(row: Row) -> Row:
    """Return a row as it is, or so much smaller that it fits on a telephone."""
    if row.width <= WIDEST_DRAWN:
        return row
    smaller = WIDEST_DRAWN / row.width
    return Row([polygon * smaller for polygon in row.polygons], WIDEST_DRAWN)


def _place(glyph: Glyph, pen: float, scale: float, play: Play, random: Random) -> Iterator[Points]:
    """Yield the outlines of a letter that starts at `pen`, turned, slanted and shifted."""
    angle, slant = random.uniform(*play.turn), random.uniform(*play.slant)
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[1, 0], [slant, 1]]) @ np.array([[cos, sin], [-sin, cos]]) * scale
    centre = np.array([glyph.advance / 2, MIDDLE / SIZE])
    place = centre * scale + (pen, random.uniform(*play.shift))
    return ((contour - centre) @ matrix + place for contour in glyph.contours)


def _line(start: float, end: float, random: Random) -> Points:
    """Return a waving line across a word."""
    x = np.linspace(start - random.uniform(0, 6), end + random.uniform(0, 6), LINE_POINTS)
    swing, wave, phase = random.uniform(*LINE_SWING), random.uniform(*LINE_WAVE), random.random()
    y = MIDDLE + random.uniform(-5, 5) + swing * np.sin(2 * np.pi * (x / wave + phase))
    across = np.column_stack([-np.gradient(y, x), np.ones(LINE_POINTS)])
    across *= random.uniform(*LINE_THICKNESS) / 2 / np.hypot(*across.T)[:, None]
    middle = np.column_stack([x, y])
    return np.concatenate([middle - across, (middle + across)[::-1]])


def _bend(polygons: Sequence[Points], random: Random) -> list[Points]:
    """Return the polygons as if seen through uneven glass; no outline is like another."""
    ends = np.cumsum([len(polygon) for polygon in polygons])[:-1]
    points = np.concatenate(polygons)
    phases = random.uniform(0, 2 * np.pi, 2)
    waves = random.uniform((60, 24), (110, 36))
    swings = random.uniform((1.5, 2.0), (2.5, 4.0))
    bent = points + (swings * np.sin(2 * np.pi * points / waves + phases))[:, ::-1]
    return np.split(bent + random.uniform(-0.2, 0.2, bent.shape), ends)


def _merge(polygons: Sequence[Points]) -> list[list[list[int]]]:
    """Return the outline of what is ink, in steps."""
    merging = pyclipper.Pyclipper()
    steps = [(polygon * FINENESS).round().astype(int).tolist() for polygon in polygons]
    merging.AddPaths(steps, pyclipper.PT_SUBJECT, True)
    merged: list[list[list[int]]] = merging.Execute(
        pyclipper.CT_UNION, pyclipper.PFT_EVENODD, pyclipper.PFT_EVENODD
    )
    return merged


def _svg(outlines: Sequence[Sequence[Sequence[int]]], width: float, height: float) -> str:
    w, h = round(width), round(height)
    path = "".join(map(_trace, outlines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
        f'viewBox="0 0 {w * FINENESS} {h * FINENESS}">'
        f'<rect width="100%" height="100%" rx="{8 * FINENESS}" fill="{PAPER}"/>'
        f'<path fill="{INK}" fill-rule="evenodd" d="{path}"/></svg>'
    )


def _trace(outline: Sequence[Sequence[int]]) -> str:
    """Return a closed outline as path data, by steps from point to point."""
    x, y = outline[0]
    steps = "".join(f"l{c - a} {d - b}" for (a, b), (c, d) in pairwise(outline))
    return f"M{x} {y}{steps}z"
