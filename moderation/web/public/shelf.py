"""The shelf: finished answers, at hand for whoever asks the same next."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any

CAPACITY = 16 * 1024 * 1024
LARGEST_SHARE = 16
OVERHEAD = 4096  # bytes of an answer beside its body, at most, near enough


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer.

    Attributes:
        basis: all that it depends on beside the question; whoever takes it compares.
        etag: as the header has it.
        question: as it was understood.
    """

    basis: Hashable
    etag: str
    question: Any
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, more or less."""
        return len(self.body) + OVERHEAD


class Shelf:
    """Keeps answers in memory, up to so many bytes; the one not asked for longest goes first.

    Safe to share between threads.

    Args:
        capacity: in bytes; an answer larger than a sixteenth of it is not kept.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._answers: OrderedDict[Hashable, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def take(self, key: Hashable) -> Kept | None:
        """Return the answer kept under `key`, which stays there; None if there is none."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is not None:
                self._answers.move_to_end(key)
            return kept

    def put(self, key: Hashable, answer: Kept) -> None:
        """Keep an answer, in place of the former one and of those not asked for longest."""
        with self._lock:
            former = self._answers.pop(key, None)
            self._bytes -= former.size if former else 0
            if answer.size * LARGEST_SHARE > self._capacity:
                return
            self._answers[key] = answer
            self._bytes += answer.size
            while self._bytes > self._capacity:
                self._bytes -= self._answers.popitem(last=False)[1].size
