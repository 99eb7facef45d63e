"""The life of models: what was learnt, who changed the champion, how a challenger would judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.domain.finding import Verdict


class Action(StrEnum):
    """What changes the champion."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class ModelChange:
    """One change of champion; written once, never changed.

    Attributes:
        id: UUID version 7.
        previous: champion before it, None if there was none.
        version: champion after it.
        is_forced: it was promoted although it was found worse.
        reason: why, where it was forced; else empty.
        by: label of the token, or the name of the account that typed the command.
        key_id: number of that token; None for a command.
    """

    id: str
    action: Action
    previous: str | None
    version: str
    is_forced: bool
    reason: str
    by: str
    key_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Training:
    """One training on people's decisions.

    Attributes:
        version: what came of it.
        base: version whose correction it is.
        spam: decisions it learnt from that say spam.
        ham: those that say it is none.
        seen_until: moment of the latest of them; later ones are new.
    """

    version: str
    base: str
    spam: int
    ham: int
    seen_until: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ShadowScore:
    """What a challenger would have made of a comment, beside what the champion made of it.

    Attributes:
        verdict: by the challenger's score and the thresholds that held for the site.
        champion_verdict: by the stored score and the same rule; other findings do not count.
    """

    comment_id: str
    model: str
    score: float
    verdict: Verdict
    champion_verdict: Verdict
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ShadowFigures:
    """How a challenger compares with the champion on the same comments.

    Attributes:
        counts: comments by the challenger's verdict and the champion's.
    """

    counts: Mapping[tuple[Verdict, Verdict], int]

    @property
    def comments(self) -> int:
        """How many comments the challenger has scored."""
        return sum(self.counts.values())

    @property
    def agreement(self) -> float | None:
        """Share of the comments both give the same verdict; None without comments."""
        same = sum(n for (one, other), n in self.counts.items() if one is other)
        return same / self.comments if self.comments else None

    def challenger_share(self, verdict: Verdict) -> float | None:
        """Return the share of the comments the challenger gives `verdict`."""
        return self._share(sum(n for (one, _), n in self.counts.items() if one is verdict))

    def champion_share(self, verdict: Verdict) -> float | None:
        """Return the share of the comments the champion gives `verdict`."""
        return self._share(sum(n for (_, one), n in self.counts.items() if one is verdict))

    def _share(self, part: int) -> float | None:
        return part / self.comments if self.comments else None


class Drifting(StrEnum):
    """What is compared with the training data."""

    SCORES = "scores"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many comments of one week fell into each bin of a model's profile.

    Attributes:
        week: by ISO 8601, such as 2026-W48.
        counts: by number of the bin, from 0; empty bins may be missing.
    """

    week: str
    kind: Drifting
    counts: Mapping[int, int]

    @property
    def comments(self) -> int:
        """How many comments were counted."""
        return sum(self.counts.values())
