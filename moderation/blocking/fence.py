"""A site's blocks, ready to look at a comment: as it comes in, or as it is remembered."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from moderation.blocking.hosts import at_or_above, hosts_in
from moderation.blocking.phrases import Phrases, spaced
from moderation.domain.block import (
    Block,
    BlockKind,
    Writing,
    network_of,
    parsed,
)
from moderation.domain.name import likeness

Index = dict[str, list[Block]]
Look = Callable[[Writing], Iterator[Block]]
Fold = Callable[[str], str]


class Fence:
    """Blocks, arranged so that any number of them costs about what one of each kind does."""

    def __init__(self, blocks: Iterable[Block], fold: Fold) -> None:
        by_kind: defaultdict[BlockKind, list[Block]] = defaultdict(list)
        for block in blocks:
            by_kind[block.kind].append(block)
        self._looks: list[Look] = [LOOKS[kind](some, fold) for kind, some in by_kind.items()]

    def __bool__(self) -> bool:
        """Tell whether there is any block."""
        return bool(self._looks)

    def worst(self, writing: Writing, now: datetime) -> Block | None:
        """Return the block that catches `writing`: the severest, and of those the oldest."""
        caught = (block for look in self._looks for block in look(writing))
        standing = (block for block in caught if block.is_in_force(now))
        return min(standing, key=lambda block: (-block.verdict.severity, block.id), default=None)


def _authors(blocks: Iterable[Block], fold: Fold) -> Look:
    known = _index(blocks, lambda block: likeness(block.pattern, fold))
    known.pop("", None)  # which an absent e-mail address would be

    def look(writing: Writing) -> Iterator[Block]:
        for name in (writing.author.name, writing.author.email, writing.member):
            yield from known.get(likeness(name, fold), ())

    return look


def _domains(blocks: Iterable[Block], _: Fold) -> Look:
    known = _index(blocks, lambda block: block.pattern)

    def look(writing: Writing) -> Iterator[Block]:
        author = writing.author
        for host in set(hosts_in(f"{author.email} {author.url} {writing.text}")):
            for name in at_or_above(host):
                yield from known.get(name, ())

    return look


def _words(blocks: Iterable[Block], fold: Fold) -> Look:
    known = _index(blocks, lambda block: spaced(fold(block.pattern)))
    phrases = Phrases(known, fold)

    def look(writing: Writing) -> Iterator[Block]:
        for word in phrases.found_in(f"{writing.author.name}\n{writing.text}"):
            yield from known[word]

    return look


def _senders(blocks: Iterable[Block], _: Fold) -> Look:
    known = _index(blocks, lambda block: block.pattern)
    return lambda writing: iter(known.get(writing.client, ()))


def _addresses(blocks: Iterable[Block], _: Fold) -> Look:
    known: dict[tuple[int, int], dict[int, list[Block]]] = {}  # by IP version and bits; by prefix
    for block in blocks:
        network = network_of(block.pattern)
        bits = network.prefixlen
        prefix = int(network.network_address) >> (network.max_prefixlen - bits)
        known.setdefault((network.version, bits), {}).setdefault(prefix, []).append(block)

    def look(writing: Writing) -> Iterator[Block]:
        found = parsed(writing.address)
        for (version, bits), prefixes in known.items():
            if found and version == found.version:
                yield from prefixes.get(int(found) >> (found.max_prefixlen - bits), ())

    return look


LOOKS = {
    BlockKind.AUTHOR: _authors,
    BlockKind.DOMAIN: _domains,
    BlockKind.WORD: _words,
    BlockKind.SENDER: _senders,
    BlockKind.ADDRESS: _addresses,
}


def _index(blocks: Iterable[Block], key: Callable[[Block], str]) -> Index:
    found: Index = {}
    for block in blocks:
        found.setdefault(key(block), []).append(block)
    return found
