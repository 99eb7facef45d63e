"""A webhook, an address that is told of events, and each delivery of an event to it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from moderation.domain.event import EventType


class Because(StrEnum):
    """Why a webhook is told nothing any more."""

    GONE = "gone"  # it answered 410
    FAILING = "failing"  # a delivery was tried as often as it is, in vain


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of some events of a site.

    Attributes:
        id: UUID version 7.
        secret: `whsec_` and 32 random bytes in base64, shared with the receiver alone.
        former_secret: the one before it, with which deliveries are signed too until `former_until`.
        disabled_because: why it is told nothing any more, None while it is told.
    """

    id: str
    site_id: int
    url: str
    events: tuple[EventType, ...]
    secret: str = field(repr=False)
    created_at: datetime
    former_secret: str | None = field(default=None, repr=False)
    former_until: datetime | None = None
    disabled_at: datetime | None = None
    disabled_because: Because | None = None

    @property
    def place(self) -> str:
        """Its address without path and query, where secrets may stand."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def mark(self) -> str:
        """What tells this secret from any other, without telling it."""
        return sha256(self.secret.encode()).hexdigest()

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets to sign with, the newest first."""
        if self.former_secret and self.former_until and now < self.former_until:
            return self.secret, self.former_secret
        return (self.secret,)


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a webhook.

    Attributes:
        event_id: the receiver's key against telling it twice; the same each time it is tried.
        body: JSON, as it is signed and sent.
        attempts: how often it was tried, the present attempt included.
        next_at: when it is tried next, None once nothing more will be tried.
        status_code: of the last answer, None if there was none.
        error: what was wrong last, as a code; empty if nothing was.
    """

    webhook_id: str
    event_id: str
    type: EventType
    body: str = field(repr=False)
    status: DeliveryStatus
    attempts: int
    next_at: datetime | None
    status_code: int | None
    error: str
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt at a delivery came to.

    Attributes:
        next_at: when to try again, None for never.
        disables: why its webhook is to be told nothing any more, None if it is.
        quiet_until: before which nothing else should be sent to this webhook, if it asked so.
    """

    status: DeliveryStatus
    status_code: int | None
    error: str
    next_at: datetime | None = None
    disables: Because | None = None
    quiet_until: datetime | None = None
