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


def changes_allowed(policy: Policy) -> Allowance:
    """Return how often comments that are there may be changed, reported or answered about.

    There is no rate for the whole site: it would be counted before anybody is known, so strangers
    could use it up for all.
    """
    return Allowance(policy.comments_per_client, None, halve(policy.comments_per_client))


def challenges_allowed(policy: Policy) -> Allowance:
    """Return how many captcha questions may be asked for."""
    return Allowance(policy.challenges_per_client, None, halve(policy.challenges_per_client))


def sign_in_allowed(_: Policy) -> Allowance:
    """Return how often somebody may try to sign in to the console, from one place.

    A whole newsroom may sit behind one address, and begins at nine.
    """
    return Allowance("20 per minute; 120 per hour", None, "10 per minute; 60 per hour")


def password_allowed(_: Policy) -> Allowance:
    """Return how often somebody who is signed in may be wrong about their own password."""
    return Allowance("10 per minute; 60 per hour", None, "5 per minute; 30 per hour")


def account_allowed() -> Allowance:
    """Return how often anybody, from wherever, may try to sign in as one and the same person.

    Whoever knows an address can use this up and keep that person from signing in for a while; it
    is what keeps ten thousand machines from trying ten passwords each.
    """
    return Allowance("10 per minute; 30 per hour", None, "5 per minute; 15 per hour")


def account_key(email: str, secret: bytes) -> str:
    """Return a keyed hash that stands for the account of an e-mail address, however it is typed."""
    return blake2b(
        email.strip().lower().encode("utf-8", "replace"), key=secret[:64], digest_size=16
    ).hexdigest()


def amounts(rates: str) -> list[int]:
    """Return how many each of `rates` allows.

    Raises:
        ValueError: `rates` is not in Flask-Limiter's notation.
    """
    return [rate.amount for rate in parse_many(rates)]


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
