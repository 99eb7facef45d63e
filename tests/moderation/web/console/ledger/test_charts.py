"""Charts that the service draws."""

import re
from xml.etree import ElementTree

import pytest

from moderation.web.console.charts import Part, level, round_top, share, stacked, week

SPACE = "{http://www.w3.org/2000/svg}"


def drawn(chart):
    """The drawing's parts, which a reader of XML accepts."""
    return list(ElementTree.fromstring(str(chart.svg)))


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 1), (1, 1), (2, 2), (3, 3), (7, 8), (9, 10), (10, 10), (11, 12), (121, 160), (999, 1000),
     (1000, 1000), (12_345, 16_000)],
)  # fmt: skip
def test_a_scale_ends_with_a_round_number_that_nothing_exceeds(highest, top):
    assert round_top(highest) == top


def test_every_scale_is_near_what_it_shows():
    assert all(n <= round_top(n) <= max(1, 1.5 * n) for n in range(5000))


def test_parts_stand_on_one_another():
    chart = stacked("Title", "What it shows", [Part("low", [10, 0]), Part("high", [5, 20])], "c")

    bars = [one.attrib for one in drawn(chart) if one.tag.endswith("rect")]

    low, high, alone = bars
    assert chart.scale == (20, 10, 0)
    assert (low["class"], high["class"], alone["class"]) == ("low", "high", "high")
    assert float(high["y"]) + float(high["height"]) == pytest.approx(float(low["y"]))
    assert (float(alone["y"]), float(alone["height"])) == (0, 400)


def test_nothing_at_all_is_drawn_too():
    chart = stacked("Title", "Nothing", [Part("low", [0] * 30)], "c")

    assert not [one for one in drawn(chart) if one.tag.endswith("rect")]
    assert chart.scale == (1, 0)


def test_a_chart_says_what_it_shows_whatever_the_words_are():
    chart = share("<b>&", 'He said "no" <script>', 0.25, "other", "part")

    title, description = drawn(chart)[:2]

    assert (title.text, description.text) == ("<b>&", 'He said "no" <script>')
    assert 'role="img"' in chart.svg
    assert re.search('aria-labelledby="part-title part-desc"', str(chart.svg))


def test_no_chart_brings_a_style_of_its_own():
    load = [[hour * day for hour in range(24)] for day in range(7)]

    assert "style" not in str(week("Title", "A week", load, "w").svg)


@pytest.mark.parametrize(("n", "strength"), [(0, 0), (1, 1), (20, 1), (21, 2), (99, 5), (100, 5)])
def test_an_hour_is_the_stronger_the_fuller_it_is(n, strength):
    assert level(n, 100) == strength
