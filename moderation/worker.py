"""The work that waits for nobody: second judgements, the life of models, housekeeping."""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from zoneinfo import ZoneInfo

import structlog

from moderation.config import Settings
from moderation.digests import Edition, send_digests
from moderation.errors import StoreUnavailable
from moderation.learning.background import Retraining
from moderation.learning.observe import Observer
from moderation.learning.retrain import Schedule
from moderation.services import Services, build_services
from moderation.submission.rejudge import rejudge_unscored
from moderation.webhooks.turns import Turns

log = structlog.get_logger()

ROUND_SECONDS = 2.0
DELIVER_SECONDS = 0.5
DIGEST_SECONDS = 30.0
PARTING_SECONDS = 1.0  # who is in the middle of something then is a daemon, and ends with us
TIDY_EVERY = timedelta(hours=1)
ANSWERS_KEPT = timedelta(days=1)
SHADOWS_KEPT = timedelta(days=90)
DELIVERIES_KEPT = timedelta(days=30)
RETRAIN = (sys.executable, "-m", "moderation", "models", "retrain")


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    services = build_services(settings)
    try:
        work(services, stop.wait)
    finally:
        services.close()


def work(services: Services, wait: Callable[[float], bool]) -> None:
    """Do a round of work each time `wait` returns false; return when it returns true."""
    observer = Observer(services.database, services.models, services.settings.drift_limit)
    retraining = prepare_retraining(services)
    tidy_at = services.clock()

    def tidy_now_and_then() -> None:
        nonlocal tidy_at
        if services.clock() >= tidy_at:
            tidy(services)
            tidy_at = services.clock() + TIDY_EVERY

    try:
        with beside(services):
            while not wait(ROUND_SECONDS):
                attempt(lambda: judge_again(services))
                attempt(lambda: observer.observe(services.clock()))
                attempt(lambda: retraining.tend(services.clock()))
                attempt(tidy_now_and_then)
    finally:
        retraining.stop()


@contextmanager
def beside(services: Services) -> Iterator[None]:
    """Tell webhooks and send digests until the end of the block, each in a thread of its own.

    Both wait for other people's servers, which must hold up nothing of ours.
    """
    stopped, turns = Event(), Turns(services.sender, attempt)
    tasks: list[tuple[float, Callable[[], object]]] = [
        (DELIVER_SECONDS, turns.begin),
        (DIGEST_SECONDS, lambda: send_what_is_due(services)),
    ]

    def repeat(seconds: float, task: Callable[[], object]) -> None:
        while not stopped.wait(seconds):
            attempt(task)

    threads = [Thread(target=repeat, args=one, daemon=True) for one in tasks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        turns.stop()
        for thread in threads:
            thread.join(PARTING_SECONDS)


def send_what_is_due(services: Services) -> int:
    """Send the digests of today, if it is time and there is a mail server; return how many."""
    if services.mail is None:
        return 0
    settings = services.settings
    zone = ZoneInfo(settings.time_zone)
    edition = Edition(zone, settings.digest_hour, f"{settings.service_url}/console")
    return send_digests(services.database, services.mail, edition, services.clock())


def attempt(task: Callable[[], object]) -> None:
    """Do a task of the round; what goes wrong with it is logged and stops no other."""
    try:
        task()
    except StoreUnavailable as error:
        log.warning("work_postponed", store=error.store)
    except Exception as error:
        log.error("work_failed", error=type(error).__name__, where=places(error))


def prepare_retraining(services: Services) -> Retraining:
    """Return what trains challengers by the schedule in the settings."""
    settings = services.settings
    days, labels = settings.retrain_every_days, settings.retrain_after_labels
    own = {
        "MODERATION_DATA": str(settings.data.absolute()),
        "MODERATION_DATABASE_URL": settings.database_url.get_secret_value(),
    }
    return Retraining(
        (*RETRAIN, "--stop-with-parent", str(os.getpid())),
        os.environ | own,
        Schedule(timedelta(days=days) if days else None, labels or None),
        services.database,
    )


def judge_again(services: Services) -> int:
    """Judge what had no score when it came in; return how many comments that was."""
    judged = rejudge_unscored(services.database, services.model, services.clock())
    if judged:
        log.info("judged_again", comments=judged)
    return judged


def tidy(services: Services) -> None:
    """Forget what need not be kept any longer."""
    with services.database.transaction() as transaction:
        transaction.answers.forget_before(services.clock() - ANSWERS_KEPT)
        transaction.shadows.forget_before(services.clock() - SHADOWS_KEPT)
        transaction.claims.forget_expired(services.clock())
        transaction.sessions.forget_expired(services.clock())
        transaction.deliveries.forget_before(services.clock() - DELIVERIES_KEPT)


def places(error: BaseException) -> list[str]:
    """Return where an error came through; its words may quote a reader and stay out."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
