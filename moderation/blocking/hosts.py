"""Hosts that a text leads to: of links, of bare names, of e-mail addresses."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from moderation.domain.block import host_of

SCHEME = re.compile(r"(?<![\w.-])[a-z][a-z0-9+-]{0,20}:[/\\]*|//", re.IGNORECASE)
DISGUISE = re.compile("[。．｡\u00ad\u034f\u200b-\u200d\u2060\ufeff]")
UNDONE = str.maketrans("。．｡", "...", "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff")
# A name that is no part of a path, nor what stands before the @ of an address.
HOST = re.compile(r"(?<![\w./\\-])(?:[\w-]{1,63}\.){1,20}[\w-]{2,63}(?!\.?[\w-]|@)")


def hosts_in(text: str) -> Iterator[str]:
    """Yield the host of each link, written out or not, and of each e-mail address.

    Names are as they stand in the DNS. What browsers overlook is undone first: invisible
    characters, full stops of other scripts, percent signs, backslashes.
    """
    if DISGUISE.search(text):
        text = text.translate(UNDONE)
    dotted = " ".join(part for part in text.split() if "." in part[:-1] or "%" in part)
    for name in HOST.findall(SCHEME.sub(" ", unquote(dotted))):
        try:
            yield host_of(name)
        except ValueError:
            continue


def at_or_above(host: str) -> Iterator[str]:
    """Yield a host and those it is below: "a.b.example", "b.example", "example"."""
    while host:
        yield host
        host = host.partition(".")[2]
