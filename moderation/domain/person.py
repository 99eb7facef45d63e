"""People who sign in to the console."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who moderates, on one site or on several.

    Attributes:
        email: lower-case; what they sign in with.
        name: written into the audit.
        has_one_time_codes: whether a password alone opens nothing.
        wants_digest: whether they get a message a day.
        disabled_at: from then on they cannot sign in; None while they can.
    """

    id: int
    email: str = field(repr=False)
    name: str
    has_one_time_codes: bool
    wants_digest: bool
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody is known by.

    Attributes:
        password_hash: as argon2 writes it.
        totp_secret: of their one-time codes, None without them.
        totp_used: the latest step in time whose code was used; none is good twice.
    """

    person: Person
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(repr=False)
    totp_used: int
