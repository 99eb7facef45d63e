"""Deliveries to a real receiver: signed, tried again, slowed down, given up, replayed."""

import socket
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from threading import Event as Signal
from threading import Thread

import pytest
from receiving import Receiver
from standardwebhooks import Webhook, WebhookVerificationError
from structlog.testing import capture_logs

from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.domain.webhook import Because, DeliveryStatus
from moderation.errors import NotFound
from moderation.webhooks import deliver as delivering
from moderation.webhooks.deliver import JITTER, LONGEST_QUIET, SCHEDULE, outcome_of
from moderation.webhooks.subscribe import enable, replay, rotate, unsubscribe
from moderation.webhooks.transport import Answer

DUE = timedelta(seconds=6)


def test_a_receiver_verifies_what_it_is_told_byte_for_byte(hook, happen, deliver, told, receiver):
    webhook = hook(receiver.url)
    event_id = happen(text="Été à la plage, 20\u202f€")

    deliver()

    (event,) = receiver.verified(webhook.secret)
    assert event["type"] == "comment.held"
    assert event["data"] == {"comment": {"text": "Été à la plage, 20\u202f€"}}
    assert datetime.fromisoformat(event["timestamp"])
    headers, body = receiver.got[0]
    assert "Été".encode() in body
    assert headers["webhook-id"] == event_id
    assert headers["Content-Type"] == "application/json"
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"
    (delivery,) = told(webhook)
    assert (delivery.status, delivery.status_code) == (DeliveryStatus.DELIVERED, 200)
    assert (delivery.attempts, delivery.next_at, delivery.error) == (1, None, "")
    with pytest.raises(WebhookVerificationError):
        Webhook(webhook.secret).verify(body.replace(b"plage", b"rive!"), headers)


def test_while_a_secret_is_replaced_both_of_them_verify(
    hook, happen, deliver, services, operator, clock, receiver
):
    former = hook(receiver.url)
    renewed = rotate(former.id, operator, services.database, clock())
    happen()
    deliver()
    assert renewed.secret != former.secret
    assert receiver.verified(renewed.secret) == receiver.verified(former.secret)
    assert len(receiver.got[0][0]["webhook-signature"].split(" ")) == 2

    with services.database.read() as memory:
        stored = memory.webhooks.get(former.id, former.site_id)

    assert stored.secrets(clock() + timedelta(hours=23)) == (renewed.secret, former.secret)
    assert stored.secrets(clock() + timedelta(hours=24)) == (renewed.secret,)


def test_what_failed_is_sent_again_under_the_same_id(hook, happen, deliver, told, clock, receiver):
    webhook, event_id = hook(receiver.url), happen()
    receiver.answer(500, b"a secret of theirs")

    deliver()
    (failed,) = told(webhook)
    deliver()
    assert len(receiver.got) == 1
    clock.move(seconds=DUE.total_seconds())
    deliver()

    assert (failed.status, failed.error) == (DeliveryStatus.WAITING, "status_500")
    assert timedelta(seconds=5) <= failed.next_at - failed.created_at <= DUE
    assert receiver.ids == [event_id, event_id]
    (delivery,) = told(webhook)
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.DELIVERED, 2)
    assert "secret" not in repr(failed)


def test_events_arrive_in_their_order(hook, happen, deliver, receiver, clock):
    hook(receiver.url)
    ids = []
    for _ in range(5):
        ids.append(happen())
        clock.move(milliseconds=1)

    deliver()

    assert receiver.ids == ids


def test_only_what_was_asked_for_is_told(hook, happen, deliver, receiver):
    webhook = hook(receiver.url, EventType.COMMENT_REPORTED)
    happen(EventType.COMMENT_HELD)
    happen(EventType.COMMENT_REPORTED)

    deliver()

    assert [event["type"] for event in receiver.verified(webhook.secret)] == ["comment.reported"]


