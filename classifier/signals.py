"""What the model sees of a comment beside its n-grams: a few named measures.

`SIGNALS` names and explains them; each is between 0 and about 0.5, so that regularisation holds
them back and words have the last word.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from classifier.alphabet import Kind
from classifier.tokens import Count

SIGNALS = {
    "capitals": "share of capital letters",
    "digits": "share of digits",
    "exclamations": "share of exclamation marks",
    "money": "share of currency signs",
    "symbols": "share of emoji and other symbols",
    "disguise": "share of letters in disguise: mathematical, look-alike, apart, played by digits",
    "invisible": "share of characters that leave no ink",
    "scripts": "how evenly Latin letters and those of another script are mixed",
    "repetition": "share of words said before in the same comment",
    "short": "how short the text is",
    "long": "how long the text is",
    "lines": "share of line breaks",
    "url": "the author left an address of a site",
    "name": "the author's name is a phrase, a number or an address, not what a person is called",
    "foreign": "share of common words of another language than the site's",
    "links": "number of web addresses",
    "bare_domains": "number of web addresses without a scheme",
    "shorteners": "number of addresses that hide where they lead, or lead into a chat",
    "emails": "number of mail addresses",
    "phones": "number of telephone numbers",
    "messengers": "number of messengers named: WhatsApp, Telegram and the like",
    "spelled": "number of addresses spelled out: “arobase”, “point com”",
    "contact_money": "a way of contact and a sum of money or many digits",
    "contact_short": "a way of contact and little else",
    "contact_name": "a way of contact or an address, and a name that is a phrase",
    "contacts": "two ways of contact or more",
}
"""Name and meaning, in the order of the model's weights."""

SCALE = 0.2
_MANY = 5
_CONTACTS = slice(Count.LINKS, Count.SPELLED + 1)
_NO_CONTACTS = (0.0,) * 11


class Marks(NamedTuple):
    """What was counted in a comment.

    Attributes
    ----------
    counts : sequence of numbers
        Sums over the tokens of the text: by `Kind`, then by `Count`.
    tokens, repeated : int
        Tokens of the text, and how many had been said before.
    gathered : int
        Letters that stood apart.
    lines, phones : int
        Line breaks and telephone numbers.
    foreign : float
        Share of common words that are not of the site's language, in [0, 1).
    has_url, is_name_odd : bool
        What the author left.
    """

    counts: Sequence[float]
    tokens: int
    repeated: int
    gathered: int
    lines: int
    phones: int
    foreign: float
    has_url: bool
    is_name_odd: bool


def measure(marks: Marks) -> tuple[float, ...]:
    """Return one value for each of `SIGNALS`, in their order."""
    (counts, tokens, repeated, gathered, lines, _, foreign, has_url, is_name_odd) = marks
    size = counts[Count.SIZE]
    latin = counts[Kind.LOWER] + counts[Kind.UPPER]
    lookalike, costume = counts[Kind.LOOKALIKE], counts[Kind.COSTUME]
    other = counts[Kind.LETTER] + lookalike
    upper, digit, shout = counts[Kind.UPPER], counts[Kind.DIGIT], counts[Kind.SHOUT]
    money, symbol, unseen = counts[Kind.MONEY], counts[Kind.SYMBOL], counts[Kind.UNSEEN]
    disguised = costume + min(latin, lookalike) + counts[Count.UNDONE] + gathered
    return (
        upper and _share(upper, latin),
        digit and _share(digit, size),
        shout and _share(shout, size),
        money and _share(money, size),
        symbol and _share(symbol, size),
        disguised and _share(disguised, size),
        unseen and _share(unseen, size),
        other and _share(min(latin, other), latin + other),
        repeated and _share(repeated, tokens),
        SCALE * 20 / (size + 20),
        SCALE * size / (size + 600),
        lines and _share(lines, size),
        SCALE * has_url,
        SCALE * is_name_odd,
        SCALE * foreign,
        *_contacts(marks),
    )


def _contacts(marks: Marks) -> tuple[float, ...]:
    """Return the signals about ways of contact, most often none."""
    counts, has_url = marks.counts, marks.has_url
    links, bare, short, emails, messengers, spelled = counts[_CONTACTS]
    ways = links + emails + marks.phones + messengers + spelled
    if not (ways or has_url):
        return _NO_CONTACTS
    size = counts[Count.SIZE]
    has_sum = counts[Kind.MONEY] > 0 or counts[Kind.DIGIT] > 3
    return (
        _count(links),
        _count(bare),
        _count(short),
        _count(emails),
        _count(marks.phones),
        _count(messengers),
        _count(spelled),
        SCALE * (ways > 0 and has_sum),
        SCALE * min(1.0, 30 * ways / (size + 30)),
        SCALE * marks.is_name_odd,
        SCALE * (ways > 1),
    )


def _share(part: float, whole: float) -> float:
    """Return the root of a share, damped for short texts so that ``OK!`` is not shouting."""
    return SCALE * math.sqrt(min(part, whole) / (whole + 10))


def _count(number: float) -> float:
    """Return a number on a scale where the first counts most and `_MANY` are the most."""
    return SCALE * math.log1p(min(number, _MANY)) if number else 0.0
