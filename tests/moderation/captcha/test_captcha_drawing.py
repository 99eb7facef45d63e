"""Questions as pictures, in which nothing can be read but by looking."""

import re
from io import BytesIO
from random import Random
from xml.etree import ElementTree

import pytest
import resvg_py
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from moderation.captcha.drawing import draw
from moderation.captcha.faces import FACES, glyphs
from moderation.captcha.numerals import LOCALES, number_in_words
from moderation.captcha.puzzle import draw_puzzle
from moderation.captcha.wording import question
from moderation.domain.site import CaptchaLevel

SVG = "{http://www.w3.org/2000/svg}"
SEED, OTHER = b"one seed of a drawing, 32 bytes.", b"another seed of it, 32 bytes too"
LONGEST = "siebenunddreißig"

seeds = st.binary(min_size=32, max_size=32)
questions = st.builds(
    lambda seed, level, locale: question(
        draw_puzzle(Random(seed), level), locale, Random(seed + 1)
    ),
    st.integers(0, 2**64),
    st.sampled_from(CaptchaLevel),
    st.sampled_from(LOCALES),
)


def path_data(drawing):
    return ElementTree.fromstring(drawing).find(f"{SVG}path").get("d")


@given(questions, seeds)
@settings(max_examples=60, deadline=None)
def test_a_drawing_holds_shapes_and_not_one_word(asked, seed):
    root = ElementTree.fromstring(draw(asked, seed))

    assert [element.tag for element in root] == [f"{SVG}rect", f"{SVG}path"]
    assert not "".join(root.itertext())
    assert set(root.attrib) == {"width", "height", "viewBox"}
    assert set(root.find(f"{SVG}rect").attrib) == {"width", "height", "rx", "fill"}
    assert set(root.find(f"{SVG}path").attrib) == {"fill", "fill-rule", "d"}
    assert re.fullmatch(r"(M\d+ \d+(l-?\d+ -?\d+)+z)+", path_data(draw(asked, seed)))


@given(questions)
@example("sei + diciannove =")
@example("acht + … = siebenundzwanzig")
@settings(max_examples=30, deadline=None)
def test_a_drawing_is_as_wide_as_a_telephone_and_everything_is_on_it(asked):
    root = ElementTree.fromstring(draw(asked, SEED))
    width, height = int(root.get("width")), int(root.get("height"))

    assert root.get("viewBox") == f"0 0 {width * 10} {height * 10}"
    assert width <= 345
    for x, y in corners(root.find(f"{SVG}path").get("d")):
        assert 0 <= x <= width * 10
        assert 0 <= y <= height * 10


def corners(data):
    """Yield every point of path data."""
    for outline in data.split("z")[:-1]:
        start, *steps = re.findall(r"(-?\d+) (-?\d+)", outline)
        x, y = map(int, start)
        yield x, y
        for dx, dy in steps:
            x, y = x + int(dx), y + int(dy)
            yield x, y


@given(questions, seeds)
@settings(max_examples=20, deadline=None)
def test_the_same_seed_gives_the_same_drawing(asked, seed):
    assert draw(asked, seed) == draw(asked, seed)


def test_two_drawings_of_one_question_share_no_outline():
    one, other = (set(path_data(draw("dix-neuf − 2 =", seed)).split("M")) for seed in (SEED, OTHER))

    assert one & other == {""}


def test_the_same_letter_is_never_drawn_twice_alike():
    outlines = path_data(draw("… − … = …", SEED)).split("z")
    shapes = [outline.partition("l")[2] for outline in outlines if outline]

    assert len(shapes) == len(set(shapes))


def test_letters_and_lines_are_one_shape_whose_outlines_do_not_cross():
    """Filled by either rule it looks the same: nothing lies upon anything else."""
    drawing = draw("neuf + dix-sept =", SEED)

    other_rule = drawing.replace("evenodd", "nonzero")

    assert other_rule != drawing
    difference = ImageChops.difference(pixels(other_rule), pixels(drawing))
    assert max(difference.tobytes()) < 64  # a corner may be rounded otherwise


def pixels(drawing):
    return Image.open(BytesIO(rasterise(drawing))).convert("L")


def rasterise(drawing):
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing))


@pytest.mark.parametrize("asked", ["dix-neuf − 2 =", f"… + siebzehn = {LONGEST}"])
def test_a_browser_can_show_it(asked):
    png = rasterise(draw(asked, SEED))

    assert png.startswith(b"\x89PNG")
    assert len(png) > 1500


@pytest.mark.parametrize("face", FACES)
def test_every_letter_a_question_can_hold_is_in_every_typeface(face):
    words = "".join(number_in_words(n, locale) for locale in LOCALES for n in range(101))

    drawn = {c for c, glyph in glyphs(face).items() if glyph.contours and glyph.advance > 0}

    assert drawn == set(words + "0123456789+−×=…") - {" "}
