"""What the figures mean, on numbers small enough to count by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from classifier.dataset import Example
from classifier.evaluation import Thresholds, evaluate, interval, lowest_threshold, measure
from classifier.features import Document

THRESHOLDS = Thresholds(hold=0.5, reject=0.9)


def test_figures_of_a_small_table():
    is_spam = np.array([True, True, True, True, False, False, False, False, False, False])
    scores = np.array([0.95, 0.8, 0.6, 0.1, 0.7, 0.3, 0.2, 0.2, 0.1, 0.0])

    figures = measure(is_spam, scores, THRESHOLDS)

    assert (figures["spam"], figures["ham"]) == (4, 6)
    assert figures["recall"] == figures["precision"] == figures["f1"] == 0.75
    assert figures["accuracy"] == 0.8
    assert figures["false_positive_rate"] == pytest.approx(1 / 6)
    assert figures["reject_recall"] == 0.25
    assert figures["reject_false_positive_rate"] == 0
    assert figures["recall_at_low_fpr"] == 0.5


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=40))
def test_figures_are_those_of_scikit_learn(rows):
    is_spam = np.array([label for label, _ in rows])
    scores = np.array([score for _, score in rows])
    held = scores >= THRESHOLDS.hold

    figures = measure(is_spam, scores, THRESHOLDS)

    assert figures["accuracy"] == pytest.approx(metrics.accuracy_score(is_spam, held))
    assert (figures["f1"] or 0) == pytest.approx(metrics.f1_score(is_spam, held, zero_division=0))
    if figures["mcc"] is not None:
        assert figures["mcc"] == pytest.approx(metrics.matthews_corrcoef(is_spam, held))
    if is_spam.any():
        expected = metrics.average_precision_score(is_spam, scores)
        assert figures["average_precision"] == pytest.approx(expected)


def test_what_cannot_be_known_is_none():
    only_ham = measure(np.array([False, False]), np.array([0.1, 0.9]), THRESHOLDS)

    assert only_ham["recall"] is None
    assert only_ham["mcc"] is None
    assert only_ham["average_precision"] is None
    assert only_ham["recall_at_low_fpr"] is None
    assert only_ham["intervals"]["recall"] is None
    assert only_ham["false_positive_rate"] == 0.5


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1), st.sampled_from([0.001, 0.01, 0.1]))
def test_a_threshold_keeps_to_its_rate_and_is_the_lowest_that_does(scores, rate):
    ham = np.array(scores)

    threshold = lowest_threshold(ham, rate)

    assert np.mean(ham >= threshold) <= rate
    assert np.mean(ham >= np.nextafter(threshold, 0)) > rate


@given(st.integers(0, 50), st.integers(1, 50))
def test_an_interval_surrounds_its_share(part, more):
    whole = part + more

    low, high = interval(part, whole)

    assert 0 <= low <= high <= 1
    assert low - 1e-9 <= part / whole <= high + 1e-9


def test_figures_are_given_by_language_and_source():
    examples = [
        Example(Document("un", "fr"), True, "a"),
        Example(Document("deux", "fr"), False, "b"),
        Example(Document("three"), False, "b"),
    ]

    report = evaluate(examples, np.array([0.9, 0.1, 0.2]), THRESHOLDS)

    assert report["thresholds"] == {"hold": 0.5, "reject": 0.9}
    assert report["overall"]["spam"] == 1
    assert set(report["by_language"]) == {"fr", "unknown"}
    assert {name: row["ham"] for name, row in report["by_source"].items()} == {"a": 0, "b": 2}
