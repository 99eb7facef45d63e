"""People's decisions become a challenger: export, train in another process, check, remember."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from moderation.domain.model import Training
from moderation.errors import NothingToLearn, TrainingFailed
from moderation.learning.examples import Export, export
from moderation.learning.models import Models
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction

log = structlog.get_logger()

FEWEST = 10  # decisions of either kind, the least the classifier corrects a model by
BASELINE = "baseline"
LOCK = "retraining.lock"
DRAFTS = "retraining-"
LONGEST_REASON = 300

Train = Callable[[str, Path], str]
"""Trains on top of a version with the rows of a file, and returns the new version."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to train by itself.

    Attributes:
        every: once there is anything new; None never.
        after_labels: once there are so many new labels; None never.
    """

    every: timedelta | None
    after_labels: int | None

    def is_due(self, memory: Transaction, now: datetime) -> bool:
        """Tell whether there is enough to learn, and enough of it, or of time, has come.

        Before the first training the time counts from the first label.
        """
        last = memory.trainings.latest()
        new = memory.labels.tally(last.seen_until if last else None)
        everything = memory.labels.tally() if last and new.labels else new
        began = last.created_at if last else new.first
        if began is None or not new.labels or min(everything.spam, everything.ham) < FEWEST:
            return False
        enough = self.after_labels is not None and new.labels >= self.after_labels
        return enough or (self.every is not None and now - began >= self.every)


def retrain(
    database: Database,
    models: Models,
    train: Train,
    now: Callable[[], datetime],
    data: Path,
    *,
    is_forced: bool = False,
) -> Training:
    """Train on top of the champion (or the baseline) and make the result the challenger.

    What is learnt from is what GET /v1/labels.jsonl gives, of all sites: only what people removed
    as spam is spam. The rows are in a private folder under `data` for as long as it takes.

    Args:
        is_forced: train although there is no new label.

    Raises:
        NothingToLearn: there is no new label; or, forced or not, fewer than `FEWEST` of a kind.
        TrainingFailed: no new version came of it, or another training is under way.
        ModelUntrusted, ModelIncompatible: the new version cannot be used.
        StoreUnavailable: the database is away.
    """
    with _alone(data), _drafts(data) as folder:
        with database.read() as memory:
            _refuse_useless(memory, is_forced)
        rows = folder / "labels.jsonl"
        exported = export(database, rows)
        base = models.champion or BASELINE
        version = train(base, rows)
        models.challenge(version)
        training = _training(version, base, exported, now())
        with database.transaction() as transaction:
            transaction.trainings.add(training)
    log.info("challenger_trained", version=version, base=base, spam=training.spam, ham=training.ham)
    return training


@dataclass(frozen=True, slots=True)
class Trainer:
    """Runs `classifier train` and returns the version it made.

    Attributes:
        environment: of the other process, with the data folder in it.
        tie: makes of a command one that stops with this process.
        is_watched: its progress goes to our standard error, where somebody looks at it.
    """

    models: Path
    environment: Mapping[str, str]
    tie: Callable[[Sequence[str]], list[str]] = list
    is_watched: bool = False

    def __call__(self, base: str, rows: Path) -> str:
        """Train on `rows` on top of `base`; raises TrainingFailed."""
        words = ["-m", "classifier", "train", "--from", base, str(rows), "--out", str(self.models)]
        done = subprocess.run(
            self.tie([sys.executable, *words]),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if self.is_watched else subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise TrainingFailed(last_words(done.stderr) or f"status {done.returncode}")
        version = Path(last_words(done.stdout)).name
        if not version:
            raise TrainingFailed("it named no version")
        return version


def _refuse_useless(memory: Transaction, is_forced: bool) -> None:
    last, everything = memory.trainings.latest(), memory.labels.tally()
    if not everything.labels:
        raise NothingToLearn("there is nothing to learn: no person has decided anything yet")
    if not everything.spam or not everything.ham:
        lacking = "spam" if not everything.spam else "no spam"
        raise NothingToLearn(
            f"there is no decision that says {lacking} yet: a model needs both kinds"
        )
    if min(everything.spam, everything.ham) < FEWEST:
        raise NothingToLearn(
            f"there are too few decisions: {everything.spam} spam and {everything.ham} not, "
            f"where {FEWEST} of each are the least"
        )
    if not is_forced and last and not memory.labels.tally(last.seen_until).labels:
        raise NothingToLearn(
            f"there is no new decision since {last.version} was trained (--force trains even so)"
        )


def _training(version: str, base: str, exported: Export, now: datetime) -> Training:
    seen_until = exported.seen_until or now
    return Training(version, base, exported.spam, exported.ham, seen_until, now)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Keep other trainings on this data folder away; the kernel drops the lock with the process."""
    descriptor = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise TrainingFailed("another training is under way") from error
    finally:
        os.close(descriptor)


@contextmanager
def _drafts(data: Path) -> Iterator[Path]:
    """Make a private folder, and remove it afterwards, with any a killed training has left."""
    for left in data.glob(f"{DRAFTS}*/"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=DRAFTS, dir=data) as folder:
        yield Path(folder)


def last_words(text: str | None) -> str:
    """Return the last line of what a program said, for a log or a sentence."""
    lines = (text or "").strip().splitlines()
    return lines[-1].strip().removeprefix("Error: ")[:LONGEST_REASON] if lines else ""
