"""What a person (or the service on a model's return) decided about a comment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.domain.finding import Verdict


class Reason(StrEnum):
    """Why a comment was rejected: a closed list, in the words of Coral and the DSA."""

    SPAM = "SPAM"
    AD = "AD"
    BANNED_WORD = "BANNED_WORD"
    OFFENSIVE = "OFFENSIVE"
    ABUSIVE = "ABUSIVE"
    HARASSMENT_BULLYING = "HARASSMENT_BULLYING"
    HATE_SPEECH = "HATE_SPEECH"
    MISINFORMATION = "MISINFORMATION"
    ILLEGAL_CONTENT = "ILLEGAL_CONTENT"
    OFF_TOPIC = "OFF_TOPIC"
    PERSONAL_DATA = "PERSONAL_DATA"
    OTHER = "OTHER"


TOXIC = frozenset(
    {Reason.OFFENSIVE, Reason.ABUSIVE, Reason.HARASSMENT_BULLYING, Reason.HATE_SPEECH}
)
SPAM = frozenset({Reason.SPAM, Reason.AD})


class Label(StrEnum):
    """What a decision teaches the spam model; `other` teaches nothing."""

    SPAM = "spam"
    HAM = "ham"
    TOXIC = "toxic"
    OTHER = "other"

    @classmethod
    def of(cls, verdict: Verdict, reason: Reason | None) -> "Label":
        """Return the label of a decision; a comment removed as abusive is not spam."""
        if verdict is Verdict.PUBLISH:
            return cls.HAM
        if verdict is Verdict.REJECT and reason in SPAM:
            return cls.SPAM
        return cls.TOXIC if verdict is Verdict.REJECT and reason in TOXIC else cls.OTHER


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the append-only audit.

    Attributes:
        id: UUID version 7.
        moderator: label of the token that decided, or the name of the service's own process.
        key_id: number of that token; None for the service itself.
        from_version: the version of the comment that was seen and changed.
    """

    id: str
    comment_id: str
    verdict: Verdict
    reason: Reason | None
    note: str
    moderator: str
    key_id: int | None
    from_version: int
    created_at: datetime