def test_gone_ends_a_webhook_and_enters_it_in_the_audit(
    hook, happen, deliver, told, stands, services, receiver, clock
):
    webhook = hook(receiver.url)
    happen()
    clock.move(milliseconds=1)
    happen()
    receiver.answer(410)

    deliver()
    happen()
    deliver()

    assert len(receiver.got) == 1
    assert stands(webhook).disabled_because is Because.GONE
    assert [one.error for one in told(webhook)] == ["status_410", "webhook_gone"]
    with services.database.read() as memory:
        entry = memory.audit.last(webhook.site_id).content
        assert memory.webhooks.disabled() == 1
    assert (entry["kind"], entry["action"], entry["because"]) == ("webhook", "disable", "gone")
    assert entry["moderator"] == "service"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_receiver_that_has_enough_is_left_alone_for_as_long_as_it_asks(
    hook, happen, deliver, told, receiver, clock, status
):
    webhook = hook(receiver.url)
    happen()
    clock.move(milliseconds=1)
    happen()
    receiver.answer(status, Retry_After="120")

    deliver()
    clock.move(seconds=119)
    deliver()
    assert len(receiver.got) == 1
    clock.move(seconds=2)
    deliver()

    assert len(receiver.got) == 3
    assert {one.status for one in told(webhook)} == {DeliveryStatus.DELIVERED}


def test_a_redirect_is_a_failure_and_nobody_follows_it(hook, happen, deliver, told, receiver):
    elsewhere = Receiver()
    webhook = hook(receiver.url)
    happen()
    receiver.answer(307, Location=elsewhere.url)

    deliver()

    elsewhere.close()
    assert elsewhere.got == []
    assert told(webhook)[0].error == "status_307"


def test_a_receiver_that_hangs_holds_up_nobody_else(hook, happen, turns, told, receiver):
    other = Receiver()
    slow, quick = hook(receiver.url), hook(other.url)
    receiver.answer(0)
    happen()

    turns.begin()
    deadline = Signal()
    while not other.got and not deadline.wait(0.01):
        pass
    assert told(slow)[0].status is DeliveryStatus.WAITING
    turns.begin()  # its turn is not over: it gets no second one meanwhile
    turns.stop()

    other.close()
    assert len(other.verified(quick.secret)) == 1
    assert len(receiver.got) == 1
    (delivery,) = told(slow)
    assert (delivery.status, delivery.error) == (DeliveryStatus.WAITING, "")


def test_a_receiver_that_was_down_is_told_when_it_is_up(hook, happen, deliver, told, clock):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    webhook = hook(f"http://127.0.0.1:{port}/hook")
    ids = [happen()]
    deliver()
    clock.move(seconds=1)
    ids.append(happen())
    deliver()
    assert [one.error for one in told(webhook)] == ["not_connected", "not_connected"]

    receiver = Receiver(port)
    clock.move(seconds=DUE.total_seconds())
    deliver()

    receiver.close()
    assert receiver.ids == ids
    assert len(receiver.verified(webhook.secret)) == 2


def test_after_ten_attempts_in_vain_a_webhook_is_disabled(
    hook, happen, deliver, told, stands, receiver, clock
):
    webhook = hook(receiver.url)
    happen()
    for _ in range(10):
        receiver.answer(500)
        deliver()
        clock.move(hours=27)

    deliver()

    assert len(receiver.got) == len(SCHEDULE) + 1 == 10
    (delivery,) = told(webhook)
    assert (delivery.status, delivery.next_at) == (DeliveryStatus.FAILED, None)
    assert stands(webhook).disabled_because is Because.FAILING


def test_an_enabled_webhook_is_told_again_and_what_it_missed_can_be_replayed(
    hook, happen, deliver, told, stands, services, operator, receiver, clock
):
    webhook, event_id = hook(receiver.url), happen()
    receiver.answer(410)
    deliver()
    replay(webhook.id, event_id, operator, services.database, clock())
    deliver()
    assert len(receiver.got) == 1

    enable(webhook.id, operator, services.database, clock())
    deliver()

    assert receiver.ids == [event_id, event_id]
    assert stands(webhook).disabled_at is None
    assert told(webhook)[0].status is DeliveryStatus.DELIVERED


def test_what_has_arrived_can_be_replayed_under_its_id(
    hook, happen, deliver, services, operator, receiver, clock
):
    webhook, event_id = hook(receiver.url), happen()
    deliver()

    begun = replay(webhook.id, event_id, operator, services.database, clock())
    deliver()

    assert (begun.status, begun.attempts) == (DeliveryStatus.WAITING, 0)
    assert receiver.ids == [event_id, event_id]
    assert receiver.verified(webhook.secret)[0] == receiver.verified(webhook.secret)[1]


