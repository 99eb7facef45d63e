"""Suspicion: a word the site has blocked, however it is disguised."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import ahocorasick

from moderation.domain.finding import Finding, Verdict
from moderation.submission.case import Case

SITES_REMEMBERED = 256


class BlockedWords:
    """Holds a comment with a blocked word or phrase, in the text or the author's name.

    All words are looked for in one pass (Aho and Corasick, 1975). Text and words are folded
    first, so that case, accents and look-alike letters hide nothing; only whole words count.
    """

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._automaton = lru_cache(maxsize=SITES_REMEMBERED)(self._build)

    def __call__(self, case: Case) -> Finding | None:
        """Return a finding with the blocked words in the order they appear."""
        words = case.submission.site.policy.blocked_words
        if not words:
            return None
        automaton = self._automaton(words)
        if not len(automaton):
            return None
        signed = f"{case.submission.author.name}\n{case.submission.text}"
        found = dict.fromkeys(self._matches(automaton, signed))
        return Finding("blocked_word", Verdict.HOLD, {"words": list(found)}) if found else None

    def _build(self, words: tuple[str, ...]) -> Any:
        automaton = ahocorasick.Automaton()
        for word in words:
            folded = _spaced(self._fold(word))
            if folded:
                automaton.add_word(folded, (len(folded), word))
        automaton.make_automaton()
        return automaton

    def _matches(self, automaton: Any, text: str) -> list[str]:
        folded = f" {_spaced(self._fold(text))} "
        return [
            word
            for end, (length, word) in automaton.iter(folded)
            if not folded[end + 1].isalnum() and not folded[end - length].isalnum()
        ]


def _spaced(text: str) -> str:
    return " ".join(text.split())
