"""The letters of the drawings: outlines of three typefaces, as polygons ready to be bent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import font_source_sans_pro as sans
import font_source_serif_pro as serif
import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from numpy.typing import NDArray

from moderation.captcha.numerals import LARGEST, LOCALES, number_in_words

FILES = (
    (sans, "SourceSansPro-Bold.ttf"),
    (serif, "SourceSerifPro-Bold.ttf"),
    (sans, "SourceSansPro-BoldIt.ttf"),
)
FACES = range(len(FILES))
SIGNS = "0123456789+−×=…"
CURVE_STEPS = 3  # lines that stand for one curve of the outline
LONGEST_LINE = 0.12  # of the size of the type; longer lines are divided, to be bent as well

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter of one typeface, one unit high, y pointing down from the baseline.

    Attributes:
        contours: closed polygons, each of shape (points, 2).
        advance: how far the next letter stands.
    """

    contours: tuple[Points, ...]
    advance: float


@cache
def glyphs(face: int) -> Mapping[str, Glyph]:
    """Return every letter and sign a question may hold, in the typeface with this number."""
    module, name = FILES[face]
    with TTFont(Path(module.font_directory) / name) as font:
        scale = font["head"].unitsPerEm
        names, shapes = font.getBestCmap(), font.getGlyphSet()
        return {c: _read(shapes, names[ord(c)], scale) for c in sorted(_alphabet())}


def _alphabet() -> set[str]:
    words = (number_in_words(n, locale) for locale in LOCALES for n in range(LARGEST + 1))
    return set(SIGNS).union(*words) - {" "}


def _read(shapes: Any, name: str, scale: int) -> Glyph:
    tracer = _Tracer(shapes)
    shapes[name].draw(tracer)
    contours = tuple(np.array(contour) / (scale, -scale) for contour in tracer.contours)
    return Glyph(contours, shapes[name].width / scale)


class _Tracer(BasePen):  # type: ignore[misc]
    """Follows an outline and notes points along it, close enough to look smooth."""

    def __init__(self, shapes: Any) -> None:
        super().__init__(shapes)
        self.contours: list[list[tuple[float, float]]] = []
        self._step = LONGEST_LINE * 1000

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - fontTools' name
        self.contours.append([pt])

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        start = np.array(self.contours[-1][-1])
        way = np.array(pt) - start
        count = int(np.hypot(*way) / self._step) + 1
        self._append(start + way * (n / count) for n in range(1, count + 1))

    def _qCurveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float]
    ) -> None:
        start, bend, end = np.array(self.contours[-1][-1]), np.array(pt1), np.array(pt2)
        steps = (n / CURVE_STEPS for n in range(1, CURVE_STEPS + 1))
        self._append(start * (1 - t) ** 2 + bend * 2 * t * (1 - t) + end * t**2 for t in steps)

    def _append(self, points: Iterator[NDArray[np.float64]]) -> None:
        self.contours[-1].extend((float(x), float(y)) for x, y in points)
