"""A stock of distinct texts: from the corpus and from phrases, each scored once by the champion."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from random import Random

from moderation.domain.comment import Author
from moderation.newsroom.phrases import (
    FIRST_NAMES,
    OPENINGS,
    PLACES,
    RUDE,
    SENTENCES,
    TAILS,
)
from moderation.spam import Opinion, SpamModel, fold
from moderation.storage.search import fold as fold_words
from moderation.submission.fingerprint import fingerprint
from moderation.submission.rendering import render

LARGEST_STOCK = 50_000
LANGUAGES = {"fr": 0.58, "en": 0.3, "de": 0.03, "es": 0.03, "it": 0.02, "nl": 0.02, "pt": 0.02}
HARD = "hard-"  # corpus: looks like spam and is none, far rarer in life
HARD_SHARE = 0.06


class Nature(StrEnum):
    """What a text is, as a person would say."""

    HAM = "ham"
    SPAM = "spam"
    RUDE = "rude"


NATURES = {Nature.HAM: 0.925, Nature.SPAM: 0.05, Nature.RUDE: 0.025}


@dataclass(frozen=True, slots=True)
class Written:
    """A text, and all about it that does not depend on who signs it.

    Attributes:
        words: as the full-text index wants them.
        opinion: of the champion, None where there is none.
    """

    text: str
    html: str
    fingerprint: str
    words: tuple[str, ...]
    nature: Nature
    opinion: Opinion | None


Shelf = Mapping[Nature, Sequence[Written]]
Stock = Mapping[str, Shelf]  # by language


def stock_up(comments: int, model: SpamModel, rng: Random) -> Iterator[tuple[str, Written]]:
    """Yield language and text of a stock for so many comments, some of each kind at least."""
    size = min(comments, LARGEST_STOCK)
    for language, share in LANGUAGES.items():
        for nature, part in NATURES.items():
            wanted = max(3, round(size * share * part))
            for text in _distinct(language, nature, wanted, rng):
                yield language, _written(text, language, nature, model)


def on_shelves(stock: Iterator[tuple[str, Written]]) -> Stock:
    """Sort a stock by language and nature."""
    shelves: defaultdict[str, defaultdict[Nature, list[Written]]]
    shelves = defaultdict(lambda: defaultdict(list))
    for language, written in stock:
        shelves[language][written.nature].append(written)
    return shelves


def filled(phrase: str, rng: Random) -> str:
    """Return a phrase with its gaps filled."""
    return phrase.format(
        place=rng.choice(PLACES),
        name=rng.choice(FIRST_NAMES),
        number=rng.randrange(21, 990),
        years=rng.randrange(3, 20),
    )


def _written(text: str, language: str, nature: Nature, model: SpamModel) -> Written:
    return Written(
        text=text,
        html=render(text),
        fingerprint=fingerprint(fold(text)),
        words=tuple(fold_words(text).split()),
        nature=nature,
        opinion=model.opinion(text, language, Author("")),
    )


def _distinct(language: str, nature: Nature, wanted: int, rng: Random) -> Iterator[str]:
    """Yield texts, most of them distinct: a language has only so many phrases."""
    seen: set[str] = set()
    for _ in range(wanted):
        text = _compose(language, nature, rng)
        if text in seen:
            text = _compose(language, nature, rng)
        seen.add(text)
        yield text


def _compose(language: str, nature: Nature, rng: Random) -> str:
    if nature is Nature.RUDE:
        return filled(rng.choice(RUDE.get(language, RUDE["en"])), rng)
    if nature is Nature.SPAM:
        tail = filled(rng.choice(TAILS.get(language, TAILS["en"])), rng)
        text = rng.choice(_corpus()[language]["spam"])
        return text if rng.random() < 0.3 else f"{text} {tail}"
    return _ham(language, rng)


def _ham(language: str, rng: Random) -> str:
    kind = "hard" if rng.random() < HARD_SHARE else "ham"
    said = rng.choice(_corpus()[language][kind])
    if rng.random() < 0.25:
        return said
    parts = [f"{said}." if said[-1].isalnum() else said] if rng.random() < 0.6 else []
    parts += [filled(one, rng) for one in rng.sample(SENTENCES[language], rng.choice((1, 1, 2)))]
    if rng.random() < 0.5:
        parts.insert(0, filled(rng.choice(OPENINGS[language]), rng))
    return ("\n\n" if rng.random() < 0.1 else " ").join(parts)


@cache
def _corpus() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return the comments written for this project, by language and kind."""
    found: dict[str, dict[str, list[str]]] = {}
    for language in LANGUAGES:
        lines = files("classifier").joinpath("corpus", f"{language}.jsonl").read_text("utf-8")
        kinds: defaultdict[str, list[str]] = defaultdict(list)
        for row in map(json.loads, lines.splitlines()):
            kind = "hard" if row["kind"].startswith(HARD) else row["label"]
            kinds[kind].append(row["text"])
        found[language] = kinds
    return found
