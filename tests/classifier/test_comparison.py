"""What a comparison promises: right differences, honest intervals, the disagreements that count."""

from types import SimpleNamespace

import numpy as np
import pytest

from classifier.comparison import Difference, compare
from classifier.display import comparison_of
from classifier.scoring import Scorer


def halves(documents):
    return np.full(len(documents), 0.5)


@pytest.fixture
def strict(scorer):
    """Return a model that holds nothing."""
    return Scorer("strict", 1.1, 1.1, scorer.weights)


def test_a_model_compared_with_itself_does_not_differ(scorer, examples):
    found = compare(scorer, scorer, examples, show=5)

    assert found.recall == Difference(0, 0, 15)
    assert found.false_positive_rate.p_value == 1
    assert found.disagreements == ()


def test_a_model_that_holds_nothing_loses_all_that_the_other_held(scorer, strict, examples):
    found = compare(scorer, strict, examples, show=3)

    caught = found.reports[0]["overall"]["recall"]
    assert found.recall.value == pytest.approx(-caught)
    assert found.recall.interval[1] < 0
    assert found.recall.p_value < 0.001


def test_disagreements_are_those_farthest_apart(scorer, examples):
    undecided = SimpleNamespace(version="undecided", hold=0.4, reject=0.9, score=halves)

    found = compare(scorer, undecided, examples, show=4)

    distances = [abs(row["second"] - row["first"]) for row in found.disagreements]
    assert len(distances) == 4
    assert distances == sorted(distances, reverse=True)
    assert {row["label"] for row in found.disagreements} == {"ham"}


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (5, 0), (3, 7), (50, 40)])
def test_an_interval_holds_the_difference_and_stays_within_bounds(gained, lost):
    difference = Difference(gained, lost, 100)
    low, high = difference.interval

    assert -1 <= low < difference.value < high <= 1


def test_the_interval_covers_the_truth_as_often_as_it_says():
    chance = np.random.default_rng(0)
    draws = chance.multinomial(80, (0.06, 0.02, 0.92), size=2000)

    covered = [
        low <= 0.04 <= high for low, high in (Difference(*d[:2], 80).interval for d in draws)
    ]

    assert 0.93 < np.mean(covered) < 0.99


def test_without_comments_of_a_class_there_is_no_difference():
    assert Difference(0, 0, 0).value == 0


def test_a_comparison_reads_as_a_table(scorer, strict, examples):
    told = comparison_of(compare(scorer, strict, examples, show=2))

    assert told.startswith("A      first\nB      strict\n")
    assert "recall: -" in told
    assert "McNemar p = " in told
    assert told.splitlines()[-3].endswith("held by one, not by the other")
