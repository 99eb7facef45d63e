"""Captcha challenges as the rest of the house sees them."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Challenge:
    """A question put to a reader.

    Attributes:
        token: signed, opaque; comes back with the answer.
        locale: language the question is worded in.
        question: for the eye: "dix-neuf − 2 =".
        speech: for the ear: "dix-neuf moins deux ?".
        expires_at: from this moment on the answer comes too late.
    """

    token: str = field(repr=False)
    locale: str
    question: str
    speech: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gave: a token with an answer, or the response to an earlier answer."""

    token: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
    response: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Redemption:
    """A captcha that was answered rightly.

    Attributes:
        id: of the challenge, to give it back if the comment cannot be kept.
        issued_at: when the question was asked.
        expires_at: when its memory may go.
        is_single_use: False when Redis was away, so that nobody knows whether it was used before.
    """

    id: str
    site: str
    issued_at: datetime
    expires_at: datetime
    is_single_use: bool
