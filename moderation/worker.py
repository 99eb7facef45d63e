"""The work that waits for nobody: second judgements and housekeeping."""

import signal
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import structlog

from moderation.config import Settings
from moderation.errors import StoreUnavailable
from moderation.services import Services, build_services
from moderation.submission.rejudge import rejudge_unscored

log = structlog.get_logger()

ROUND_SECONDS = 2.0
TIDY_EVERY = timedelta(hours=1)
ANSWERS_KEPT = timedelta(days=1)


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
    tidy_at = services.clock()
    while not wait(ROUND_SECONDS):
        try:
            judge_again(services)
            if services.clock() >= tidy_at:
                tidy(services)
                tidy_at = services.clock() + TIDY_EVERY
        except StoreUnavailable as error:
            log.warning("work_postponed", store=error.store)
        except Exception as error:
            log.error("work_failed", error=type(error).__name__)


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
