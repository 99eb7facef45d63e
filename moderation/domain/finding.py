"""What a check noticed about a submission, and the verdicts it may ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What happens to a comment, from the mildest to the severest."""

    PUBLISH = "publish"
    HOLD = "hold"
    REJECT = "reject"

    @property
    def severity(self) -> int:
        """0 for publish, 1 for hold, 2 for reject."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason that led to a verdict.

    Attributes:
        code: stable machine name; the sentence for people is looked up by it.
        verdict: what this finding alone asks for.
        data: the numbers behind it, JSON types only, and nothing the reader did not write.
    """

    code: str
    verdict: Verdict
    data: Mapping[str, Any] = field(default_factory=dict)


def worst(findings: Iterable[Finding]) -> Verdict:
    """Return the severest verdict among `findings`; nothing to say means publish."""
    return max((f.verdict for f in findings), key=lambda v: v.severity, default=Verdict.PUBLISH)
