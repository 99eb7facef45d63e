"""What is known of a version without loading it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What part a version plays."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """What is known of a version without loading it.

    Attributes
    ----------
    version : str
        Its name.
    status : Status
        Champion, challenger (the one pointed to, and any that never was champion), or retired.
    created_at : str
        When it was trained, ISO 8601; empty if it cannot be trusted.
    metrics : mapping
        Figures measured when it was trained; empty if it cannot be trusted.
    problem : str or None
        Why it must not be used.
    profiles : mapping
        Distributions over its training data, see `classifier.drift`; empty in versions without.
    """

    version: str
    status: Status
    created_at: str
    metrics: Mapping[str, Any]
    problem: str | None = None
    profiles: Mapping[str, Any] = field(default_factory=dict)
