"""What people's decisions could teach now, and asking the worker to learn it at once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.domain.model import Training
from moderation.errors import NothingToLearn
from moderation.learning.retrain import FEWEST
from moderation.storage.database import Database
from moderation.storage.labels import Tally
from moderation.storage.transaction import Transaction

WANTED = "retraining wanted"
FAILED = "retraining failed"
SAID = "retraining said"


class Obstacle(StrEnum):
    """Why there is nothing to learn."""

    NO_DECISION = "no_decision"
    NO_SPAM = "no_spam"
    NO_HAM = "no_ham"
    TOO_FEW = "too_few"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to learn, of all sites together.

    Attributes:
        everything: all labels there are.
        new: those made since the last training.
        last: that training, None before the first.
        wanted_at: since when somebody waits for a training; None if nobody does.
        failed_at: when the latest attempt failed; None if it did not.
        said: why it did, in the classifier's words.
    """

    everything: Tally
    new: Tally
    last: Training | None
    wanted_at: datetime | None
    failed_at: datetime | None
    said: str

    @property
    def obstacle(self) -> Obstacle | None:
        """What stands in the way of a training, None if it can begin."""
        there = self.everything
        if not there.labels:
            return Obstacle.NO_DECISION
        if not there.spam or not there.ham:
            return Obstacle.NO_HAM if there.spam else Obstacle.NO_SPAM
        if min(there.spam, there.ham) < FEWEST:
            return Obstacle.TOO_FEW
        return None if self.new.labels else Obstacle.NOTHING_NEW


def lesson(database: Database) -> Lesson:
    """Return what there is to learn now; raises StoreUnavailable."""
    with database.read() as memory:
        return _lesson(memory)


def ask(database: Database, now: datetime) -> None:
    """Ask the worker to train; it looks once a minute, and trains whatever the schedule says.

    Asking again while it is waited for changes nothing.

    Raises:
        NothingToLearn: something stands in the way; nothing was asked.
        StoreUnavailable: the database is away.
    """
    with database.transaction() as transaction:
        found = _lesson(transaction)
        if found.obstacle:
            raise NothingToLearn(found.obstacle.value)
        if found.wanted_at is None:
            transaction.marks.put(WANTED, now.isoformat())


def _lesson(memory: Transaction) -> Lesson:
    last = memory.trainings.latest()
    everything = memory.labels.tally()
    return Lesson(
        everything=everything,
        new=memory.labels.tally(last.seen_until) if last else everything,
        last=last,
        wanted_at=_moment(memory.marks.get(WANTED)),
        failed_at=_moment(memory.marks.get(FAILED)),
        said=memory.marks.get(SAID) or "",
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
