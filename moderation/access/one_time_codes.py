"""One-time codes from an app (TOTP, RFC 6238): six digits, a new one every 30 seconds."""

import hmac
from datetime import datetime, timedelta

import pyotp
import segno

STEP = timedelta(seconds=30)
ISSUER = "Moderation"
SECRET_LENGTH = 32
BASE_32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
EARLY_OR_LATE = (0, -1, 1)
"""Steps in time that are tried: clocks differ, and people type slowly."""


def new_secret() -> str:
    """Return a secret to share with an app: 32 characters of base 32, 160 bits."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Tell whether a text can be one of our secrets."""
    return len(text) == SECRET_LENGTH and BASE_32.issuperset(text)


def step_of(code: str, secret: str, now: datetime) -> int | None:
    """Return the step in time that `code` belongs to, None if it is none of today's.

    Whoever accepts a code must see to it that no step is accepted twice.
    """
    given = "".join(code.split())
    totp = pyotp.TOTP(secret)
    for offset in EARLY_OR_LATE:
        moment = now + offset * STEP
        if hmac.compare_digest(totp.at(moment).encode(), given.encode("utf-8", "replace")):
            return int(moment.timestamp() // STEP.total_seconds())
    return None


def address(secret: str, email: str) -> str:
    """Return the otpauth:// address that apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(secret: str, email: str) -> str:
    """Return that address as a QR code: SVG, to be put into a page."""
    drawn: str = segno.make(address(secret, email), error="m").svg_inline(
        scale=4, border=2, dark="#000", light="#fff"
    )
    return drawn
