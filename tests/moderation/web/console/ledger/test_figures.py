"""Figures as people write them."""

from datetime import date, timedelta

import pytest

from moderation.web.console.figures import day_of, lasting, percent


@pytest.mark.parametrize(
    ("language", "ratio", "written"),
    [
        ("fr", 0.7694, "77\u00a0%"),
        ("fr", 0.0072, "0,7\u00a0%"),
        ("en", 0.0072, "0.7%"),
        ("fr", 0.0, "0\u00a0%"),
        ("en", 1.0, "100%"),
        ("fr", None, "–"),
    ],
)
def test_a_share_is_written_as_the_language_writes_it(language, ratio, written):
    assert percent(language, ratio) == written


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(seconds=9), "9\u00a0s"),
        (timedelta(minutes=43, seconds=59), "43\u00a0min"),
        (timedelta(hours=3, minutes=5), "3\u00a0h\u00a005"),
        (timedelta(days=2, hours=7), "2\u00a0j 7\u00a0h"),
    ],
)
def test_a_length_of_time_is_told_in_its_largest_units(span, written):
    assert lasting("fr", span) == written


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [("fr", 1, "1er\u00a0novembre"), ("fr", 23, "23\u00a0novembre"), ("en", 1, "1\u00a0November")],
)
def test_a_day_is_written_as_the_language_writes_it(language, day, written):
    assert day_of(language, date(2026, 11, day)) == written
