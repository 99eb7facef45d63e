"""What a correction promises: it learns a site's labels, and leaves the rest where it was."""

import numpy as np
import pytest

from classifier import correction
from classifier.correction import correct, read_corpus, steps
from classifier.dataset import Example
from classifier.errors import InvalidDataset
from classifier.features import Document
from classifier.labels import count_labels
from classifier.training import ENOUGH_HAM

OFFERS = ["Zarna kolvi tressuk", "Mirno kolvi ablatte", "Prevka tressuk dolmi"]
REMARKS = ["Ulino besta marravo", "Hennop ilta besta", "Sorrel marravo enta"]


def quietly(step):
    """Tell nobody."""


def labels_of(count, lang="xx"):
    """Return as many labels of either class in a language nobody speaks."""
    rows = [(OFFERS, "pagu nitta", True), (REMARKS, "olen suva", False)]
    return [
        Example(Document(f"{chr(97 + n)}ka {texts[n % 3]} {end} {n}", lang), is_spam, "site")
        for texts, end, is_spam in rows
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def corrected(scorer, examples):
    return correct(scorer, labels_of(20), examples, seed=0, advance=quietly)


def score(model, *texts):
    """Return log-odds as the arrays give them."""
    return correction.vectorise([Document(text) for text in texts]) @ model.weights + model.bias


def test_a_site_s_labels_are_learnt(corrected, scorer):
    spam, ham = score(corrected, "Mirno tressuk kolvi pagu nitta", "Hennop marravo besta olen")

    assert spam > 0 > ham
    before = scorer.score([label.document for label in labels_of(20)])
    assert np.std(before[:20]) + np.std(before[20:]) < 0.5  # the old model knew nothing of them


def test_what_the_model_knew_it_still_knows(corrected, scorer, examples):
    documents = [example.document for example in examples]
    after = score(corrected, *(document.text for document in documents)) > 0

    assert (after == [example.is_spam for example in examples]).all()


def test_the_same_labels_and_seed_give_the_same_model(corrected, scorer, examples):
    again = correct(scorer, labels_of(20), examples, seed=0, advance=quietly)

    for name, array in corrected.arrays().items():
        assert np.array_equal(array, again.arrays()[name])


def test_fewer_labels_change_less(scorer, examples):
    few, many = (
        correct(scorer, labels_of(count), examples, 0, quietly, strength=30.0) for count in (10, 60)
    )
    known = np.concatenate((scorer.weights.ngrams, scorer.weights.signals))

    assert np.abs(few.weights - known).sum() < np.abs(many.weights - known).sum()


def test_the_slope_of_what_is_minimised_is_right(scorer, examples, monkeypatch):
    seen = []
    monkeypatch.setattr(
        correction,
        "minimize",
        lambda loss, start, **_: seen.append((loss, start)) or type("Found", (), {"x": start})(),
    )
    correct(scorer, labels_of(10), examples, 0, quietly, strength=3.0)
    loss, start = seen[-1]
    point = np.random.default_rng(0).normal(size=len(start))
    way = np.random.default_rng(1).normal(size=len(start))

    measured = (loss(point + 1e-6 * way)[0] - loss(point - 1e-6 * way)[0]) / 2e-6

    assert measured == pytest.approx(loss(point)[1] @ way, rel=1e-4)


def test_thresholds_stay_unless_much_ham_of_the_site_reaches_them(scorer):
    few, many = np.full(ENOUGH_HAM - 1, 0.99), np.full(ENOUGH_HAM, 0.99)

    kept = correction._thresholds(scorer, few, np.full(len(few), "xx"))
    raised = correction._thresholds(scorer, many, np.full(len(many), "xx"))

    assert (kept.hold, kept.reject) == (scorer.hold, scorer.reject)
    assert raised.reject >= raised.hold > 0.99


def test_every_step_is_told(scorer, examples):
    told = []

    correct(scorer, labels_of(10), examples, 0, told.append)

    assert len(told) == steps()


@pytest.mark.parametrize(("spam", "ham"), [(0, 0), (0, 50), (50, 0), (9, 50), (50, 9)])
def test_too_few_labels_of_a_class_teach_nothing(scorer, spam, ham):
    labels = [*labels_of(spam)[:spam], *labels_of(ham)[ham:]]

    with pytest.raises(InvalidDataset, match=f"there are {spam} spam and {ham} ham"):
        correct(scorer, labels, [], 0, quietly)


def test_labels_are_counted_by_language_and_class():
    assert count_labels([*labels_of(2), *labels_of(1, "")]) == {
        "unknown": {"spam": 1, "ham": 1},
        "xx": {"spam": 2, "ham": 2},
    }


def test_the_corpus_comes_with_the_package():
    corpus = read_corpus()

    assert {example.is_spam for example in corpus} == {True, False}
    assert "fr" in {example.document.lang for example in corpus}
