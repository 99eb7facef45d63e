"""Passwords: hashed by argon2id (RFC 9106), made up where somebody needs a first one."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from moderation.errors import InvalidRequest

SHORTEST, LONGEST = 12, 200
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXRoaW5nc2FsdHk$aXMgbm9ib2R5J3MgcGFzc3dvcmQgaGVyZSwgZXZlcg"
)
"""Looks like a password's hash and is none: who is not known takes as long as who is."""

hasher = PasswordHasher()


def make_up() -> str:
    """Return a new password: 20 characters, 119 bits."""
    return secrets.token_urlsafe(15)


def encode(password: str) -> str:
    """Return what is kept of a password.

    Raises:
        InvalidRequest: it is too short or too long.
    """
    if len(password) < SHORTEST:
        raise InvalidRequest.at("/password", "too_short", limit=SHORTEST)
    if len(password) > LONGEST:
        raise InvalidRequest.at("/password", "too_long", limit=LONGEST)
    return hasher.hash(password)


def verify(password: str, encoded: str) -> bool:
    """Tell whether `encoded` was made of this password."""
    try:
        return len(password) <= LONGEST and hasher.verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False
