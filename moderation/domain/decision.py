"""What a person (or the service on a model's return) decided about a comment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.domain.comment import Comment, Status
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id

SERVICE = "service"  # who decided, when the service judged again
AUTHOR = "author"  # who decided, when a changed text was judged


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
        from_status: where the comment stood before; None until it is carried out, and for
            decisions from before this was kept.
        undoes: id of the decision that this one takes back.
        batch: id of the batch it belongs to.
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
    from_status: Status | None = None
    undoes: str | None = None
    batch: str | None = None


def automatic(comment: Comment, verdict: Verdict, by: str, now: datetime) -> Decision:
    """Return the decision about a comment, as it is, that no moderator has made."""
    return Decision(
        id=new_id(now),
        comment_id=comment.id,
        verdict=verdict,
        reason=None,
        note="",
        moderator=by,
        key_id=None,
        from_version=comment.version,
        created_at=now,
        from_status=comment.status,
    )
