"""Every sentence the service says to people, in each of its languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("fr", "en")


def choose_language(*wanted: str | None) -> str:
    """Return the first wanted language that is spoken here, French when there is none.

    Each may be a language tag ("fr-BE") or an Accept-Language header (RFC 9110, 12.5.4).
    """
    for tags in wanted:
        for tag in _by_preference(tags or ""):
            language = tag.partition("-")[0].lower()
            if language in LANGUAGES:
                return language
    return LANGUAGES[0]


def say(language: str, key: str, /, **data: Any) -> str:
    """Return the sentence `key` with its figures filled in.

    Raises:
        KeyError: there is no such sentence; a test reads every key the code uses.
    """
    return sentences(language)[key].format_map(data)


def has_sentence(key: str) -> bool:
    """Tell whether `key` names a sentence."""
    return key in sentences(LANGUAGES[0])


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return all sentences of `language`, by "section.name"."""
    source = files("moderation.web").joinpath("sentences", f"{language}.toml")
    sections = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": sentence
        for section, names in sections.items()
        for name, sentence in names.items()
    }


def _by_preference(header: str) -> list[str]:
    weighted = []
    for item in header[:200].split(","):
        tag, _, quality = item.partition(";q=")
        try:
            weighted.append((float(quality or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]
