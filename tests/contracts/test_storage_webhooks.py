"""Webhooks and their deliveries: each delivery is one worker's at a time, and none is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.domain.site import Policy
from moderation.domain.webhook import Because, DeliveryStatus, Outcome, Webhook
from moderation.errors import InvalidRequest, NotFound
from moderation.storage.database import Database

MINUTE = timedelta(minutes=1)
ARRIVED = Outcome(DeliveryStatus.DELIVERED, 200, "")


@pytest.fixture
def hook(database, site, now):
    """Enter a webhook: `hook(EventType.COMMENT_HELD)`."""

    def enter(*events, of=site):
        types = events or (EventType.COMMENT_HELD, EventType.COMMENT_PUBLISHED)
        webhook = Webhook(new_id(now), of.id, "https://a.example/h", types, "whsec_one", now)
        with database.transaction() as tx:
            tx.webhooks.add(webhook)
        return webhook

    return enter


@pytest.fixture
def put(database, site, now):
    """Let something happen `after` so many seconds; return the event's id."""

    def happen(kind=EventType.COMMENT_HELD, site_id=site.id, after=0):
        moment = now + timedelta(seconds=after)
        event = Event(new_id(moment), kind, site_id, {"n": "é"}, moment)
        with database.transaction() as tx:
            tx.outbox.put(event)
        return event.id

    return happen


@pytest.fixture
def lease(database, now):
    def take(webhook, at=now, until=now + MINUTE):
        with database.transaction() as tx:
            return tx.deliveries.lease(webhook.id, at, until)

    return take


@pytest.fixture
def record(database, now):
    def note(delivery, outcome, at=now):
        with database.transaction() as tx:
            tx.deliveries.record(delivery, outcome, at)

    return note


@pytest.fixture
def told(database):
    def read(webhook):
        with database.read() as memory:
            return memory.deliveries.page(webhook.id).items

    return read


@pytest.fixture
def due(database, now):
    def read(at=now):
        with database.read() as memory:
            return {one.id for one in memory.deliveries.due(at)}

    return read


def test_a_webhook_is_read_as_it_was_written(database, hook, site):
    webhook = hook(EventType.MODEL_DRIFT)

    with database.read() as memory:
        assert memory.webhooks.get(webhook.id, site.id) == webhook
        assert memory.webhooks.of_site(site.id) == (webhook,)


def test_a_webhook_is_its_sites_alone(database, hook, site, now):
    webhook = hook()
    with database.transaction() as tx:
        other = tx.sites.add("L’autre", ["https://other.example"], "fr", Policy(), now)

    with database.transaction() as tx:
        assert tx.webhooks.of_site(other.id) == ()
        for act in (
            lambda: tx.webhooks.get(webhook.id, other.id),
            lambda: tx.webhooks.remove(webhook.id, other.id, now),
            lambda: tx.webhooks.rotate(webhook.id, other.id, "x", now),
            lambda: tx.webhooks.enable(webhook.id, other.id),
        ):
            with pytest.raises(NotFound):
                act()
        assert not tx.webhooks.disable(webhook.id, other.id, Because.GONE, now)


def test_the_secret_before_is_kept_for_a_while(database, hook, site, now):
    webhook, until = hook(), now + timedelta(hours=24)

    with database.transaction() as tx:
        tx.webhooks.rotate(webhook.id, site.id, "whsec_two", until)

    with database.read() as memory:
        found = memory.webhooks.get(webhook.id, site.id)
    assert (found.secret, found.former_secret) == ("whsec_two", "whsec_one")
    assert found.secrets(until - MINUTE) == ("whsec_two", "whsec_one")
    assert found.secrets(until) == ("whsec_two",)


def test_a_removed_webhook_is_not_there_and_its_secrets_are_forgotten(
    database, hook, site, now, put, due, engine
):
    webhook = hook()
    put()

    with database.transaction() as tx:
        tx.webhooks.remove(webhook.id, site.id, now)
    put()

    assert due() == set()
    with database.read() as memory, pytest.raises(NotFound):
        memory.webhooks.get(webhook.id, site.id)
    with engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT secret, former_secret FROM webhooks").one()
    assert tuple(row) == ("", None)


