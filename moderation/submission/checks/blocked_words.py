"""Suspicion: a word the site has blocked, however it is disguised."""

from collections.abc import Callable
from functools import lru_cache

from moderation.blocking.phrases import Phrases
from moderation.domain.finding import Finding, Verdict
from moderation.submission.case import Case

SITES_REMEMBERED = 256


class BlockedWords:
    """Holds a comment with a word or phrase of the site's policy, in text or author's name."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._phrases = lru_cache(maxsize=SITES_REMEMBERED)(lambda words: Phrases(words, fold))

    def __call__(self, case: Case) -> Finding | None:
        """Return a finding with the blocked words in the order they appear."""
        words = case.submission.site.policy.blocked_words
        if not words:
            return None
        sent = case.submission
        found = self._phrases(words).found_in(f"{sent.author.name}\n{sent.text}")
        return Finding("blocked_word", Verdict.HOLD, {"words": found}) if found else None
