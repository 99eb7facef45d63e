"""Add to the training examples what real ones will look like but the collected ones do not.

* Disguised copies of spam, and of a little ham, so that no disguise hides a word (`obfuscation`).
* Copies of ham whose author left the address of a site: many readers have one, and what matters is
  what it says.
* Copies said to be on a site of another language, mostly of spam: that a comment is not in the
  site's language is then a mild reason for suspicion.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from classifier.alphabet import fold
from classifier.dataset import Example
from classifier.languages import LANGUAGES
from classifier.obfuscation import obfuscate

DISGUISED_SPAM, DISGUISED_HAM = 0.5, 0.02
ABROAD_SPAM, ABROAD_HAM = 0.15, 0.01
LINKED_HAM = 0.05
"""Shares of the examples that are copied."""

WEIGHT = 0.5
"""What a copy weighs beside its original."""


class Copy(NamedTuple):
    """A changed copy of the example at place `origin`."""

    origin: int
    example: Example


def augment(examples: Sequence[Example], seed: int) -> list[Copy]:
    """Return copies of some examples; the same examples and seed give the same copies."""
    chance = random.Random(seed)  # noqa: S311 - no secret, and the same each time
    return [
        Copy(place, copy)
        for place, example in enumerate(examples)
        for copy in _copies(example, chance)
    ]


def _copies(example: Example, chance: random.Random) -> Iterator[Example]:
    document = example.document
    if chance.random() < (DISGUISED_SPAM if example.is_spam else DISGUISED_HAM):
        text = obfuscate(document.text, chance)
        yield replace(example, document=replace(document, text=text))
    if not example.is_spam and not document.url and chance.random() < LINKED_HAM:
        yield replace(example, document=replace(document, url=_site(document.text, chance)))
    if chance.random() < (ABROAD_SPAM if example.is_spam else ABROAD_HAM):
        lang = chance.choice([other for other in LANGUAGES if other != document.lang])
        yield replace(example, document=replace(document, lang=lang))


def _site(text: str, chance: random.Random) -> str:
    """Return an address named after words of `text`, like that of somebody's own pages."""
    words = [word for word in fold(text).split() if word.isascii() and word.isalpha()] or ["moi"]
    name = "-".join(chance.choices(words, k=chance.choice((1, 2))))
    return f"http{chance.choice(('', 's'))}://{chance.choice(('', 'www.'))}{name}.example"