def test_a_disabled_webhook_is_told_nothing_until_it_is_enabled(
    database, hook, site, now, put, due, told
):
    webhook = hook()
    with database.transaction() as tx:
        assert tx.webhooks.disable(webhook.id, site.id, Because.FAILING, now)
        assert not tx.webhooks.disable(webhook.id, site.id, Because.GONE, now)
        assert tx.webhooks.disabled() == 1
    put()
    assert told(webhook) == ()

    with database.transaction() as tx:
        assert tx.webhooks.get(webhook.id, site.id).disabled_because is Because.FAILING
        tx.webhooks.enable(webhook.id, site.id)
        assert tx.webhooks.disabled() == 0
    put()

    assert due() == {webhook.id}


def test_a_delivery_is_leased_once_and_again_when_the_lease_is_over(hook, put, lease, due, now):
    webhook, event_id = hook(), put()
    assert due() == {webhook.id}

    first = lease(webhook)

    assert (first.event_id, first.attempts) == (event_id, 1)
    assert first.body == (
        '{"type":"comment.held","timestamp":"2026-11-23T09:30:00.123Z","data":{"n":"é"}}'
    )
    assert lease(webhook) is None
    assert due() == set()
    assert due(now + MINUTE) == {webhook.id}
    again = lease(webhook, now + MINUTE, now + 2 * MINUTE)
    assert (again.event_id, again.attempts) == (event_id, 2)


def test_what_is_due_first_is_leased_first(hook, put, lease, now):
    webhook = hook()
    second, first = put(after=2), put(after=1)

    at = now + MINUTE
    leased = [lease(webhook, at, at + MINUTE).event_id for _ in range(2)]

    assert leased == [first, second]


def test_what_happens_at_one_moment_is_told_in_the_order_it_was_put(
    database, hook, lease, told, now
):
    webhook = hook()
    events = [Event(new_id(now), EventType.COMMENT_HELD, webhook.site_id, {}, now) for _ in "12345"]
    with database.transaction() as tx:
        tx.outbox.put(*events[:3])
        tx.outbox.put(*events[3:])

    leased = [lease(webhook).event_id for _ in events]

    ids = [event.id for event in events]
    assert leased == ids
    assert [one.event_id for one in told(webhook)] == ids[::-1]


def test_two_workers_leasing_at_once_never_get_the_same(database_url, hook, put, now):
    webhook = hook()
    ids = sorted(put(after=n / 1000) for n in range(30))
    start = Barrier(4)

    def work(_):
        database, got = Database(database_url), []
        start.wait()
        try:
            for _ in range(60):
                with database.transaction() as tx:
                    leased = tx.deliveries.lease(webhook.id, now + MINUTE, now + 2 * MINUTE)
                got += [leased.event_id] if leased else []
        finally:
            database.close()
        return got

    with ThreadPoolExecutor(4) as pool:
        leased = [one for got in pool.map(work, range(4)) for one in got]

    assert sorted(leased) == ids


def test_an_outcome_is_noted(hook, put, lease, record, told, now):
    webhook = hook()
    put()
    delivery = lease(webhook)

    record(delivery, Outcome(DeliveryStatus.WAITING, 500, "status_500", now + MINUTE))
    (failed,) = told(webhook)
    record(lease(webhook, now + MINUTE), ARRIVED, now + MINUTE)
    (arrived,) = told(webhook)

    assert (failed.status_code, failed.error, failed.next_at) == (500, "status_500", now + MINUTE)
    assert failed.delivered_at is None
    assert (arrived.status, arrived.attempts) == (DeliveryStatus.DELIVERED, 2)
    assert (arrived.next_at, arrived.delivered_at) == (None, now + MINUTE)


def test_an_outcome_that_comes_late_changes_nothing(hook, put, lease, record, told, now):
    webhook = hook()
    put()
    late = lease(webhook)
    newer = lease(webhook, now + MINUTE, now + 2 * MINUTE)

    record(late, Outcome(DeliveryStatus.WAITING, 500, "status_500", now))
    (under_way,) = told(webhook)
    record(newer, ARRIVED)
    record(late, Outcome(DeliveryStatus.WAITING, 500, "status_500", now))

    assert under_way == newer
    assert told(webhook)[0].status is DeliveryStatus.DELIVERED


