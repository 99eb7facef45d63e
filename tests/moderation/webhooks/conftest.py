"""A service whose webhooks may lead to this machine, and a receiver on it."""

from datetime import UTC, datetime

import pytest
from receiving import Receiver

from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.webhooks.subscribe import subscribe
from moderation.webhooks.turns import Turns


@pytest.fixture
def environment(environment):
    return {**environment, "MODERATION_WEBHOOK_ALLOW_PRIVATE": "1"}


@pytest.fixture
def clock(clock):
    """The library that verifies knows the real time, and nothing older than five minutes."""
    clock.now = datetime.now(UTC)
    return clock


@pytest.fixture
def receiver():
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def operator(services, site, clock):
    with services.database.transaction() as transaction:
        token = transaction.keys.add(site, Role.OPERATOR, "Dominique", clock())
        return transaction.keys.by_token(token, clock()).holder


@pytest.fixture
def hook(services, operator, clock):
    """Enter a webhook: `hook(receiver.url)`."""

    def enter(url, *events):
        types = events or (EventType.COMMENT_HELD,)
        return subscribe(url, types, operator, services.database, services.addresses, clock())

    return enter


@pytest.fixture
def happen(services, site, clock):
    """Let something happen, and return the event's id."""

    def put(kind=EventType.COMMENT_HELD, text="Été à la plage"):
        event = Event(new_id(clock()), kind, site.id, {"comment": {"text": text}}, clock())
        with services.database.transaction() as transaction:
            transaction.outbox.put(event)
        return event.id

    return put


@pytest.fixture
def turns(services):
    failures = []

    def guard(task):
        try:
            task()
        except Exception as error:
            failures.append(error)

    opened = Turns(services.sender, guard)
    yield opened
    opened.stop()
    assert failures == []


@pytest.fixture
def deliver(turns):
    """Let every webhook have one turn, and wait until it is over."""

    def begin_and_wait():
        turns.begin()
        turns.wait(20)

    return begin_and_wait


@pytest.fixture
def told(services):
    """How the deliveries of a webhook stand, the oldest first."""

    def read(webhook):
        with services.database.read() as memory:
            return memory.deliveries.page(webhook.id).items[::-1]

    return read


@pytest.fixture
def stands(services):
    """How a webhook stands."""

    def read(webhook):
        with services.database.read() as memory:
            return memory.webhooks.get(webhook.id, webhook.site_id)

    return read
