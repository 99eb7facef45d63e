"""Tesseract against the drawings: every way to prepare a picture, whole and word by word."""

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import numpy as np
import resvg_py
from PIL import Image, ImageFilter

from benchmarks.captcha_bots import solve_pieces, solve_reading

REMEDY = "Tesseract is not here (Debian: apt install tesseract-ocr tesseract-ocr-fra)."
LANGUAGE = "fra"
ZOOM = 2
GAP = 12  # pixels without ink between two words, at that zoom
MODES = (6, 7, 11, 13)  # Tesseract's --psm: a block, a line, scattered words, a raw line
WORD_MODES = (8, 13)  # a word, a raw line
THINNER, THICKER = ImageFilter.MaxFilter(3), ImageFilter.MinFilter(3)  # what is dark, by 2 pixels

Picture = Image.Image


@dataclass(frozen=True)
class Sample:
    """A question, its drawing and its answer."""

    question: str
    drawing: str
    answer: int


def is_ready() -> bool:
    """Tell whether Tesseract is installed, with its French."""
    if not which("tesseract"):
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True)
    return LANGUAGE in listed.stdout.split()


def attempts(samples: Sequence[Sample]) -> Iterator[tuple[str, list[int | None]]]:
    """Yield each manner of reading, and the answers it finds for `samples`."""
    pictures = [rasterise(sample.drawing) for sample in samples]
    words = [_operands(picture) for picture in pictures]
    signs = [sample.question.split()[1] for sample in samples]
    for name, prepare in PREPARATIONS.items():
        for mode, texts in _read_all(map(prepare, pictures), MODES):
            yield f"whole, {name}, --psm {mode}", [solve_reading(text, "fr") for text in texts]
        apart = (prepare(word) for pair in words for word in pair)
        for mode, texts in _read_all(apart, WORD_MODES):
            triples = zip(texts[::2], signs, texts[1::2], strict=True)
            yield f"by word, {name}, --psm {mode}", [solve_pieces(*t, "fr") for t in triples]


def rasterise(drawing: str) -> Picture:
    """Return a drawing in black and white, twice its size."""
    png = resvg_py.svg_to_bytes(svg_string=drawing, zoom=ZOOM)
    picture = Image.open(BytesIO(bytes(png))).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("L")


def _operands(picture: Picture) -> tuple[Picture, Picture]:
    """Cut out the two numbers: the first piece with ink, and the last but the sign "="."""
    pieces = [word for row in _split(picture, 0) for word in _split(row, 1)]
    return pieces[0], pieces[max(0, len(pieces) - 2)]


def _split(picture: Picture, axis: int) -> list[Picture]:
    """Return the parts of a picture between wide stripes without ink; axis 0 gives rows."""
    ink = np.flatnonzero((np.asarray(picture) < 128).any(axis=1 - axis))
    parts = np.split(ink, np.flatnonzero(np.diff(ink) > (GAP if axis else 2)) + 1)
    boxes = [
        (0, part[0], picture.width, part[-1] + 1) if axis == 0
        else (part[0], 0, part[-1] + 1, picture.height)
        for part in parts
    ]  # fmt: skip
    return [_with_border(picture.crop(tuple(map(int, box)))) for box in boxes]


def _with_border(picture: Picture, width: int = 15) -> Picture:
    wider = Image.new("L", (picture.width + 2 * width, picture.height + 2 * width), 255)
    wider.paste(picture, (width, width))
    return wider


def _threshold(picture: Picture) -> Picture:
    return picture.point(lambda shade: 255 * (shade > 128))


def _through(filters: Sequence[ImageFilter.Filter]) -> Callable[[Picture], Picture]:
    def prepare(picture: Picture) -> Picture:
        picture = _threshold(picture)
        for one in filters:
            picture = picture.filter(one)
        return picture

    return prepare


PREPARATIONS: dict[str, Callable[[Picture], Picture]] = {
    "as it is": lambda picture: picture,
    "thresholded": _threshold,
    "without thin lines": _through(3 * [THINNER] + 3 * [THICKER]),
    "with cuts closed": _through(3 * [THICKER] + 3 * [THINNER]),
    "closed, then without thin lines": _through(3 * [THICKER] + 6 * [THINNER] + 3 * [THICKER]),
    "smoothed": _through([ImageFilter.GaussianBlur(3)]),
}

COUNT = len(PREPARATIONS) * (len(MODES) + len(WORD_MODES))


def _read_all(pictures: Iterator[Picture], modes: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    with TemporaryDirectory() as folder:
        files = []
        for number, picture in enumerate(pictures):
            files.append(Path(folder) / f"{number}.pgm")
            picture.save(files[-1])
        for mode in modes:
            yield mode, _read(files, mode)


def _read(files: Sequence[Path], mode: int) -> list[str]:
    """Return the text of each picture; one process reads them all."""
    done = subprocess.run(
        ["tesseract", "stdin", "stdout", "--psm", str(mode), "-l", LANGUAGE],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        check=True,
    )
    return done.stdout.split("\f")[: len(files)]
