"""What the drift figures say of distributions that moved, and of those that did not."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.drift import histogram, is_profile, profile, stability_index, week_of

numbers = st.lists(st.floats(0, 1), min_size=1, max_size=200).map(np.array)


def test_a_profile_has_ten_bins_of_a_tenth_each():
    told = profile(np.random.default_rng(0).random(10_000))

    assert len(told["edges"]) == 9
    assert told["shares"] == pytest.approx([0.1] * 10, rel=0.01)


@given(numbers)
def test_a_profile_describes_its_own_values_without_drift(values):
    told = profile(values)

    counts = histogram(values, told["edges"])
    assert is_profile(json.loads(json.dumps(told)))
    assert sum(told["shares"]) == pytest.approx(1)
    assert counts.sum() == len(values)
    assert stability_index(told["shares"], counts) == pytest.approx(0, abs=1e-9)


@given(numbers, numbers)
def test_the_index_is_never_negative_nor_infinite(trained, seen):
    told = profile(trained)

    index = stability_index(told["shares"], histogram(seen, told["edges"]))

    assert 0 <= index < 100


def test_the_index_grows_as_the_traffic_moves_away():
    random = np.random.default_rng(0)
    told = profile(random.normal(0, 1, 5_000))

    moved = [
        stability_index(told["shares"], histogram(random.normal(by, 1, 1_000), told["edges"]))
        for by in (0, 0.3, 0.6, 1.2)
    ]

    assert moved == sorted(moved)
    assert moved[0] < 0.05
    assert moved[2] > 0.25


def test_the_index_is_the_formula():
    expected = (0.4 - 0.2) * np.log(0.4 / 0.2) + (0.6 - 0.8) * np.log(0.6 / 0.8)

    assert stability_index([0.2, 0.8], [4, 6]) == pytest.approx(expected)


def test_values_nobody_has_seen_in_training_count():
    told = profile(np.zeros(100))

    assert stability_index(told["shares"], histogram(np.full(200, 0.4), told["edges"])) > 0.25


def test_there_is_no_profile_of_nothing():
    with pytest.raises(ValueError, match="nothing"):
        profile(np.array([]))


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {"edges": [0.5]},
        {"edges": [], "shares": [1.0]},
        {"edges": [0.5], "shares": [1.0]},
        {"edges": [0.5, 0.5], "shares": [0.2, 0.3, 0.5]},
        {"edges": ["a"], "shares": [0.5, 0.5]},
        {"edges": [0.5], "shares": [float("nan"), 0.5]},
        {"edges": 0.5, "shares": 0.5},
    ],
)
def test_what_is_no_profile_is_told_from_one(told):
    assert not is_profile(told)


def test_weeks_begin_on_monday():
    sunday, monday = (datetime(2026, 11, day, tzinfo=UTC) for day in (29, 30))

    assert (week_of(sunday), week_of(monday)) == ("2026-W48", "2026-W49")
