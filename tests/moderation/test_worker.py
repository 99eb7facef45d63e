"""The worker goes on, whatever a round of work runs into."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from moderation import worker
from moderation.errors import StoreUnavailable
from moderation.storage.answers import KeptAnswer


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
