"""Deliveries: events on their way to webhooks; each is leased by one worker at a time."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)

from moderation.domain.event import EventType
from moderation.domain.page import Page
from moderation.domain.webhook import Delivery, DeliveryStatus, Outcome, Webhook
from moderation.errors import NotFound
from moderation.storage import cursors
from moderation.storage.cursors import Position
from moderation.storage.tables.outbox import deliveries, webhooks
from moderation.storage.webhooks import webhook_of

WAITING, FAILED = DeliveryStatus.WAITING.value, DeliveryStatus.FAILED.value
IN_USE = (webhooks.c.disabled_at.is_(None), webhooks.c.removed_at.is_(None))
IS_DUE = deliveries.c.next_at <= bindparam("now")
IS_ONE = (
    deliveries.c.webhook_id == bindparam("of_webhook"),
    deliveries.c.event_id == bindparam("of_event"),
)
WHO_IS_DUE = select(webhooks).where(
    *IN_USE, exists().where(deliveries.c.webhook_id == webhooks.c.id, IS_DUE)
)
DUE = (
    select(deliveries)
    .where(deliveries.c.webhook_id == bindparam("webhook_id"), IS_DUE)
    .order_by(deliveries.c.next_at, deliveries.c.number)
    .limit(1)
    .with_for_update(skip_locked=True)
)
# Whoever asks for the row in the same moment finds that it has moved, and takes none.
LEASE = (
    update(deliveries)
    .where(*IS_ONE, IS_DUE)
    .values(next_at=bindparam("until"), attempts=deliveries.c.attempts + 1)
)
RECORD = update(deliveries).where(*IS_ONE, deliveries.c.attempts == bindparam("of_attempt"))
RECORD_IN_VAIN = RECORD.where(deliveries.c.status == WAITING)
POSTPONE = (
    update(deliveries)
    .where(
        deliveries.c.webhook_id == bindparam("of_webhook"),
        deliveries.c.next_at < bindparam("until"),
    )
    .values(next_at=bindparam("until"))
)
REPLAY = (
    update(deliveries)
    .where(*IS_ONE)
    .values(status=WAITING, attempts=0, next_at=bindparam("now"), delivered_at=None)
)
GIVE_UP = (
    update(deliveries)
    .where(deliveries.c.webhook_id == bindparam("of_webhook"), deliveries.c.next_at.is_not(None))
    .values(status=FAILED, next_at=None, error=bindparam("because"))
)
OF_WEBHOOK = (
    select(deliveries)
    .where(deliveries.c.webhook_id == bindparam("webhook_id"))
    .order_by(deliveries.c.number.desc())
)
# What nobody will lease any more waits in vain: its webhook is out of use.
FORGET = delete(deliveries).where(
    deliveries.c.created_at < bindparam("moment"),
    or_(
        deliveries.c.next_at.is_(None),
        not_(exists().where(webhooks.c.id == deliveries.c.webhook_id, *IN_USE)),
    ),
)
N_WAITING = select(func.count()).select_from(deliveries).where(deliveries.c.next_at.is_not(None))


class Deliveries:
    """What is told to whom, and how that went."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, now: datetime) -> tuple[Webhook, ...]:
        """Return the webhooks in use for which something is due."""
        return tuple(map(webhook_of, self._connection.execute(WHO_IS_DUE, {"now": now})))

    def lease(self, webhook_id: str, now: datetime, until: datetime) -> Delivery | None:
        """Take the webhook's next due delivery; nobody else gets it before `until`.

        Returns:
            It, this attempt counted; None if nothing is due that nobody else is taking.
        """
        row = self._connection.execute(DUE, {"webhook_id": webhook_id, "now": now}).one_or_none()
        if row is None:
            return None
        found = _delivery(row)
        place = {"of_webhook": webhook_id, "of_event": found.event_id}
        if not self._connection.execute(LEASE, {**place, "now": now, "until": until}).rowcount:
            return None
        return replace(found, attempts=found.attempts + 1, next_at=until)

    def record(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """Note how an attempt went, unless the delivery was begun anew meanwhile.

        What was given up meanwhile stays so, unless it arrived.
        """
        arrived = outcome.status is DeliveryStatus.DELIVERED
        values = {
            "of_webhook": delivery.webhook_id,
            "of_event": delivery.event_id,
            "of_attempt": delivery.attempts,
            "status": outcome.status.value,
            "status_code": outcome.status_code,
            "error": outcome.error,
            "next_at": outcome.next_at,
            "delivered_at": now if arrived else None,
        }
        self._connection.execute(RECORD if arrived else RECORD_IN_VAIN, values)

    def postpone(self, webhook_id: str, until: datetime) -> None:
        """Let nothing be due for a webhook before `until`."""
        self._connection.execute(POSTPONE, {"of_webhook": webhook_id, "until": until})

    def give_up(self, webhook_id: str, because: str) -> None:
        """Try nothing more for a webhook."""
        self._connection.execute(GIVE_UP, {"of_webhook": webhook_id, "because": because})

    def replay(self, webhook_id: str, event_id: str, now: datetime) -> Delivery:
        """Begin a delivery anew, under the same event id; it is due at once.

        Raises:
            NotFound: the webhook has no such delivery.
        """
        place = {"of_webhook": webhook_id, "of_event": event_id}
        if not self._connection.execute(REPLAY, {**place, "now": now}).rowcount:
            raise NotFound(event_id)
        row = self._connection.execute(select(deliveries).where(*IS_ONE), place).one()
        return _delivery(row)

    def page(
        self, webhook_id: str, *, cursor: str | None = None, limit: int = 50
    ) -> Page[Delivery]:
        """Return one page of what a webhook was told, the latest event first.

        Raises:
            InvalidRequest: the cursor was changed or comes from another list.
        """
        scope = repr(("deliveries", webhook_id))
        statement = OF_WEBHOOK.limit(limit + 1)
        if cursor is not None:
            statement = statement.where(deliveries.c.number < cursors.read(scope, cursor).weight)
        found = self._connection.execute(statement, {"webhook_id": webhook_id}).all()
        shown, more = found[:limit], len(found) > limit
        return Page(
            tuple(map(_delivery, shown)), cursors.write(scope, _place(shown[-1])) if more else None
        )

    def forget_before(self, moment: datetime) -> None:
        """Drop what was put before `moment` and will not be tried again."""
        self._connection.execute(FORGET, {"moment": moment})

    def waiting(self) -> int:
        """Return how many deliveries of all sites are still to be made."""
        return int(self._connection.execute(N_WAITING).scalar_one())


def _place(row: Row[*tuple[Any, ...]]) -> Position:
    return Position(row.event_id, weight=row.number)


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    return Delivery(
        webhook_id=row.webhook_id,
        event_id=row.event_id,
        type=EventType(row.type),
        body=row.body,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        next_at=row.next_at,
        status_code=row.status_code,
        error=row.error,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
    )
