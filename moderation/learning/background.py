"""The retraining a worker runs beside its rounds: one other process at a time, of low priority."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

import structlog

from moderation.learning.retrain import Schedule, last_words
from moderation.learning.teaching import FAILED, SAID, WANTED
from moderation.storage.database import Database

log = structlog.get_logger()

PAUSE = timedelta(hours=1)
LOOK_EVERY = timedelta(minutes=1)
NICENESS = 19
STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Running:
    """A training under way, and what it says of itself."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]


class Retraining:
    """Starts a training when one is due, and sees to its end. For one thread."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        schedule: Schedule,
        database: Database,
        start: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen,
    ) -> None:
        self._command, self._environment = command, environment
        self._schedule, self._database = schedule, database
        self._start_process = start
        self._running: Running | None = None
        self._look_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether a training is under way."""
        return self._running is not None

    def tend(self, now: datetime) -> None:
        """Look after the training, or whether one is due; never waits for it.

        Raises:
            StoreUnavailable: the database is away; the next round looks again.
        """
        if self._running is not None:
            self._see_to(self._running, now)
        elif self._look_at is None or now >= self._look_at:
            if self._is_due(now):
                self._begin()
            self._look_at = now + LOOK_EVERY

    def stop(self) -> None:
        """End the training, with everything it has started."""
        if self._running is None:
            return
        process = self._running.process
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running.said.close()
        self._running = None

    def _is_due(self, now: datetime) -> bool:
        with self._database.read() as memory:
            if memory.marks.get(WANTED):
                return True
            failed = memory.marks.get(FAILED)
            if failed and now - datetime.fromisoformat(failed) < PAUSE:
                return False
            return self._schedule.is_due(memory, now)

    def _begin(self) -> None:
        said = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the process runs
        process = self._start_process(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        self._running = Running(process, said)
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        log.info("retraining_began", process=process.pid)

    def _see_to(self, running: Running, now: datetime) -> None:
        status = running.process.poll()
        if status is None:
            return
        reason = last_words(_read(running.said)) if status else ""
        self._note_end(now, reason, is_failure=bool(status))
        if status:
            log.error("retraining_failed", status=status, reason=reason)
        else:
            log.info("retraining_ended")
        running.said.close()
        self._running = None

    def _note_end(self, now: datetime, reason: str, *, is_failure: bool) -> None:
        """Keep how it went, and that nobody waits for it any more."""
        with self._database.transaction() as transaction:
            transaction.marks.put(FAILED, now.isoformat() if is_failure else "")
            transaction.marks.put(SAID, reason)
            transaction.marks.put(WANTED, "")


def _read(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode("utf-8", "replace")
