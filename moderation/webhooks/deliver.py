"""One delivery: leased, signed, sent, and what came of it noted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random

import structlog

from moderation.domain.audit import Kind, Note
from moderation.domain.decision import SERVICE
from moderation.domain.webhook import Because, Delivery, DeliveryStatus, Outcome, Webhook
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction
from moderation.webhooks.sign import signed_headers
from moderation.webhooks.transport import Answer, Transport

log = structlog.get_logger()

SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""What is waited after each attempt in vain: the retries of Standard Webhooks 1.0.0."""
JITTER = 0.1  # so that what failed together does not come back together
LEASE = timedelta(minutes=2)  # longer than any attempt takes; what a killed worker held is due then
LONGEST_QUIET = timedelta(hours=24)
SLOW_DOWN = frozenset({429, 502, 503, 504})
GONE = 410
HEADERS = {"Content-Type": "application/json", "User-Agent": "moderation-webhooks/1"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Makes deliveries, one at a time; safe to share between threads.

    Attributes:
        randomness: for the jitter alone.
    """

    database: Database
    transport: Transport
    clock: Callable[[], datetime]
    randomness: Random

    def due(self) -> Sequence[Webhook]:
        """Return the webhooks for which something is due."""
        with self.database.read() as memory:
            return memory.deliveries.due(self.clock())

    def deliver_next(self, webhook: Webhook, is_wanted: Callable[[], bool]) -> Outcome | None:
        """Make the next due delivery of a webhook, if there is one, and return how it went.

        No other worker sends the same at the same time. If this one dies, or the database is away
        when the outcome is to be noted, the delivery is made again, under the same event id.

        Args:
            is_wanted: whether to note how it went: not if we broke it off ourselves.

        Raises:
            StoreUnavailable: the database is away.
        """
        now = self.clock()
        with self.database.transaction() as transaction:
            delivery = transaction.deliveries.lease(webhook.id, now, now + LEASE)
            if delivery is None:
                return None
            webhook = transaction.webhooks.get(webhook.id, webhook.site_id)  # its secrets of now
        answer = self._send(delivery, webhook)
        if not is_wanted():
            return None
        now = self.clock()
        outcome = outcome_of(answer, delivery.attempts, now, self.randomness)
        with self.database.transaction() as transaction:
            _record(transaction, webhook, delivery, outcome, now)
        _tell(webhook, delivery, outcome)
        return outcome

    def _send(self, delivery: Delivery, webhook: Webhook) -> Answer:
        headers = HEADERS | signed_headers(delivery, webhook, self.clock())
        return self.transport.post(webhook.url, headers, delivery.body.encode("utf-8"))


def outcome_of(answer: Answer, attempt: int, now: datetime, randomness: Random) -> Outcome:
    """Return what an answer means for a delivery tried for the `attempt`th time.

    Args:
        attempt: 1 for the first.
    """
    code = answer.status_code
    if code is not None and 200 <= code < 300:
        return Outcome(DeliveryStatus.DELIVERED, code, "")
    error = answer.error or f"status_{code}"
    if code == GONE:
        return Outcome(DeliveryStatus.FAILED, code, error, disables=Because.GONE)
    if attempt > len(SCHEDULE):
        return Outcome(DeliveryStatus.FAILED, code, error, disables=Because.FAILING)
    delay = SCHEDULE[attempt - 1] * (1 + JITTER * randomness.random())
    quiet = _quiet(answer, now)
    if quiet is None:
        return Outcome(DeliveryStatus.WAITING, code, error, now + delay)
    return Outcome(
        DeliveryStatus.WAITING, code, error, now + max(delay, quiet), quiet_until=now + quiet
    )


def _quiet(answer: Answer, now: datetime) -> timedelta | None:
    """Return for how long to leave the receiver alone altogether, None for not at all."""
    if answer.status_code not in SLOW_DOWN and answer.error != "timed_out":
        return None
    asked = _retry_after(answer.retry_after, now)
    return max(SCHEDULE[0], min(asked, LONGEST_QUIET))


def _retry_after(header: str, now: datetime) -> timedelta:
    """Return what a Retry-After header asks for (RFC 9110, 10.2.3), zero if it asks nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return timedelta(0)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


def _record(
    memory: Transaction, webhook: Webhook, delivery: Delivery, outcome: Outcome, now: datetime
) -> None:
    memory.deliveries.record(delivery, outcome, now)
    if outcome.quiet_until is not None:
        memory.deliveries.postpone(webhook.id, outcome.quiet_until)
    because = outcome.disables
    if because and memory.webhooks.disable(webhook.id, webhook.site_id, because, now):
        memory.deliveries.give_up(webhook.id, f"webhook_{because.value}")
        where = {"webhook": webhook.id, "url": webhook.place}
        about = {"action": "disable", **where, "because": because.value}
        memory.audit.append(webhook.site_id, Note(Kind.WEBHOOK, SERVICE, None, now, about))


def _tell(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Log a failure; neither address nor text, which may hold secrets."""
    if outcome.status is DeliveryStatus.DELIVERED:
        return
    log.warning(
        "delivery_failed",
        webhook=webhook.id,
        event_id=delivery.event_id,
        attempt=delivery.attempts,
        error=outcome.error,
        disabled=outcome.disables and outcome.disables.value,
    )
