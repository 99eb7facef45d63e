"""Blocks: whom and what a site does not want, how it is written down, and until when it counts."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from moderation.domain.comment import Author
from moderation.domain.finding import Verdict
from moderation.domain.name import has_ink
from moderation.errors import InvalidRequest

LONGEST_PATTERN = 254
LONGEST_HOST = 253
LONGEST_LABEL = 63
WIDEST = {4: 16, 6: 48}
"""Bits that an address range of each version has to name at least."""
READER_BITS = {4: 32, 6: 64}
"""Bits that tell one reader from another: narrower than that nobody is known."""

Network = IPv4Network | IPv6Network


class BlockKind(StrEnum):
    """What a block looks at.

    author: name, e-mail address or member id, as the eye tells them apart. domain: a link to this
    host or to one below it. word: a word or phrase, however it is disguised. address: an
    address range. sender: whoever sent a certain comment, without anybody knowing the address.
    """

    AUTHOR = "author"
    DOMAIN = "domain"
    WORD = "word"
    ADDRESS = "address"
    SENDER = "sender"


ABOUT_WRITING = frozenset({BlockKind.AUTHOR, BlockKind.DOMAIN, BlockKind.WORD})
"""Kinds that look at what was written and who signed it, so that they meet edits too."""
REFUSING = (Verdict.HOLD, Verdict.REJECT)
"""What a block can ask for."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a site.

    Attributes:
        pattern: made uniform by `uniform`; of a sender the keyed hash, never shown to anybody.
        comment_id: whose sender is meant, for that kind alone.
        expires_at: from when it blocks nothing, None for never.
        removed_at: when somebody took it away, None while it stands.
    """

    id: str
    site_id: int
    kind: BlockKind
    pattern: str = field(repr=False)
    verdict: Verdict
    reason: str
    moderator: str
    key_id: int
    created_at: datetime
    expires_at: datetime | None = None
    removed_at: datetime | None = None
    comment_id: str | None = None

    @property
    def shown(self) -> str:
        """The pattern as people may see it: nothing of a sender."""
        return "" if self.kind is BlockKind.SENDER else self.pattern

    def is_in_force(self, now: datetime) -> bool:
        """Tell whether it blocks anything at `now`."""
        return self.removed_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Writing:
    """What blocks look at.

    Attributes:
        member: the site's own name for the author, empty for anybody.
        client: keyed hash of the sender's address; empty where it does not matter.
        address: the address itself, while the comment comes in; never kept.
    """

    author: Author
    text: str = field(repr=False)
    member: str = ""
    client: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


def uniform(kind: BlockKind, pattern: str) -> str:
    """Return a pattern as it is kept.

    Raises:
        InvalidRequest: it is empty, too long, no domain, no address, or too wide a range.
    """
    written = " ".join(unicodedata.normalize("NFC", pattern).split())
    if not has_ink(written):
        raise InvalidRequest.at("/pattern", "empty")
    if len(written) > LONGEST_PATTERN:
        raise InvalidRequest.at("/pattern", "too_long", limit=LONGEST_PATTERN)
    if kind is BlockKind.DOMAIN:
        return _domain(written)
    if kind is BlockKind.ADDRESS:
        return _written(network_of(written))
    return written


def host_of(name: str) -> str:
    """Return a host's name as it stands in the DNS: "Ärzte.example" is "xn--rzte-koa.example".

    Raises:
        ValueError: no host is called like this.
    """
    if not 0 < len(name) <= LONGEST_HOST:
        raise ValueError("empty, or too long")
    if name.isascii() and not name.startswith("."):
        return name.lower().strip(".")
    folded = unicodedata.normalize("NFKC", name).casefold()
    return folded.encode("idna").decode("ascii").lower().strip(".")


def network_of(pattern: str) -> Network:
    """Return an address range; a single IPv6 address stands for its /64, which is one reader.

    Raises:
        InvalidRequest: it is no address, or the range is too wide.
    """
    try:
        network: Network = ip_network(pattern, strict=False)
        network = _mapped(network) or network
    except ValueError as error:
        raise InvalidRequest.at("/pattern", "not_an_address") from error
    version = network.version
    if network.prefixlen < WIDEST[version]:
        raise InvalidRequest.at("/pattern", "range_too_wide", ipv4=WIDEST[4], ipv6=WIDEST[6])
    reader = READER_BITS[version]
    return network.supernet(new_prefix=reader) if network.prefixlen > reader else network


def parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Return an address; IPv4 written as IPv6 is IPv4, and what is none is None."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _mapped(network: Network) -> Network | None:
    """Return the range of IPv4 that a range of IPv6 stands for (RFC 4291, 2.5.5.2), if any."""
    if not isinstance(network, IPv6Network) or network.prefixlen < 96:
        return None
    inner = network.network_address.ipv4_mapped
    return None if inner is None else IPv4Network((inner, network.prefixlen - 96))


def _written(network: Network) -> str:
    is_single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if is_single else str(network)


def _domain(written: str) -> str:
    try:
        host = host_of(written.rstrip("."))
    except ValueError as error:
        raise InvalidRequest.at("/pattern", "not_a_domain") from error
    labels = host.split(".")
    if len(labels) < 2 or not all(map(_is_label, labels)) or labels[-1].isdigit():
        raise InvalidRequest.at("/pattern", "not_a_domain")
    return host


def _is_label(label: str) -> bool:
    return (
        0 < len(label) <= LONGEST_LABEL
        and label.isascii()
        and label.replace("-", "a").replace("_", "a").isalnum()
    )
