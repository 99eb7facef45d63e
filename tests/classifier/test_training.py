"""What training promises: repeatable, balanced by language, calibrated, thresholds that hold."""

import numpy as np
import pytest

from classifier.dataset import Example
from classifier.errors import InvalidDataset
from classifier.features import Document
from classifier.hashing import BUCKETS
from classifier.training import (
    HAM_PER_SPAM,
    HAM_WITHOUT_SPAM,
    HEAVIEST,
    STEPS,
    balance,
    fair_threshold,
    train,
)
from classifier.vectors import vectorise


def quietly(step):
    """Tell nobody."""


def test_the_same_examples_and_seed_give_the_same_model(examples, trained):
    again = train(examples, seed=0, advance=quietly)

    for name, array in trained.arrays().items():
        assert np.array_equal(array, again.arrays()[name])


def test_a_model_tells_invented_spam_from_ham(trained):
    spam, ham = trained.predict(
        [
            Document("Gagnez 900 euros offerts par notre casino, WhatsApp 99"),
            Document("Le maire ne parle pas du marché, c'est dommage"),
        ]
    )

    assert spam > 0.5 > ham


def test_held_out_probabilities_rank_spam_above_ham(examples, trained):
    is_spam = np.array([example.is_spam for example in examples])

    assert np.median(trained.held_out[is_spam]) > np.median(trained.held_out[~is_spam])


def test_thresholds_spare_the_held_out_ham(examples, trained):
    ham = trained.held_out[[not example.is_spam for example in examples]]

    assert np.mean(ham >= trained.thresholds.hold) <= 0.01
    assert np.mean(ham >= trained.thresholds.reject) <= 0.001
    assert trained.thresholds.hold <= trained.thresholds.reject


def test_a_language_with_much_ham_has_its_own_say_in_the_thresholds():
    ham = np.concatenate((np.linspace(0, 0.2, 9000), np.linspace(0, 0.8, 1000), np.ones(20)))
    languages = np.array(["easy"] * 9000 + ["hard"] * 1000 + ["rare"] * 20)

    threshold = fair_threshold(ham, languages, rate=0.01)

    assert np.mean(ham[languages == "hard"] >= threshold) == pytest.approx(0.01)
    assert threshold < 1


def test_progress_is_told_for_every_step(examples):
    steps = []

    train(examples, seed=0, advance=steps.append)

    assert len(steps) == STEPS
    assert steps[0] == "features"


@pytest.mark.parametrize(
    "labels", [[], [True] * 4, [False] * 4, [True, False], [True, False, False, False]]
)
def test_two_of_each_kind_are_needed(labels):
    words = ("pomme", "poire", "prune", "fraise")
    examples = [
        Example(Document(word), is_spam, "") for word, is_spam in zip(words, labels, strict=False)
    ]

    with pytest.raises(InvalidDataset, match="at least two spam and two ham"):
        train(examples, seed=0, advance=quietly)


def test_two_of_each_kind_are_enough():
    words = ("pomme verte", "poire mûre", "prune bleue", "fraise rouge")
    examples = [Example(Document(word), n < 2, "") for n, word in enumerate(words)]

    assert train(examples, seed=0, advance=quietly).held_out.shape == (4,)


def test_held_out_spam_that_looks_like_ham_does_not_turn_the_model_upside_down():
    texts = ["pomme verte", "poire verte", "pomme mûre", "poire mûre"]
    examples = [Example(Document(text), n in {0, 3}, "") for n, text in enumerate(texts)]

    model = train(examples, seed=0, advance=quietly)

    assert model.calibration.coef_[0, 0] > 0


def comments(count, language, source, is_spam=False):
    return [Example(Document("", language), is_spam, source)] * count


def test_ham_that_abounds_weighs_as_much_as_the_spam_of_its_language_allows():
    examples = [
        *comments(2, "fr", "a", is_spam=True),
        *comments(40, "fr", "a"),
        *comments(2, "de", "a", is_spam=True),
        *comments(3, "de", "a"),
        *comments(600, "pt", "a"),
    ]

    weights = balance(examples)

    assert weights[:2].tolist() == [1, 1]
    assert weights[2:42].sum() == pytest.approx(2 * HAM_PER_SPAM)
    assert weights[42:47] == pytest.approx(1)
    assert weights[47:].sum() == pytest.approx(HAM_WITHOUT_SPAM)


def test_a_large_source_does_not_drown_a_small_one():
    spam = comments(10, "fr", "a", is_spam=True)

    weights = balance([*spam, *comments(900, "fr", "tweets"), *comments(100, "fr", "letters")])

    assert weights[10:910].sum() == pytest.approx(3 * weights[910:].sum())
    assert weights[10:].sum() == pytest.approx(10 * HAM_PER_SPAM)


def test_no_example_weighs_too_much():
    spam = comments(1000, "fr", "a", is_spam=True)

    weights = balance([*spam, *comments(5000, "fr", "tweets"), *comments(1, "fr", "letters")])

    assert weights.max() == HEAVIEST


def test_repeating_a_text_adds_next_to_nothing():
    once, often, short = (
        vectorise([Document(text)])[:, :BUCKETS]
        for text in ("offre du jour " * 8, "offre du jour " * 1000, "oui")
    )

    assert abs(once - often).max() == 0
    assert abs(once).sum() > abs(short).sum()
