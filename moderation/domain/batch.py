"""Many comments decided about at once, as one thing that can be taken back."""

from dataclasses import dataclass
from datetime import datetime

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch; its decisions name it.

    Attributes:
        id: UUID version 7.
        verdict: what was asked for; None for a batch that takes another one back.
        moderator: label of the key that asked.
        key_id: number of that key.
        count: how many comments it changed.
        undoes: id of the batch that this one takes back.
    """

    id: str
    site_id: int
    verdict: Verdict | None
    reason: Reason | None
    note: str
    moderator: str
    key_id: int
    count: int
    undoes: str | None
    created_at: datetime
