"""Find the ways out of a comment: web and mail addresses, telephone numbers, messengers."""

import re
from typing import NamedTuple

LINK = "\ue000"
"""Stands for the ending of an address (``.com``, ``.fr``); a private-use character nobody types."""

_ENDINGS = frozenset(
    (  # noqa: SIM905 - a list would fill a page
        "com net org info biz eu fr be ch lu ca uk de it es pt nl br pl ru cn us co io me cc tv ly "
        "gg gl bj ci sn tg cm ng xyz top site online shop club live store vip bet casino win app "
        "link click website tech page blog agency space pro fun mobi icu buzz loan finance money "
        "cash digital guru academy expert cloud dev ai dating example test invalid"
    ).split()
)
"""What ends an address that has no scheme; a rarer ending is believed with a scheme alone."""

_SHORTENERS = frozenset(
    (  # noqa: SIM905 - the same
        "bit.ly tinyurl.com t.co cutt.ly is.gd goo.gl rb.gy t.ly ow.ly shorturl.at linktr.ee "
        "tiny.cc s.id v.gd bl.ink urlz.fr lc.cx wa.me t.me m.me chat.whatsapp.com discord.gg"
    ).split(" ")
)
_ADDRESS = re.compile(
    r"(?<![\w@+-])(?P<scheme>[a-z]{2,10}://)?(?P<www>www\.)?"
    r"(?P<name>[\w@+-]+(?:\.[\w@+-]+)*)\.(?P<ending>[a-z]{2,24})(?![\w@+-])",
    re.ASCII,
)
_MESSENGER = re.compile(r"wh?at+s*ap|telegram|viber|messenger|snapchat")
_SPELLED = re.compile(
    r"arobase|arroba|[(\[{](?:at|point|dot|chez|punto|punkt)[)\]}]|^(?:gmail|hotmail|outlook|yahoo)\b"
)
FEWEST_DIGITS = 8
"""A text with fewer holds no telephone number."""

_HINT = re.compile(f"{_MESSENGER.pattern}|{_SPELLED.pattern}")
_PHONE = re.compile(r"(?<![\w/.,])(?:\+?\d(?:[ .()-]{0,2}\d){8,14}|\d\d(?:[ .]\d\d){3})(?![\w/])")


class Contacts(NamedTuple):
    """How many ways out a word holds.

    Attributes
    ----------
    links, bare : int
        Web addresses, and those among them without a scheme.
    shorteners : int
        Addresses that hide where they lead, or lead straight into a chat.
    emails : int
        Mail addresses.
    messengers : int
        Names of messengers.
    spelled : int
        Pieces of addresses spelled out so that no filter sees them (``arobase``, ``(point)``).
    """

    links: int = 0
    bare: int = 0
    shorteners: int = 0
    emails: int = 0
    messengers: int = 0
    spelled: int = 0


NONE = Contacts()


def open_addresses(word: str) -> tuple[str, Contacts]:
    """Return a folded word and its contacts; of addresses it keeps the host, `LINK` and path.

    Examples
    --------
    >>> word, contacts = open_addresses("https://www.casino.com/bonus")
    >>> word == f"casino{LINK}/bonus", contacts.links
    (True, 1)
    """
    hosts: list[tuple[str, str]] = []

    def reduce(address: re.Match[str]) -> str:
        scheme, www, name, ending = address.groups()
        if not (scheme or www or "@" in name or ending in _ENDINGS):
            return address[0]
        hosts.append((scheme, f"{name}.{ending}"))
        return f"{name}{LINK}"

    if "." in word:
        word = _ADDRESS.sub(reduce, word)
    if not hosts and not _HINT.search(word):
        return word, NONE
    web = [(scheme, host) for scheme, host in hosts if "@" not in host]
    return word, Contacts(
        links=len(web),
        bare=sum(not scheme for scheme, _ in web),
        shorteners=sum(host in _SHORTENERS for _, host in web),
        emails=len(hosts) - len(web),
        messengers=len(_MESSENGER.findall(word)),
        spelled=len(_SPELLED.findall(word)),
    )


def count_phones(text: str) -> int:
    """Return how many telephone numbers there are in `text`, in digits of any script."""
    return sum(1 for _ in _PHONE.finditer(text))
