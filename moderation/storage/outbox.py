"""The outbox: events are put here in the transaction in which they happen, and sent later."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from moderation.domain.event import Event
from moderation.domain.moment import moment
from moderation.domain.webhook import DeliveryStatus
from moderation.storage.tables.outbox import deliveries, webhooks

IN_USE = select(webhooks.c.id, webhooks.c.site_id, webhooks.c.events).where(
    webhooks.c.disabled_at.is_(None), webhooks.c.removed_at.is_(None)
)
OF_SITE = IN_USE.where(webhooks.c.site_id == bindparam("site_id"))  # asked for each new comment
PUT = insert(deliveries)


class Outbox:
    """What webhooks are to be told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, *events: Event) -> None:
        """Keep events for every webhook that asked for their type."""
        listening = self._listening({event.site_id for event in events})
        rows = [
            _values(webhook_id, event)
            for event in events
            for webhook_id, site_id, types in listening
            if event.site_id in (None, site_id) and event.type.value in types
        ]
        if rows:
            self._connection.execute(PUT, rows)

    def _listening(self, site_ids: Iterable[int | None]) -> Sequence[tuple[str, int, list[str]]]:
        sites = set(site_ids)
        found = (
            self._connection.execute(IN_USE)
            if None in sites
            else (
                row for one in sites for row in self._connection.execute(OF_SITE, {"site_id": one})
            )
        )
        return [(identifier, site_id, events.split()) for identifier, site_id, events in found]


def _values(webhook_id: str, event: Event) -> dict[str, Any]:
    body = {
        "type": event.type.value,
        "timestamp": moment(event.created_at),
        "data": dict(event.data),
    }
    return {
        "webhook_id": webhook_id,
        "event_id": event.id,
        "type": event.type.value,
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        "status": DeliveryStatus.WAITING.value,
        "attempts": 0,
        "next_at": event.created_at,
        "error": "",
        "created_at": event.created_at,
    }
