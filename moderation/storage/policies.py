"""A site's policy as JSON: times in seconds, enums by value.

A field the JSON lacks has its default, and a field unknown to this version is passed over: the
same database may serve two versions during an upgrade.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from enum import Enum
from typing import Any

from moderation.domain.site import CaptchaDisplay, CaptchaLevel, CaptchaMode, Moderation, Policy

Json = Any


def save(policy: Policy) -> dict[str, Json]:
    """Return `policy` as JSON types."""
    return {name: _plain(value) for name, value in asdict(policy).items()}


def load(document: Mapping[str, Json]) -> Policy:
    """Return the policy that `save` has written, be it in an older or newer version."""
    defaults = asdict(Policy())
    known = {name: value for name, value in document.items() if name in defaults}
    return Policy(**{name: _rich(name, value) for name, value in known.items()})


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)


READERS: dict[str, Callable[[Json], Any]] = {
    "captcha": CaptchaMode,
    "captcha_level": CaptchaLevel,
    "captcha_display": CaptchaDisplay,
    "moderation": Moderation,
    "blocked_words": tuple,
    "minimum_answer": _seconds,
    "close_after": _seconds,
    "edit_window": _seconds,
}


def _rich(name: str, value: Json) -> Any:
    return READERS[name](value) if name in READERS else value


def _plain(value: Any) -> Json:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
