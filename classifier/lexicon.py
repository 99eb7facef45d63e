"""Remember what tokens gave, so that a common word is studied once and then looked up."""

from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from classifier.hashing import pair_parts
from classifier.tokens import COUNTS, study

CAPACITY = 1 << 15
"""Tokens that are remembered; when there are more, all are forgotten."""

COUNTED_FROM = 4
"""Column of a row where the counts begin."""


class Page:
    """What is remembered of up to `CAPACITY` tokens.

    Attributes
    ----------
    rows : dict of str to int
        The row of each token.
    table : ndarray of shape (CAPACITY, COUNTED_FROM + COUNTS), float64
        Sum of the weights of the n-grams of characters, of words; how many there are of the
        former, of the latter; then the token's counts.
    parts : ndarray of shape (CAPACITY, 3), uint32
        What each brings into pairs; see `hashing.pair_parts`.
    """

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.table = np.zeros((CAPACITY, COUNTED_FROM + COUNTS))
        self.parts = np.zeros((CAPACITY, 3), dtype=np.uint32)


class Lexicon:
    """Remembers tokens under a model's weights. Any number of threads may share one."""

    def __init__(self, weights: NDArray[np.float64]) -> None:
        self._weights = weights
        self._page = Page()
        self._lock = Lock()

    def look_up(self, tokens: Sequence[str]) -> tuple[Page, NDArray[np.intp]]:
        """Return the row of each token, shape (n,), and the page where it stands."""
        page = self._page
        rows = list(map(page.rows.get, tokens))
        if None in rows:
            with self._lock:
                page, rows = self._learn(tokens)
        return page, np.array(rows, dtype=np.intp)

    def _learn(self, tokens: Sequence[str]) -> tuple[Page, list[int | None]]:
        """Study the tokens that are not known; on a new page if this one has no room."""
        page = self._page
        new = set(tokens).difference(page.rows)
        if len(page.rows) + len(new) > CAPACITY:
            page, new = Page(), set(tokens)
        for token in new:
            self._note(page, len(page.rows), token)
        self._page = page
        return page, list(map(page.rows.get, tokens))

    def _note(self, page: Page, row: int, token: str) -> None:
        """Write what is in `token` into a row; only then is it found there."""
        characters, words, first, last, counts = study(token)
        weights = self._weights
        page.table[row] = (
            weights.take(characters).sum(),
            weights.take(words).sum(),
            len(characters),
            len(words),
            *counts,
        )
        page.parts[row] = pair_parts(first, last)
        page.rows[token] = row
