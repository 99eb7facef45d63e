"""Every sentence the service says to people, in each of its languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

NAMES = {
    "fr": "Français",
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "it": "Italiano",
    "pt": "Português",
    "nl": "Nederlands",
}
LANGUAGES = tuple(NAMES)
COMPLETE = ("en", "fr")  # have every sentence; the others have those that readers meet
DECIMAL_MARKS = {"fr": ",", "en": ".", "de": ",", "es": ",", "it": ",", "pt": ",", "nl": ","}
GROUP_MARKS = {
    "fr": "\N{NARROW NO-BREAK SPACE}",
    "en": ",",
    "de": ".",
    "es": "\N{NARROW NO-BREAK SPACE}",
    "it": ".",
    "pt": "\N{NARROW NO-BREAK SPACE}",
    "nl": ".",
}
SMALLEST_GROUPED = dict.fromkeys(LANGUAGES, 1_000) | {"es": 10_000, "pt": 10_000}


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


def complete(language: str) -> str:
    """Return the language itself if it has every sentence, and English otherwise."""
    return language if language in COMPLETE else COMPLETE[0]


def say(language: str, key: str, /, **data: Any) -> str:
    """Return the sentence `key` with its figures filled in, as its language writes numbers.

    What `language` does not have is said in English.

    Raises:
        KeyError: there is no such sentence; a test reads every key the code uses.
    """
    spoken = _spoken(language, key)
    figures = {name: in_figures(spoken, value) for name, value in data.items()}
    return sentences(spoken)[key].format_map(figures)


def has_sentence(key: str) -> bool:
    """Tell whether `key` names a sentence."""
    return key in sentences(LANGUAGES[0])


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return the sentences that `language` has, by "section.name"."""
    folder = files("moderation.web").joinpath("sentences")
    sources = [folder.joinpath(f"{language}.toml")]
    if language in COMPLETE:
        sources.append(folder.joinpath(f"console.{language}.toml"))
    return {
        f"{section}.{name}": sentence
        for source in sources
        for section, names in tomllib.loads(source.read_text(encoding="utf-8")).items()
        for name, sentence in names.items()
    }


def in_figures(language: str, value: Any) -> str:
    """Return a number as people write it (1 800 and 0,92 in French), anything else as it is.

    What is no quantity (a year, the number of an entry) is given as text, and stays as it is.
    """
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", DECIMAL_MARKS[language])
    if isinstance(value, int) and abs(value) >= SMALLEST_GROUPED[language]:
        return f"{value:,}".replace(",", GROUP_MARKS[language])
    return str(value)


def _spoken(language: str, key: str) -> str:
    """Return the language to say `key` in."""
    return next((one for one in (language, *COMPLETE) if key in sentences(one)), language)


def _by_preference(header: str) -> list[str]:
    weighted = []
    for item in header[:200].split(","):
        tag, _, quality = item.partition(";q=")
        try:
            weighted.append((float(quality or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]
