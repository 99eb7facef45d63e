"""The form of a site's policy: what stands in its fields, and the policy that is meant by them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from moderation.domain.site import CaptchaDisplay, CaptchaLevel, CaptchaMode, Moderation, Policy
from moderation.errors import InvalidRequest, Problem
from moderation.review.policy import RATES, check
from moderation.web.console import rates
from moderation.web.sentences import DECIMAL_MARKS

NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,9})?")
WHOLE = re.compile(r"\d{1,6}")
LONGEST = 2_000_000  # characters of all blocked words together
SECOND, MINUTE, DAY = 1, 60, 86_400
PICKED: Mapping[str, type[StrEnum]] = {
    "captcha": CaptchaMode,
    "captcha_level": CaptchaLevel,
    "captcha_display": CaptchaDisplay,
    "moderation": Moderation,
}
UNITS = {"minimum_answer": SECOND, "edit_window": MINUTE, "close_after": DAY}
"""What times are counted in, in seconds."""
OPTIONAL = frozenset({"hold_above", "reject_above", "close_after", "hold_after_reports"})
OPTIONAL |= {"trust_after"}
SWITCHES = frozenset({"two_person_rule"})
THRESHOLDS = ("hold_above", "reject_above")

Typed = Mapping[str, str]


class Unreadable(ValueError):
    """What was typed is no value of its field; `args` holds the code of the problem."""


def typed(policy: Policy, language: str) -> dict[str, str]:
    """Return a policy as the fields of its form show it."""
    return {name: _shown(name, value, language) for name, value in asdict(policy).items()}


def sent(form: Typed) -> dict[str, str]:
    """Return what was typed; a switch that is off is not sent at all."""
    return {name: form.get(name, "")[:LONGEST] for name in asdict(Policy())}


def meant(form: Typed) -> Policy:
    """Return the policy that a form asks for.

    Raises:
        InvalidRequest: with every problem at once; pointers name the policy's fields.
    """
    return _read(form, asdict(Policy()))


def thresholds_meant(form: Typed, policy: Policy) -> Policy:
    """Return `policy` with the thresholds of a form, whatever stands in its other fields.

    Raises:
        InvalidRequest: the thresholds cannot be read, or are in the wrong order.
    """
    found = _read(form, THRESHOLDS)
    return replace(policy, hold_above=found.hold_above, reject_above=found.reject_above)


def _read(form: Typed, names: Iterable[str]) -> Policy:
    values, problems = {}, []
    for name in names:
        try:
            values[name] = READERS.get(name, _text)(name, form.get(name, "").strip())
        except Unreadable as error:
            problems.append(Problem(f"/{name}", *error.args))
    policy = Policy(**values)
    try:
        check(policy)
    except InvalidRequest as error:
        problems.extend(map(_in_its_unit, error.problems))
    if problems:
        raise InvalidRequest(problems)
    return policy


def _in_its_unit(problem: Problem) -> Problem:
    """Return a problem whose limit is counted as the field is."""
    unit = UNITS.get(problem.pointer.strip("/"), SECOND)
    if unit == SECOND or "limit" not in problem.data:
        return problem
    limit = max(1, problem.data["limit"] // unit)
    return Problem(problem.pointer, problem.code, {"limit": limit})


def _shown(name: str, value: Any, language: str) -> str:
    if value is None or value is False:
        return ""
    if name in RATES:
        return rates.shown(value, language)
    if isinstance(value, timedelta):
        value = value.total_seconds() / UNITS[name]
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0").rstrip(".").replace(".", DECIMAL_MARKS[language])
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _text(_: str, text: str) -> str:
    if not text:
        raise Unreadable("empty", {})
    return text


def _rates(name: str, text: str) -> str:
    return rates.read(_text(name, text))


def _lines(_: str, text: str) -> tuple[str, ...]:
    words = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(filter(None, words)))


def _is_on(_: str, text: str) -> bool:
    return bool(text)


def _picked(name: str, text: str) -> StrEnum:
    try:
        return PICKED[name](text)
    except ValueError as error:
        raise Unreadable("not_a_choice", {"choices": ", ".join(PICKED[name])}) from error


def _number(name: str, text: str) -> float | None:
    if not text and name in OPTIONAL:
        return None
    if not NUMBER.fullmatch(text):
        raise Unreadable("not_a_figure" if text else "empty", {})
    return float(text.replace(",", "."))


def _whole(name: str, text: str) -> int | None:
    if not text and name in OPTIONAL:
        return None
    if not WHOLE.fullmatch(text):
        raise Unreadable("not_integer" if text else "empty", {})
    return int(text)


def _time(name: str, text: str) -> timedelta | None:
    number = (_number if UNITS[name] == SECOND else _whole)(name, text)
    return None if number is None else timedelta(seconds=number * UNITS[name])


READERS: Mapping[str, Callable[[str, str], Any]] = {
    **dict.fromkeys(PICKED, _picked),
    **dict.fromkeys(UNITS, _time),
    **dict.fromkeys(THRESHOLDS, _number),
    **dict.fromkeys(("maximum_links", "hold_after_reports", "trust_after"), _whole),
    **dict.fromkeys(SWITCHES, _is_on),
    **dict.fromkeys(RATES, _rates),
    "blocked_words": _lines,
}
