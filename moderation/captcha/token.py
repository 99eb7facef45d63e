"""Signed tokens: a challenge, or the response to one, that nobody has to store.

A token is the base64url text of a packed `Ticket`, a full stop, and an HMAC-SHA256 of that text.
Every purpose has its own key, derived from the secret, so a token of one kind is never taken for
the other. Everything random about a challenge (its puzzle, wording, drawing and voice) grows from
seeds, which are keyed digests of its id: whoever has the secret can draw the very same challenge
again from its token, and nobody else can try answers on a token they hold.

itsdangerous signs in the same manner, and was measured: 36 µs for a challenge and its answer with
one secret, 49 µs with three, because it derives its keys anew for each signature. Here it is 25 µs,
seeds included. It also compares signatures once decoded, so that a token has several spellings.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from struct import Struct

from moderation.domain.site import CaptchaDisplay, CaptchaLevel
from moderation.errors import CaptchaExpired, CaptchaFailed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SUBJECT_LENGTH = 16  # bytes
NO_SUBJECT = bytes(SUBJECT_LENGTH)
LAYOUT = Struct(f">16sqq{SUBJECT_LENGTH}s")  # id, issued and expires in µs, subject
SEPARATOR = "\n"  # between the texts that follow: locale, level, display, site


class Purpose(Enum):
    """What a key is for, and the salt that makes it another key than the others."""

    CHALLENGE = b"moderation.captcha.challenge"
    RESPONSE = b"moderation.captcha.response"
    PUZZLE = b"moderation.captcha.puzzle"
    DRAWING = b"moderation.captcha.drawing"
    SPEECH = b"moderation.captcha.speech"


SEEDED = (Purpose.PUZZLE, Purpose.DRAWING, Purpose.SPEECH)


@dataclass(frozen=True, slots=True)
class Seeds:
    """Where the randomness of one challenge comes from: 32 bytes each, unknown to the reader.

    They are apart, so that whoever works out how a drawing was distorted learns nothing of the
    puzzle in it.
    """

    puzzle: bytes = field(repr=False)
    drawing: bytes = field(repr=False)
    speech: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says.

    Attributes:
        id: 32 hexadecimal digits, drawn anew for each token.
        site: public key of the site it is good for.
        issued_at: when the question was asked, to the microsecond.
        expires_at: from this moment on the token is good for nothing.
        subject: hash of the one thing it is good for, 16 bytes; zeros: for anything.
        locale: language of the question.
        level: how hard it is.
        display: how it is shown.
        seeds: of the puzzle, once a challenge was signed or read; None in a response.
    """

    id: str
    site: str
    issued_at: datetime
    expires_at: datetime
    subject: bytes = NO_SUBJECT
    locale: str = ""
    level: CaptchaLevel = CaptchaLevel.NORMAL
    display: CaptchaDisplay = CaptchaDisplay.TEXT
    seeds: Seeds | None = field(default=None, repr=False)

    def is_about(self, subject: bytes) -> bool:
        """Tell whether the token is good for `subject`: its own, or any if it has none."""
        return self.subject in (NO_SUBJECT, subject)


class ChallengeKeys:
    """Signs tokens with the newest secret, and reads those signed with any.

    To rotate, put a new secret first and remove the old one when the lifetime of its tokens
    has passed.

    Args:
        secrets: newest first, at least one, each 32 random bytes or more.
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        if not secrets or not all(secrets):
            raise ValueError("captcha tokens need at least one secret, and none that is empty")
        self._keys = {
            purpose: tuple(hmac.digest(secret, purpose.value, "sha256") for secret in secrets)
            for purpose in Purpose
        }

    def seeded(self, ticket: Ticket) -> Ticket:
        """Return the `ticket` of a challenge that is about to be signed, with its seeds."""
        return self._seeded(ticket, 0)

    def sign_challenge(self, ticket: Ticket) -> str:
        """Return the token of a challenge."""
        return self._sign(Purpose.CHALLENGE, ticket)

    def read_challenge(self, token: str, now: datetime, site: str | None = None) -> Ticket:
        """Return what the token of a challenge says; `site` is the only one it may be for.

        Raises:
            CaptchaFailed: it is not ours, or is for another site.
            CaptchaExpired: it is ours, and too old.
        """
        return self._seeded(*self._read(Purpose.CHALLENGE, token, now, site))

    def sign_response(self, ticket: Ticket) -> str:
        """Return the token that stands for a challenge answered rightly."""
        return self._sign(Purpose.RESPONSE, ticket)

    def read_response(self, token: str, now: datetime, site: str | None = None) -> Ticket:
        """Return what the token of a response says, as `read_challenge` does for a challenge."""
        return self._read(Purpose.RESPONSE, token, now, site)[0]

    def _seeded(self, ticket: Ticket, secret: int) -> Ticket:
        keys = (self._keys[purpose][secret] for purpose in SEEDED)
        seeds = Seeds(*(hmac.digest(key, ticket.id.encode(), "sha256") for key in keys))
        return replace(ticket, seeds=seeds)

    def _sign(self, purpose: Purpose, ticket: Ticket) -> str:
        content = _encode(_pack(ticket))
        return (b"%b.%b" % (content, _seal(self._keys[purpose][0], content))).decode()

    def _read(
        self, purpose: Purpose, token: str, now: datetime, site: str | None
    ) -> tuple[Ticket, int]:
        """Return the ticket, and the number of the secret it was signed with."""
        content, _, seal = token.encode("ascii", "replace").rpartition(b".")
        secret = self._find_secret(purpose, content, seal)
        ticket = _unpack(urlsafe_b64decode(content + b"=="))
        if site is not None and ticket.site != site:
            raise CaptchaFailed("the token was made for another site")
        if now >= ticket.expires_at:
            raise CaptchaExpired("the token has expired")
        return ticket, secret

    def _find_secret(self, purpose: Purpose, content: bytes, seal: bytes) -> int:
        for number, key in enumerate(self._keys[purpose]):
            if hmac.compare_digest(_seal(key, content), seal):
                return number
        raise CaptchaFailed("the token was not signed here")


def _seal(key: bytes, content: bytes) -> bytes:
    """Return the signature as text.

    Signatures are compared as text, because several texts decode to the same bytes and only one
    of them is the token that was issued.
    """
    return _encode(hmac.digest(key, content, "sha256"))


def _encode(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def _pack(ticket: Ticket) -> bytes:
    issued_at, expires_at = _microseconds(ticket.issued_at), _microseconds(ticket.expires_at)
    head = LAYOUT.pack(bytes.fromhex(ticket.id), issued_at, expires_at, ticket.subject)
    texts = (ticket.locale, ticket.level, ticket.display, ticket.site)
    return head + SEPARATOR.join(texts).encode()


def _unpack(data: bytes) -> Ticket:
    identifier, issued_at, expires_at, subject = LAYOUT.unpack_from(data)
    locale, level, display, site = data[LAYOUT.size :].decode().split(SEPARATOR, 3)
    return Ticket(
        identifier.hex(),
        site,
        EPOCH + timedelta(microseconds=issued_at),
        EPOCH + timedelta(microseconds=expires_at),
        subject,
        locale,
        CaptchaLevel(level),
        CaptchaDisplay(display),
    )


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
