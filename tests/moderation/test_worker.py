"""The worker goes on, whatever a round of work runs into."""

import os
import sys
import threading
import time
from datetime import timedelta

import pytest
from receiving import Receiver
from structlog.testing import capture_logs

from moderation import worker
from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.domain.webhook import Webhook
from moderation.errors import StoreUnavailable
from moderation.storage.answers import KeptAnswer

HELD = EventType.COMMENT_HELD


class Rounds:
    """Lets the worker do so many rounds, and the clock move on between them."""

    def __init__(self, rounds, clock, **pause):
        self.left, self.clock, self.pause = rounds, clock, pause

    def __call__(self, seconds):
        self.left -= 1
        self.clock.move(**self.pause)
        return self.left < 0


@pytest.mark.parametrize(
    ("error", "event"),
    [(StoreUnavailable("database"), "work_postponed"), (RuntimeError("words"), "work_failed")],
)
def test_a_failed_round_is_logged_and_followed_by_another(
    services, clock, monkeypatch, error, event
):
    outcomes = iter([error, 0])

    def judge_again(_):
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(worker, "judge_again", judge_again)
    with capture_logs() as logs:
        worker.work(services, Rounds(2, clock))

    assert [entry["event"] for entry in logs] == [event]
    assert "words" not in str(logs)
    assert next(outcomes, "none left") == "none left"


def test_answers_are_forgotten_after_a_day(services, clock, site):
    def kept():
        with services.database.read() as memory:
            return memory.answers.find(site.id, "a-key", "digest")

    with services.database.transaction() as transaction:
        transaction.answers.keep(site.id, "a-key", KeptAnswer("digest", 201, "{}"), clock())

    worker.work(services, Rounds(1, clock, hours=23))
    assert kept()
    worker.work(services, Rounds(1, clock, hours=2))

    assert kept() is None
    assert timedelta(hours=1) == worker.TIDY_EVERY


def test_a_task_that_fails_stops_no_other(services, clock, monkeypatch):
    def fail(_):
        raise RuntimeError("words")

    monkeypatch.setattr(worker, "judge_again", fail)
    done = []
    monkeypatch.setattr(worker, "tidy", done.append)

    with capture_logs() as logs:
        worker.work(services, Rounds(1, clock))

    assert done == [services]
    assert [entry["event"] for entry in logs] == ["work_failed"]
    assert logs[0]["where"][-1].endswith(" fail")


def test_the_worker_scores_new_comments_with_the_challenger(
    services, clock, registry, model, remember
):
    registry.challenge(model("rival", 0.6))
    remember(score=0.1, version=registry.champion_version())

    worker.work(services, Rounds(1, clock, seconds=11))

    with services.database.read() as memory:
        assert memory.shadows.figures("rival").comments == 1


def test_shadow_scores_are_forgotten_after_90_days(services, clock, registry, model, remember):
    registry.challenge(model("rival", 0.6))
    remember(score=0.1, version=registry.champion_version())
    worker.work(services, Rounds(1, clock, seconds=11))

    def kept():
        with services.database.read() as memory:
            return memory.shadows.figures("rival").comments

    worker.work(services, Rounds(1, clock, days=89))
    assert kept() == 1
    worker.work(services, Rounds(1, clock, days=2))
    assert kept() == 0


def test_a_due_training_is_run_by_the_command_and_stopped_with_the_worker(
    services, clock, labelled, monkeypatch
):
    command = (sys.executable, "-c", "import time; time.sleep(600)")
    monkeypatch.setattr(worker, "RETRAIN", command)
    labelled()

    with capture_logs() as logs:
        worker.work(services, Rounds(3, clock, days=7))

    (began,) = [entry for entry in logs if entry["event"] == "retraining_began"]
    with pytest.raises(ProcessLookupError):
        os.kill(began["process"], 0)


def test_the_training_knows_where_the_data_is(start, environment):
    services = start(environment)

    retraining = worker.prepare_retraining(services)

    assert retraining._environment["MODERATION_DATA"] == str(services.settings.data.absolute())
    assert retraining._schedule.every == timedelta(days=7)
    assert retraining._schedule.after_labels == 200


def test_a_schedule_of_zero_never_trains(start, environment):
    zero = {"MODERATION_RETRAIN_EVERY_DAYS": "0", "MODERATION_RETRAIN_AFTER_LABELS": "0"}

    schedule = worker.prepare_retraining(start(environment | zero))._schedule

    assert (schedule.every, schedule.after_labels) == (None, None)


def test_deliveries_are_forgotten_after_30_days(services, clock, site):
    hook = Webhook(new_id(clock()), site.id, "https://a.example", (HELD,), "whsec_YQ==", clock())
    event = Event(new_id(clock()), HELD, site.id, {}, clock())
    with services.database.transaction() as transaction:
        transaction.webhooks.add(hook)
        transaction.outbox.put(event)
        transaction.deliveries.give_up(hook.id, "webhook_removed")

    def kept():
        with services.database.read() as memory:
            return memory.deliveries.page(hook.id).items

    worker.work(services, Rounds(1, clock, days=29))
    assert kept()
    worker.work(services, Rounds(1, clock, days=2))

    assert kept() == ()


def test_events_are_told_beside_the_rounds_of_the_worker(start, environment, add_site, clock, site):
    services = start(environment | {"MODERATION_WEBHOOK_ALLOW_PRIVATE": "1"})
    receiver, patience = Receiver(), threading.Event()
    hook = Webhook(new_id(clock()), site.id, receiver.url, (HELD,), "whsec_YQ==", clock())
    with services.database.transaction() as transaction:
        transaction.webhooks.add(hook)
        transaction.outbox.put(Event(new_id(clock()), HELD, site.id, {}, clock()))
    began = time.monotonic()

    with worker.beside(services):
        while not receiver.got and time.monotonic() < began + 10:
            patience.wait(0.01)
    receiver.close()

    assert len(receiver.got) == 1
    assert time.monotonic() - began < 5


def test_a_worker_that_stops_waits_for_no_receiver(start, environment, clock, site):
    services = start(environment | {"MODERATION_WEBHOOK_ALLOW_PRIVATE": "1"})
    receiver, patience = Receiver(), threading.Event()
    receiver.answer(0)
    hook = Webhook(new_id(clock()), site.id, receiver.url, (HELD,), "whsec_YQ==", clock())
    with services.database.transaction() as transaction:
        transaction.webhooks.add(hook)
        transaction.outbox.put(Event(new_id(clock()), HELD, site.id, {}, clock()))

    with worker.beside(services):
        while not receiver.got and not patience.wait(0.01):
            pass
        began = time.monotonic()
    stopped_after = time.monotonic() - began
    receiver.close()

    assert stopped_after < 3
