"""A text cut where the model's opinion changes, so that what pushed the score can be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STRENGTHS = 4
FAINT = 0.12  # of the strongest piece: weaker ones are left plain
LEAST = 0.15  # log-odds that nobody would notice
MOST_TOLD = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text.

    Attributes:
        weight: log-odds; above 0 it speaks for spam.
        strength: from 1 to 4; 0 where the piece decides nothing.
    """

    text: str = field(repr=False)
    weight: float = 0.0
    strength: int = 0

    @property
    def side(self) -> str:
        """Which way it pushes."""
        return "spam" if self.weight > 0 else "ham"


@dataclass(frozen=True, slots=True)
class Signal:
    """A named measure of a comment and what it adds, in log-odds."""

    name: str
    weight: float

    @property
    def side(self) -> str:
        """Which way it pushes."""
        return "spam" if self.weight > 0 else "ham"


def pieces(text: str, spans: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """Return all of `text` in pieces, from left to right.

    Args:
        spans: `start`, `end` and `weight` of pieces that do not overlap, from left to right.
    """
    strongest = max((abs(span["weight"]) for span in spans), default=0.0)
    cut: list[Piece] = []
    done = 0
    for span in spans:
        start, end, weight = span["start"], span["end"], span["weight"]
        cut += [Piece(text[done:start]), Piece(text[start:end], weight, _level(weight, strongest))]
        done = end
    return [one for one in (*cut, Piece(text[done:])) if one.text]


def told(cut: Sequence[Piece]) -> dict[str, list[str]]:
    """Return the words that pushed most, by the side they pushed to, the strongest first."""
    ordered = sorted((one for one in cut if one.strength), key=lambda one: -abs(one.weight))
    sides: dict[str, list[str]] = {"spam": [], "ham": []}
    for piece in ordered:
        words, side = " ".join(piece.text.split()), sides[piece.side]
        is_news = any(map(str.isalnum, words)) and words not in side
        if is_news and len(side) < MOST_TOLD:
            side.append(words)
    return sides


def signals(found: Mapping[str, float]) -> list[Signal]:
    """Return the signals that decide something, the strongest first, at most 6."""
    telling = [Signal(name, weight) for name, weight in found.items() if abs(weight) >= LEAST]
    return sorted(telling, key=lambda one: -abs(one.weight))[:MOST_TOLD]


def _level(weight: float, strongest: float) -> int:
    if abs(weight) < max(LEAST, FAINT * strongest):
        return 0
    return min(STRENGTHS, 1 + int(abs(weight) / strongest * (STRENGTHS - 0.01)))
