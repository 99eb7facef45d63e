"""What has happened, as the world outside is told of it by webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from moderation.domain.comment import Comment, Status
from moderation.domain.identifier import new_id
from moderation.domain.moment import moment

LONGEST_TEXT = 4000  # characters of a comment in an event: Standard Webhooks asks for under 20 kB


class EventType(StrEnum):
    """Types of events, in the dotted form of Standard Webhooks."""

    COMMENT_RECEIVED = "comment.received"
    COMMENT_HELD = "comment.held"
    COMMENT_PUBLISHED = "comment.published"
    COMMENT_REJECTED = "comment.rejected"
    COMMENT_EDITED = "comment.edited"
    COMMENT_REPORTED = "comment.reported"
    DECISION_UNDONE = "decision.undone"
    MODEL_PROMOTED = "model.promoted"
    MODEL_DRIFT = "model.drift"

    @classmethod
    def after(cls, status: Status) -> "EventType":
        """Return the event of a comment that now stands at `status`."""
        return STANDING[status]


STANDING = {
    Status.HELD: EventType.COMMENT_HELD,
    Status.PUBLISHED: EventType.COMMENT_PUBLISHED,
    Status.REJECTED: EventType.COMMENT_REJECTED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        id: UUID version 7; the same each time the event is told again.
        site_id: whose webhooks are told; None for those of every site.
        data: JSON types only; no e-mail address and no address of a reader.
    """

    id: str
    type: EventType
    site_id: int | None
    data: Mapping[str, Any] = field(repr=False)
    created_at: datetime

    @classmethod
    def about(cls, comment: Comment, kind: EventType, now: datetime, **more: Any) -> "Event":
        """Return an event about a comment as it now stands; `more` is added to its data."""
        return cls(new_id(now), kind, comment.site_id, {"comment": _told(comment), **more}, now)


def _told(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "site": comment.site_key,
        "thread": {"url": comment.thread_url, "title": comment.thread_title},
        "parent": comment.parent,
        "author": {"name": comment.author.name},
        "member": comment.member,
        "text": comment.text[:LONGEST_TEXT],
        "is_text_cut": len(comment.text) > LONGEST_TEXT,
        "locale": comment.locale,
        "status": comment.status.value,
        "version": comment.version,
        "score": comment.score,
        "findings": [finding.code for finding in comment.findings],
        "reports": comment.reports,
        "created_at": moment(comment.created_at),
    }
