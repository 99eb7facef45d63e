"""A site's own labels: whether there are enough to learn from, and how many there are of each."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.dataset import Example
from classifier.errors import InvalidDataset

FEWEST = 10
"""Labels of either class below which nothing is learnt."""


def check_labels(labels: Sequence[Example]) -> NDArray[np.bool_]:
    """Return which labels are spam, shape (n,), if there are enough of both.

    Raises
    ------
    InvalidDataset
        There are fewer than `FEWEST` of either class.
    """
    is_spam = np.array([label.is_spam for label in labels], dtype=np.bool_)
    spam, ham = int(is_spam.sum()), int((~is_spam).sum())
    if min(spam, ham) < FEWEST:
        raise InvalidDataset(
            f"a correction needs at least {FEWEST} spam and {FEWEST} ham comments that differ; "
            f"there are {spam} spam and {ham} ham"
        )
    return is_spam


def count_labels(labels: Sequence[Example]) -> dict[str, dict[str, int]]:
    """Return how many labels there are, by language and class, for the manifest."""
    counts = Counter((label.document.lang or "unknown", label.is_spam) for label in labels)
    languages = sorted({language for language, _ in counts})
    return {name: {"spam": counts[name, True], "ham": counts[name, False]} for name in languages}
