"""A site's settings in words: what a field is called, and what stands in it."""

from collections.abc import Mapping
from typing import Any

from moderation.domain.site import Policy
from moderation.review.policy import RATES
from moderation.storage import policies
from moderation.web.console.policy_form import PICKED, SWITCHES, Typed, typed
from moderation.web.problems import language
from moderation.web.sentences import say

OF_SITE = frozenset({"name", "origins", "locale"})
"""What of a site is changed on the command line, and is no part of its policy."""
SHOWN = 80  # characters of a value, at most
SECTIONS = {
    # part of the page: the settings that stand below its heading
    "thresholds": ("hold_above", "reject_above"),
    "moderation": ("moderation", "trust_after", "hold_after_reports", "two_person_rule"),
    "text": ("maximum_links", "blocked_words"),
    "captcha": ("captcha", "captcha_level", "captcha_display", "minimum_answer"),
    "times": ("edit_window", "close_after"),
    "rates": RATES,
}
SECTION_OF = {name: section for section, names in SECTIONS.items() for name in names}


def as_typed(policy: Policy) -> Typed:
    """Return a policy as its form shows it to whoever looks."""
    return typed(policy, language())


def label_of(name: str) -> str:
    """Return what a setting is called away from its page, where its heading does not stand."""
    label = say(language(), f"policy.{name}")
    if name in OF_SITE:
        return label
    section = say(language(), f"policy.{SECTION_OF[name]}_title")
    return say(language(), "policy.label", section=section, label=label)


def in_words(name: str, value: str) -> str:
    """Return what a field of the form holds, on one line."""
    if name in SWITCHES:
        return say(language(), f"policy.{'on' if value else 'off'}")
    if name in PICKED:
        return say(language(), f"policy.{name}_{value}")
    told = ", ".join(value.splitlines()) or say(language(), "policy.empty")
    return told if len(told) <= SHOWN else f"{told[: SHOWN - 1]}…"


def changes_in_words(changes: Any) -> list[tuple[str, str, str]]:
    """Return what an entry of the audit says was changed: the field's label, from what, to what.

    Whatever cannot be read, because another version wrote it or somebody has tampered with it, is
    left out: the line itself is there.
    """
    if not isinstance(changes, Mapping):
        return []
    return [
        (label_of(name), _stored(name, change["from"]), _stored(name, change["to"]))
        for name, change in changes.items()
        if name in OF_SITE | SECTION_OF.keys()
        and isinstance(change, Mapping)
        and {"from", "to"} <= change.keys()
    ]


def _stored(name: str, value: Any) -> str:
    try:
        if name in OF_SITE:
            return in_words(name, "\n".join([value] if isinstance(value, str) else value))
        return in_words(name, as_typed(policies.load({name: value}))[name])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return "?"
