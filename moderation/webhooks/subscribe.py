"""Webhooks entered, removed, given a new secret, enabled again; each is in the site's audit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from moderation.domain.audit import Kind, Note
from moderation.domain.event import EventType
from moderation.domain.identifier import new_id
from moderation.domain.key import Moderator
from moderation.domain.webhook import Delivery, Webhook
from moderation.errors import AddressRefused, AlreadyDone, InvalidRequest, TooManyWebhooks
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction
from moderation.webhooks.addresses import Addresses
from moderation.webhooks.sign import new_secret

LONGEST_URL = 2000
MOST_WEBHOOKS = 20  # of a site
FORMER_SECRET = timedelta(hours=24)  # how long deliveries are signed with the secret before, too
PORTS = {"http": 80, "https": 443}


def subscribe(
    url: str,
    events: Sequence[EventType],
    caller: Moderator,
    database: Database,
    addresses: Addresses,
    now: datetime,
    *,
    webhook_id: str | None = None,
) -> Webhook:
    """Enter a webhook of the caller's site and return it, with its secret.

    A name that nobody knows yet is accepted: the deliveries will show it.

    Args:
        webhook_id: the id it shall have, made beforehand, so that asking twice enters one.

    Raises:
        AlreadyDone: there is a webhook with that id, or was one.
        InvalidRequest: the address cannot be used, or is not public.
        TooManyWebhooks: the site has as many as one may have.
        StoreUnavailable: the database is away; nothing was entered.
    """
    check_url(url, addresses)
    types = tuple(dict.fromkeys(events))
    chosen = webhook_id or new_id(now)
    webhook = Webhook(chosen, caller.site_id, url, types, new_secret(), now)
    events_told = {"events": [one.value for one in types]}
    with database.transaction() as transaction:
        _note(transaction, "add", webhook, caller, now, events_told)  # one at a time from here on
        if transaction.webhooks.has_been(webhook.id):
            raise AlreadyDone(webhook.id)
        if len(transaction.webhooks.of_site(caller.site_id)) >= MOST_WEBHOOKS:
            raise TooManyWebhooks(MOST_WEBHOOKS)
        transaction.webhooks.add(webhook)
    return webhook


def unsubscribe(webhook_id: str, caller: Moderator, database: Database, now: datetime) -> None:
    """Tell a webhook nothing any more, not even what already waits for it.

    Raises:
        NotFound: the caller's site has no such webhook.
    """
    with database.transaction() as transaction:
        webhook = transaction.webhooks.get(webhook_id, caller.site_id)
        transaction.webhooks.remove(webhook_id, caller.site_id, now)
        transaction.deliveries.give_up(webhook_id, "webhook_removed")
        _note(transaction, "remove", webhook, caller, now)


def rotate(
    webhook_id: str,
    caller: Moderator,
    database: Database,
    now: datetime,
    *,
    seen: str | None = None,
) -> Webhook:
    """Give a webhook a new secret and return it; the present one signs beside it for a day.

    Args:
        seen: the mark of the secret that is to be replaced, None for whichever there is.

    Raises:
        AlreadyDone: that secret has been replaced.
        NotFound: the caller's site has no such webhook.
    """
    secret, until = new_secret(), now + FORMER_SECRET
    with database.transaction() as transaction:
        transaction.audit.queue_up(caller.site_id)  # one at a time from here on
        webhook = transaction.webhooks.get(webhook_id, caller.site_id)
        if seen not in (None, webhook.mark):
            raise AlreadyDone(webhook_id)
        transaction.webhooks.rotate(webhook_id, caller.site_id, secret, until)
        _note(transaction, "rotate", webhook, caller, now)
        return transaction.webhooks.get(webhook_id, caller.site_id)


def enable(webhook_id: str, caller: Moderator, database: Database, now: datetime) -> Webhook:
    """Tell a webhook again of what happens from now on; what it missed can be replayed.

    Raises:
        NotFound: the caller's site has no such webhook.
    """
    with database.transaction() as transaction:
        webhook = transaction.webhooks.get(webhook_id, caller.site_id)
        if webhook.disabled_at is not None:
            transaction.webhooks.enable(webhook_id, caller.site_id)
            _note(transaction, "enable", webhook, caller, now)
    return replace(webhook, disabled_at=None, disabled_because=None)


def replay(
    webhook_id: str, event_id: str, caller: Moderator, database: Database, now: datetime
) -> Delivery:
    """Make a delivery once more, under the same event id; return how it stands now.

    Of a webhook that is disabled it waits until that is enabled again.

    Raises:
        NotFound: the caller's site has no such webhook, or that no such delivery.
    """
    with database.transaction() as transaction:
        transaction.webhooks.get(webhook_id, caller.site_id)
        return transaction.deliveries.replay(webhook_id, event_id, now)


def check_url(url: str, addresses: Addresses) -> None:
    """Return if deliveries may be sent to an address.

    Raises:
        InvalidRequest: they may not; it points to /url.
    """
    parts = _split(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        addresses.of(host, port)
    except AddressRefused as error:
        raise InvalidRequest.at("/url", "address_refused") from error
    except (OSError, UnicodeError):
        return


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in PORTS and parts.hostname and parts.port != 0
    except ValueError as error:
        raise InvalidRequest.at("/url", "not_a_url") from error
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(' \\"<>^`{|}')
    if not (is_usable and is_plain) or len(url) > LONGEST_URL:
        raise InvalidRequest.at("/url", "not_a_url")
    if "@" in parts.netloc:
        raise InvalidRequest.at("/url", "credentials_in_url")
    return parts


def _note(
    memory: Transaction,
    action: str,
    webhook: Webhook,
    caller: Moderator,
    now: datetime,
    more: dict[str, Any] | None = None,
) -> None:
    where = {"webhook": webhook.id, "url": webhook.place}
    about = {"action": action, **where, **(more or {})}
    memory.audit.append(caller.site_id, Note(Kind.WEBHOOK, caller.label, caller.id, now, about))
