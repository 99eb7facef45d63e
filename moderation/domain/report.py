"""A reader's report about a comment ("Signaler")."""

from dataclasses import dataclass, field
from datetime import datetime

from moderation.domain.decision import Reason

REPORTABLE = (
    Reason.SPAM,
    Reason.OFFENSIVE,
    Reason.HARASSMENT_BULLYING,
    Reason.HATE_SPEECH,
    Reason.MISINFORMATION,
    Reason.ILLEGAL_CONTENT,
    Reason.OFF_TOPIC,
    Reason.PERSONAL_DATA,
    Reason.OTHER,
)
"""What readers may report, in the words moderators decide with."""


@dataclass(frozen=True, slots=True)
class Report:
    """One reader's report; a second one by the same reader about the same comment is none.

    Only that something is illegal can be said after something else, and takes its place.

    Attributes:
        id: UUID version 7.
        client: keyed hash of the reader's address.
        resolved_at: when a person decided about the comment, None until then.
    """

    id: str
    comment_id: str
    reason: Reason
    text: str = field(repr=False)
    client: str = field(repr=False)
    created_at: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A text that its author has replaced.

    Attributes:
        version: of the comment while it had this text.
        replaced_at: when the author changed it.
    """

    version: int
    text: str = field(repr=False)
    replaced_at: datetime
