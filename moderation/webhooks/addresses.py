"""Which addresses webhooks may lead to: public ones, unless the operator of the service says so.

Whoever may enter a webhook makes this machine send requests. Without this room they could reach
what only this machine can: its own ports, the network behind it, a cloud's metadata service.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from moderation.errors import AddressRefused

Resolver = Callable[[str, int], Sequence[str]]
GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
LAST_32_BITS = 0xFFFFFFFF


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a name, the best first; of an address, in any spelling, itself.

    Raises:
        OSError, UnicodeError: there are none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Looks names up and lets pass what may be called."""

    resolve: Resolver = resolve
    allow_private: bool = False

    def of(self, host: str, port: int) -> tuple[str, ...]:
        """Return the IP addresses of a name.

        Connect to one of these, not to the name: the next look-up may give others.

        Raises:
            AddressRefused: one of them is not public.
            OSError, UnicodeError: there are none.
        """
        found = tuple(self.resolve(host, port))
        if not self.allow_private and not all(map(is_public, found)):
            raise AddressRefused(host)
        return found


def is_public(address: str) -> bool:
    """Tell whether an IP address is one that anybody on the Internet can reach."""
    try:
        found = _behind(ip_address(address))
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found not in GLOBAL_UNICAST:
        return False
    return found.is_global and not found.is_multicast


def _behind(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & LAST_32_BITS)
    return address.ipv4_mapped or address.sixtofour or address
