"""Who writes: readers of a site, some of them often, some signed in with the site."""

from dataclasses import dataclass
from hashlib import sha256
from random import Random

from moderation.domain.comment import Author
from moderation.newsroom.phrases import FIRST_NAMES, LAST_NAMES, NICKNAMES
from moderation.storage.search import fold

COMMENTS_A_READER = 12
MEMBERS = 0.15  # share of the readers
WITH_ADDRESS = 0.7
EAGERNESS = 2.5  # the higher, the more is written by a few


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of one site.

    Attributes:
        client: stands for the address they write from.
        words: of the name, as the full-text index wants them.
    """

    author: Author
    client: str
    member: str
    words: tuple[str, ...]


def readers(comments: int, rng: Random) -> list[Reader]:
    """Return the readers who write so many comments."""
    return [_reader(n, rng) for n in range(max(20, min(40_000, comments // COMMENTS_A_READER)))]


def somebody(among: list[Reader], rng: Random) -> Reader:
    """Return one of the readers, those at the front more often."""
    return among[int(len(among) * rng.random() ** EAGERNESS)]


def client(rng: Random) -> str:
    """Return what would stand for an address."""
    return sha256(rng.randbytes(16)).hexdigest()[:32]


def _reader(number: int, rng: Random) -> Reader:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    name = rng.choice(
        (first, f"{first} {last}", f"{first} {last[0]}.", rng.choice(NICKNAMES).format(n=number))
    )
    is_member = rng.random() < MEMBERS
    has_address = is_member or rng.random() < WITH_ADDRESS
    email = f"{fold(first).replace(' ', '.')}.{number}@courriel.example" if has_address else ""
    words = tuple(fold(name).split())
    return Reader(Author(name, email), client(rng), f"u-{number}" if is_member else "", words)