def test_a_removed_webhook_is_told_nothing_that_waits(
    hook, happen, deliver, services, operator, receiver, clock
):
    webhook, event_id = hook(receiver.url), happen()

    unsubscribe(webhook.id, operator, services.database, clock())
    happen()
    deliver()

    assert receiver.got == []
    with pytest.raises(NotFound):
        replay(webhook.id, event_id, operator, services.database, clock())


def test_what_did_not_happen_is_told_to_nobody(hook, deliver, services, site, receiver, clock):
    hook(receiver.url)

    event = Event(new_id(clock()), EventType.COMMENT_HELD, site.id, {}, clock())

    with services.database.transaction() as transaction:
        transaction.outbox.put(event)
        transaction._connection.rollback()
    deliver()

    assert receiver.got == []


def test_two_workers_never_send_the_same(hook, happen, services, receiver, clock):
    webhook = hook(receiver.url)
    ids = []
    for _ in range(20):
        ids.append(happen())
        clock.move(milliseconds=1)

    def work():
        while services.sender.deliver_next(webhook, lambda: True):
            pass

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(receiver.ids) == ids


def test_what_a_killed_worker_was_sending_is_sent_again(
    hook, happen, deliver, services, receiver, clock
):
    webhook, event_id = hook(receiver.url), happen()
    with services.database.transaction() as transaction:
        transaction.deliveries.lease(webhook.id, clock(), clock() + delivering.LEASE)
    deliver()
    assert receiver.got == []

    clock.move(minutes=2)
    deliver()

    assert receiver.ids == [event_id]


def test_a_log_of_a_failure_holds_neither_address_nor_text(hook, happen, services, receiver):
    webhook = hook(receiver.url + "?key=hidden")
    happen(text="Un texte de lecteur")
    receiver.answer(500, b"their words")

    with capture_logs() as logs:
        services.sender.deliver_next(webhook, lambda: True)

    assert [entry["event"] for entry in logs] == ["delivery_failed"]
    assert not any(word in str(logs) for word in ("hidden", "lecteur", "their", "127.0.0.1"))


@pytest.mark.parametrize("attempt", range(1, 10))
def test_the_pauses_are_those_of_the_specification_and_a_little_more(attempt, clock):
    now = clock()

    pauses = [
        outcome_of(Answer(500), attempt, now, Random(seed)).next_at - now for seed in range(50)
    ]

    exact = SCHEDULE[attempt - 1]
    assert exact <= min(pauses) < max(pauses) <= exact * (1 + JITTER)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("", 5),
        ("soon", 5),
        ("-3", 5),
        ("²", 5),
        ("9" * 400, LONGEST_QUIET.total_seconds()),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 5),
        ("Wed, 21 Oct 99999999999 07:28:00 GMT", 5),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_QUIET.total_seconds()),
    ],
    ids=str,
)
def test_retry_after_is_honoured_within_a_day(clock, header, seconds):
    outcome = outcome_of(Answer(429, retry_after=header), 1, clock(), Random(1))

    assert (outcome.quiet_until - clock()).total_seconds() == seconds
    assert outcome.next_at >= outcome.quiet_until


def test_retry_after_may_be_a_date(clock):
    moment = (clock() + timedelta(minutes=10)).replace(microsecond=0)
    answer = Answer(503, retry_after=format_datetime(moment, usegmt=False))

    assert outcome_of(answer, 1, clock(), Random(1)).quiet_until == moment


def test_readers_comments_are_told_in_the_order_in_which_they_happened(
    hook, send, deliver, receiver
):
    received, published = EventType.COMMENT_RECEIVED, EventType.COMMENT_PUBLISHED
    webhook = hook(receiver.url, received, published)
    sent = [send(text=f"Le marché numéro {n} a rouvert ce matin.").json["id"] for n in range(6)]

    deliver()

    told = [
        (event["data"]["comment"]["id"], event["type"])
        for event in receiver.verified(webhook.secret)
    ]
    assert told == [(one, kind) for one in sent for kind in (received, published)]
