"""What disguising promises: a filter that reads letters sees others, a reader sees the same."""

import random

import pytest

from classifier.alphabet import fold
from classifier.augmentation import augment
from classifier.dataset import Example
from classifier.features import Document, read
from classifier.normalise import plain
from classifier.obfuscation import TRICKS, obfuscate

TEXT = "Prêt rapide entre particuliers, écrivez maintenant"


def words_of(text):
    return [plain(fold(token))[0] for token in read(Document(text)).text]


@pytest.mark.parametrize("trick", TRICKS)
def test_normalisation_undoes_the_disguise_of_a_word(trick):
    disguised = [trick("particuliers", random.Random(seed)) for seed in range(20)]

    undone = [words_of(word) == ["particuliers"] for word in disguised]

    assert all(word != "particuliers" for word in disguised[:1]) or len(set(disguised)) > 1
    assert sum(undone) >= 15


def test_chance_alone_chooses_the_disguise():
    assert obfuscate(TEXT, random.Random(1)) == obfuscate(TEXT, random.Random(1))
    assert len({obfuscate(TEXT, random.Random(seed)) for seed in range(20)}) > 10


def test_copies_keep_label_and_origin():
    examples = [Example(Document(f"{TEXT} {n}", "fr"), n % 2 == 0, "test") for n in range(200)]

    copies = augment(examples, seed=0)

    assert copies == augment(examples, seed=0)
    assert all(copy.example.is_spam == examples[copy.origin].is_spam for copy in copies)
    assert sum(copy.example.is_spam for copy in copies) > 3 * sum(
        not copy.example.is_spam for copy in copies
    )
