"""Captcha challenges as the rest of the house sees them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Challenge:
    """A question put to a reader.

    Attributes:
        token: signed, opaque; comes back with the answer.
        locale: language the question is worded in.
        question: for the eye: "dix-neuf − 2 ="; None when it is to be drawn.
        speech: for the ear: "dix-neuf moins deux ?"; None likewise.
        expires_at: from this moment on the answer comes too late.
        is_drawn: whether the reader sees a picture in place of the question.
        is_spoken: whether the service can read the question aloud.
    """

    token: str = field(repr=False)
    locale: str
    question: str | None
    speech: str | None
    expires_at: datetime
    is_drawn: bool = False
    is_spoken: bool = False


@dataclass(frozen=True, slots=True)
class Rendering:
    """The question of a challenge, drawn or read aloud.

    Attributes:
        content: a file.
        remaining: how long the challenge may still be answered.
    """

    content: bytes = field(repr=False)
    remaining: timedelta


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gave: a token with an answer, the response to an earlier one, or work done.

    Attributes:
        altcha: payload of a proof of work, as ALTCHA's widget puts it into a form.
    """

    token: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
    response: str = field(default="", repr=False)
    altcha: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Redemption:
    """A captcha that was answered rightly.

    Attributes:
        id: of the challenge, to give it back if the comment cannot be kept.
        issued_at: when the question was asked.
        expires_at: when its memory may go.
        is_single_use: False when Redis was away, so that nobody knows whether it was used before.
        has_timing: False when a machine did the work, so that its speed tells nothing of a reader.
    """

    id: str
    site: str
    issued_at: datetime
    expires_at: datetime
    is_single_use: bool
    has_timing: bool = True
