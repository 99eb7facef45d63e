"""Who counts as one reader, and what is allowed while Redis is away."""

import pytest

from moderation.domain.site import Policy
from moderation.limits import challenges_allowed, client_key, comments_allowed, halve

SECRET = b"s" * 32


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "unix", False),
    ],
)
def test_a_reader_is_an_ipv4_address_or_an_ipv6_network(one, other, same):
    assert (client_key(one, SECRET) == client_key(other, SECRET)) is same


def test_an_address_is_kept_as_a_keyed_hash_only():
    key = client_key("192.0.2.1", SECRET)

    assert len(key) == 32
    assert "192" not in key
    assert key != client_key("192.0.2.1", b"t" * 32)


def test_the_fallback_is_stricter():
    assert comments_allowed(Policy(comments_per_client="5 per minute; 60 per hour")).fallback == (
        "2 per 1 minute; 30 per 1 hour"
    )
    assert challenges_allowed(Policy(challenges_per_client="1/second")).fallback == (
        "1 per 1 second"
    )


def test_a_rate_that_is_none_is_refused():
    with pytest.raises(ValueError):
        halve("often")