def test_what_was_given_up_meanwhile_stays_so_unless_it_arrived(
    database, hook, put, lease, record, told, now
):
    webhook = hook()
    put()
    delivery = lease(webhook)
    with database.transaction() as tx:
        tx.deliveries.give_up(webhook.id, "webhook_removed")

    record(delivery, Outcome(DeliveryStatus.WAITING, 500, "status_500", now))
    (given_up,) = told(webhook)
    record(delivery, ARRIVED)

    assert (given_up.status, given_up.next_at) == (DeliveryStatus.FAILED, None)
    assert given_up.error == "webhook_removed"
    assert told(webhook)[0].status is DeliveryStatus.DELIVERED


def test_nothing_is_due_for_a_webhook_that_wants_quiet(database, hook, put, due, told, now):
    webhook, other = hook(), hook()
    put()
    put(after=600)

    with database.transaction() as tx:
        tx.deliveries.postpone(webhook.id, now + 5 * MINUTE)

    assert due() == {other.id}
    assert [one.next_at - now for one in told(webhook)] == [10 * MINUTE, 5 * MINUTE]


@pytest.mark.parametrize("is_finished", [True, False])
def test_a_replayed_delivery_begins_anew_under_its_id(
    database, hook, put, lease, record, now, is_finished
):
    webhook, event_id = hook(), put()
    delivery = lease(webhook)
    if is_finished:
        record(delivery, ARRIVED)

    with database.transaction() as tx:
        begun = tx.deliveries.replay(webhook.id, event_id, now)

    assert (begun.event_id, begun.status) == (event_id, DeliveryStatus.WAITING)
    assert (begun.attempts, begun.next_at, begun.delivered_at) == (0, now, None)
    assert lease(webhook).event_id == event_id


def test_only_what_there_is_can_be_replayed(database, hook, put, now):
    webhook = hook()
    event_id = put(EventType.COMMENT_REPORTED)

    with database.transaction() as tx, pytest.raises(NotFound):
        tx.deliveries.replay(webhook.id, event_id, now)


def test_deliveries_are_listed_newest_first_and_each_once(database, hook, put):
    webhook = hook()
    ids = [put(after=n) for n in range(7)]
    seen, cursor = [], None

    with database.read() as memory:
        while True:
            page = memory.deliveries.page(webhook.id, cursor=cursor, limit=3)
            seen += [one.event_id for one in page.items]
            cursor = page.next
            if cursor is None:
                break

    assert seen == ids[::-1]


def test_a_cursor_is_good_for_its_webhook_alone(database, hook, put):
    webhook, other = hook(), hook()
    for n in range(2):
        put(after=n)

    with database.read() as memory:
        cursor = memory.deliveries.page(webhook.id, limit=1).next

    with database.read() as memory, pytest.raises(InvalidRequest):
        memory.deliveries.page(other.id, cursor=cursor)


def test_what_is_over_is_forgotten_and_what_waits_is_not(
    database, hook, put, lease, record, told, now
):
    webhook = hook()
    put()
    waiting = put(after=1)
    record(lease(webhook), ARRIVED)

    with database.transaction() as tx:
        tx.deliveries.forget_before(now + MINUTE)

    assert [one.event_id for one in told(webhook)] == [waiting]
    with database.read() as memory:
        assert memory.deliveries.waiting() == 1


def test_what_waits_for_a_webhook_out_of_use_is_forgotten(database, hook, put, told, site, now):
    webhook = hook()
    put()
    with database.transaction() as tx:
        tx.webhooks.disable(webhook.id, site.id, Because.GONE, now)

        tx.deliveries.forget_before(now + MINUTE)

    assert told(webhook) == ()


def test_a_model_concerns_the_webhooks_of_every_site(database, hook, put, due, now):
    with database.transaction() as tx:
        other = tx.sites.add("L’autre", ["https://other.example"], "fr", Policy(), now)
    ours = hook(EventType.MODEL_DRIFT)
    theirs = hook(EventType.MODEL_DRIFT, of=other)
    hook(EventType.COMMENT_HELD)

    put(EventType.MODEL_DRIFT, site_id=None)

    assert due() == {ours.id, theirs.id}


def test_of_many_that_claim_a_mark_at_once_one_wins(database_url):
    start = Barrier(8)

    def claim(_):
        database = Database(database_url, busy_timeout=timedelta(seconds=20))
        start.wait()
        try:
            with database.transaction() as tx:
                return tx.marks.claim("digest 1 1", "2026-11-23")
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(claim, range(8)))

    assert sum(won) == 1
