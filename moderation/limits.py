"""What a submitter may do per minute, and how the counts are keyed and stored.

The counting is Flask-Limiter's (moderation.web.limiter); what is counted is decided here.
"""

from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address

from limits import parse_many

from moderation.domain.site import Policy

STRATEGY = "sliding-window-counter"
IPV6_NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Allowance:
    """Rates of one kind of action, in Flask-Limiter notation ("5 per minute; 60 per hour").

    Attributes:
        client: for one reader's address on one site.
        site: for all readers of the site together, or None.
        fallback: for one address in one process while Redis is away; stricter than `client`.
    """

    client: str
    site: str | None
    fallback: str


def comments_allowed(policy: Policy) -> Allowance:
    """Return how many comments may be sent."""
    return Allowance(
        policy.comments_per_client, policy.comments_per_site, halve(policy.comments_per_client)
    )


def challenges_allowed(policy: Policy) -> Allowance:
    """Return how many captcha questions may be asked for."""
    return Allowance(policy.challenges_per_client, None, halve(policy.challenges_per_client))


def halve(rates: str) -> str:
    """Return `rates` with half of each amount, at least one.

    Raises:
        ValueError: `rates` is not in Flask-Limiter's notation.
    """
    return "; ".join(
        f"{max(1, rate.amount // 2)} per {rate.multiples} {rate.GRANULARITY.name}"
        for rate in parse_many(rates)
    )


def client_key(address: str, secret: bytes) -> str:
    """Return a keyed hash that stands for the reader at `address`; the address is not kept.

    One IPv4 address is one reader; of IPv6 it is the /64 network, because every household and
    every spammer has at least that many addresses. What is not an address is hashed as it is.

    Returns:
        32 lower-case hexadecimal digits.
    """
    return blake2b(_network(address).encode(), key=secret[:64], digest_size=16).hexdigest()


def _network(address: str) -> str:
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, IPv6Address):
        return f"{int(parsed) >> (128 - IPV6_NETWORK_BITS):x}/{IPV6_NETWORK_BITS}"
    return str(parsed)
