"""Comments that resemble one: the same text, the same sender, or much the same words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from moderation.domain.comment import Comment
from moderation.storage.database import Database
from moderation.storage.search import fold
from moderation.storage.transaction import Transaction

MOST = 5
MOST_OF_ONE_KIND = 3  # while there are others
PERIOD = timedelta(days=30)
LEAST = 0.3
WORDS = 8  # the longest ones: they say most
SHORTEST = 4


class Why(StrEnum):
    """In what way a comment resembles another."""

    SAME_TEXT = "same_text"
    ALIKE = "alike"
    SAME_SENDER = "same_sender"


@dataclass(frozen=True, slots=True)
class Similar:
    """One comment that resembles another.

    Attributes:
        similarity: distinct words they share, of all they have, in [0, 1]; 1 for the same text.
    """

    comment: Comment
    why: Why
    similarity: float


def similar_to(comment: Comment, database: Database) -> tuple[Similar, ...]:
    """Return at most 5 comments of the site that resemble one; those withdrawn are left out.

    The same text first, then what is alike, then what came from the same sender in the 30 days
    before; each comment once.
    """
    with database.read() as memory:
        found = (
            *_with_same_text(comment, memory),
            *_alike(comment, memory),
            *_by_same_sender(comment, memory),
        )
    return _chosen(found)


def _with_same_text(comment: Comment, memory: Transaction) -> list[Similar]:
    found = memory.resembling.with_same_text(comment, MOST)
    return [Similar(one, Why.SAME_TEXT, 1.0) for one in found]


def _by_same_sender(comment: Comment, memory: Transaction) -> list[Similar]:
    since = comment.created_at - PERIOD
    found = memory.resembling.by_same_sender(comment, since, MOST)
    words = _words(comment.text)
    return [Similar(one, Why.SAME_SENDER, _likeness(words, _words(one.text))) for one in found]


def _alike(comment: Comment, memory: Transaction) -> list[Similar]:
    words = _words(comment.text)
    telling = sorted((word for word in words if len(word) >= SHORTEST), key=len, reverse=True)
    if not telling:
        return []
    candidates = memory.resembling.texts_with_any(comment, telling[:WORDS])
    likeness = {one: _likeness(words, _words(text)) for one, text in candidates}
    best = sorted(likeness, key=lambda one: (-likeness[one], one))[: 2 * MOST]
    found = memory.resembling.by_ids([one for one in best if likeness[one] >= LEAST])
    return [Similar(one, Why.ALIKE, likeness[one.id]) for one in found]


def _chosen(found: Iterable[Similar]) -> tuple[Similar, ...]:
    """Keep the first 5, but let no kind crowd out the others."""
    once: dict[str, Similar] = {}
    for one in found:
        once.setdefault(one.comment.id, one)
    kinds = {why: [one for one in once.values() if one.why is why] for why in Why}
    first = [one for kind in kinds.values() for one in kind[:MOST_OF_ONE_KIND]]
    rest = [one for kind in kinds.values() for one in kind[MOST_OF_ONE_KIND:]]
    chosen = (first + rest)[:MOST]
    return tuple(sorted(chosen, key=lambda one: list(Why).index(one.why)))


def _words(text: str) -> dict[str, None]:
    """Return the distinct words, folded, in the order of the text."""
    return dict.fromkeys(fold(text).split())


def _likeness(some: dict[str, None], others: dict[str, None]) -> float:
    """Return the Jaccard index of two sets of words."""
    shared = len(some.keys() & others.keys())
    return shared / (len(some) + len(others) - shared) if shared else 0.0
