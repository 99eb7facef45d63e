"""Webhooks: addresses that are told of a site's events."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from moderation.domain.event import EventType
from moderation.domain.webhook import Because, Webhook
from moderation.errors import NotFound
from moderation.storage.tables.outbox import webhooks

ADD = insert(webhooks)
OF_SITE = (
    select(webhooks)
    .where(webhooks.c.site_id == bindparam("of_site"), webhooks.c.removed_at.is_(None))
    .order_by(webhooks.c.id)
)
ONE = OF_SITE.where(webhooks.c.id == bindparam("of_id"))
EVER = select(webhooks.c.id).where(webhooks.c.id == bindparam("of_id"))
IS_OURS = (
    webhooks.c.id == bindparam("of_id"),
    webhooks.c.site_id == bindparam("of_site"),
    webhooks.c.removed_at.is_(None),
)
CHANGE = update(webhooks).where(*IS_OURS)
ROTATE = CHANGE.values(former_secret=webhooks.c.secret)
DISABLE = CHANGE.where(webhooks.c.disabled_at.is_(None))
N_DISABLED = (
    select(func.count())
    .select_from(webhooks)
    .where(webhooks.c.disabled_at.is_not(None), webhooks.c.removed_at.is_(None))
)


class Webhooks:
    """Who is told of events."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, webhook: Webhook) -> None:
        """Keep a webhook."""
        self._connection.execute(ADD, _values(webhook))

    def get(self, webhook_id: str, site_id: int) -> Webhook:
        """Return one webhook of a site.

        Raises:
            NotFound: the site has no such webhook, or no longer.
        """
        values = {"of_id": webhook_id, "of_site": site_id}
        row = self._connection.execute(ONE, values).one_or_none()
        if row is None:
            raise NotFound(webhook_id)
        return webhook_of(row)

    def has_been(self, webhook_id: str) -> bool:
        """Tell whether there is a webhook with this id on any site, or was one."""
        found = self._connection.execute(EVER, {"of_id": webhook_id}).one_or_none()
        return found is not None

    def of_site(self, site_id: int) -> tuple[Webhook, ...]:
        """Return a site's webhooks, the first made first."""
        return tuple(map(webhook_of, self._connection.execute(OF_SITE, {"of_site": site_id})))

    def remove(self, webhook_id: str, site_id: int, now: datetime) -> None:
        """Tell a webhook nothing any more, for good; its secrets are forgotten.

        Raises:
            NotFound: the site has no such webhook, or no longer.
        """
        self._change(webhook_id, site_id, removed_at=now, secret="", former_secret=None)

    def rotate(self, webhook_id: str, site_id: int, secret: str, former_until: datetime) -> None:
        """Sign with a new secret from now on, and with the present one too until `former_until`.

        Raises:
            NotFound: the site has no such webhook, or no longer.
        """
        values = {"of_id": webhook_id, "of_site": site_id}
        changes = {"secret": secret, "former_until": former_until}
        if not self._connection.execute(ROTATE, values | changes).rowcount:
            raise NotFound(webhook_id)

    def disable(self, webhook_id: str, site_id: int, because: Because, now: datetime) -> bool:
        """Tell a webhook nothing until it is enabled again; tell whether it was told until now."""
        values = {"of_id": webhook_id, "of_site": site_id}
        changes = {"disabled_at": now, "disabled_because": because.value}
        return bool(self._connection.execute(DISABLE, values | changes).rowcount)

    def enable(self, webhook_id: str, site_id: int) -> None:
        """Tell a webhook of events again.

        Raises:
            NotFound: the site has no such webhook, or no longer.
        """
        self._change(webhook_id, site_id, disabled_at=None, disabled_because="")

    def disabled(self) -> int:
        """Return how many webhooks of all sites are told nothing."""
        return int(self._connection.execute(N_DISABLED).scalar_one())

    def _change(self, webhook_id: str, site_id: int, **changes: object) -> None:
        values = {"of_id": webhook_id, "of_site": site_id}
        if not self._connection.execute(CHANGE.values(**changes), values).rowcount:
            raise NotFound(webhook_id)


def webhook_of(row: Row[*tuple[Any, ...]]) -> Webhook:
    """Return the webhook that a row holds, under the names of its columns."""
    return Webhook(
        id=row.id,
        site_id=row.site_id,
        url=row.url,
        events=tuple(map(EventType, row.events.split())),
        secret=row.secret,
        created_at=row.created_at,
        former_secret=row.former_secret,
        former_until=row.former_until,
        disabled_at=row.disabled_at,
        disabled_because=Because(row.disabled_because) if row.disabled_because else None,
    )


def _values(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "site_id": webhook.site_id,
        "url": webhook.url,
        "events": f" {' '.join(webhook.events)} ",
        "secret": webhook.secret,
        "former_secret": webhook.former_secret,
        "former_until": webhook.former_until,
        "created_at": webhook.created_at,
        "disabled_at": webhook.disabled_at,
        "disabled_because": webhook.disabled_because or "",
        "removed_at": None,
    }
