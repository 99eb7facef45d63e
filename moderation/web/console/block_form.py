"""The form that blocks somebody or something, as it was typed and as it is meant."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, ValidationError

from moderation.domain.block import BlockKind
from moderation.domain.finding import Verdict
from moderation.errors import InvalidRequest, Problem
from moderation.review.blocks import Wanted
from moderation.web.fields import problems_of
from moderation.web.values import AnyText, Identifier, Line, Query

LONGEST_REASON = 200
LONGEST_TYPED = 10_000


class Expiry(StrEnum):
    """When a block shall end."""

    NEVER = "never"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    DATE = "date"


LASTING = {
    Expiry.DAY: timedelta(days=1),
    Expiry.WEEK: timedelta(days=7),
    Expiry.MONTH: timedelta(days=30),
}


class Meant(Query):
    """What the form holds, made uniform."""

    model_config = ConfigDict(extra="ignore")

    kind: BlockKind
    pattern: AnyText = ""
    comment: Identifier = ""
    verdict: Verdict = Verdict.HOLD
    reason: Annotated[Line, Field(max_length=LONGEST_REASON)] = ""
    expiry: Expiry = Expiry.NEVER


@dataclass(frozen=True, slots=True)
class Draft:
    """A block as it was typed, or as an address proposes it.

    Attributes:
        comment: whose sender is meant; a block of that kind has no pattern.
        expires_at: a date as browsers send it, for Expiry.DATE alone: the last day.
    """

    kind: str = BlockKind.AUTHOR.value
    pattern: str = ""
    comment: str = ""
    verdict: str = Verdict.HOLD.value
    reason: str = ""
    expiry: str = Expiry.NEVER.value
    expires_at: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Draft":
        """Return what is there of a form, or of an address that fills the form in."""
        names = cls.__dataclass_fields__
        typed = {name: given[name][:LONGEST_TYPED] for name in names if name in given}
        is_sender = typed.get("kind") == BlockKind.SENDER.value
        return cls(**{**typed, "pattern" if is_sender else "comment": ""})

    @property
    def fields(self) -> dict[str, str]:
        """Return what a form has to send for the same block."""
        return asdict(self)

    def wanted(self, now: datetime, zone: ZoneInfo) -> Wanted:
        """Return the block that is meant.

        Raises:
            InvalidRequest: something in it cannot be read.
        """
        try:
            meant = Meant.model_validate(self.fields)
        except ValidationError as error:
            raise InvalidRequest(problems_of(error)) from error
        needed = ("reason",) if meant.kind is BlockKind.SENDER else ("pattern", "reason")
        empty = [Problem(f"/{name}", "empty", {}) for name in needed if not getattr(meant, name)]
        if empty:
            raise InvalidRequest(empty)
        ends = self._end(zone) if meant.expiry is Expiry.DATE else None
        if meant.expiry in LASTING:
            ends = now + LASTING[meant.expiry]
        return Wanted(
            meant.kind, meant.pattern, meant.verdict, meant.reason, ends, meant.comment or None
        )

    def _end(self, zone: ZoneInfo) -> datetime:
        """Return the end of the last day, in the newsroom's zone."""
        try:
            following = date.fromisoformat(self.expires_at) + timedelta(days=1)
            return datetime.combine(following, time(), zone).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise InvalidRequest.at("/expires_at", "not_a_date") from error
