"""Who judges from now on: promotion past a guard, and the way back; each remembered for good."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.domain.model import Action, ModelChange
from moderation.errors import (
    ChallengerWorse,
    InvalidRequest,
    ModelIncompatible,
    ModelUntrusted,
    NotFound,
)
from moderation.learning.models import Candidate, Models
from moderation.storage.database import Database

log = structlog.get_logger()

COMPARED = 2000  # comments the guard looks at, some half a second's work
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes the champion: the holder of a token, or an account at the command line."""

    by: str
    key_id: int | None = None


def promote(
    version: str,
    actor: Actor,
    database: Database,
    models: Models,
    now: datetime,
    *,
    despite: str | None = None,
) -> ModelChange:
    """Make a version the champion, unless it is worse than the present one.

    Worse is one that takes more of the comments people published last for spam, each version by
    its own hold threshold. A champion that cannot be loaded is no measure.

    Args:
        despite: the reason to promote it even so.

    Raises:
        NotFound: there is no such version.
        ModelUntrusted, ModelIncompatible: it cannot be used.
        ChallengerWorse: see above; nothing was changed.
        InvalidRequest: the reason is empty.
        StoreUnavailable: the database is away; nothing was changed.
    """
    if despite is not None and not despite.strip():
        raise InvalidRequest.at("/reason", "missing")
    is_forced = despite is not None
    candidate = models.load(version)
    if not is_forced:
        _guard(candidate, database, models)
    previous = models.champion
    change = _change(Action.PROMOTE, previous, version, actor, now, reason=(despite or "").strip())
    with database.transaction() as transaction:
        transaction.model_changes.add(change)
        transaction.outbox.put(_event(change))
        models.promote(version)
    _tell(change)
    return change


def roll_back(actor: Actor, database: Database, models: Models, now: datetime) -> ModelChange:
    """Make the champion before the present one champion again.

    Raises:
        NothingToRollBackTo: there was none.
        NotFound, ModelUntrusted, ModelIncompatible: it cannot be used any more.
        StoreUnavailable: the database is away; nothing was changed.
    """
    previous = models.champion
    with database.transaction() as transaction:
        version = models.rollback()
        change = _change(Action.ROLLBACK, previous, version, actor, now)
        transaction.model_changes.add(change)
        transaction.outbox.put(_event(change))
    _tell(change)
    return change


def _event(change: ModelChange) -> Event:
    """Return what the webhooks of every site are told: the champion is everybody's."""
    data = {
        "action": change.action.value,
        "version": change.version,
        "previous": change.previous,
        "is_forced": change.is_forced,
    }
    return Event(change.id, EventType.MODEL_PROMOTED, None, data, change.created_at)


def _guard(candidate: Candidate, database: Database, models: Models) -> None:
    champion = _champion(models)
    if champion is None:
        return
    with database.read() as memory:
        approved = memory.labels.approved(COMPARED)
    figures = {
        "version": candidate.about.version,
        "champion": champion.about.version,
        "comments": len(approved),
        "false_positives": candidate.false_positives(approved),
        "champion_false_positives": champion.false_positives(approved),
    }
    if figures["false_positives"] > figures["champion_false_positives"]:  # type: ignore[operator]
        raise ChallengerWorse(figures)


def _champion(models: Models) -> Candidate | None:
    try:
        return models.load(models.champion) if models.champion else None
    except (NotFound, ModelUntrusted, ModelIncompatible):
        return None


def _change(
    action: Action,
    previous: str | None,
    version: str,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
) -> ModelChange:
    return ModelChange(
        id=new_id(now),
        action=action,
        previous=previous,
        version=version,
        is_forced=bool(reason),
        reason=reason,
        by=actor.by,
        key_id=actor.key_id,
        created_at=now,
    )


def _tell(change: ModelChange) -> None:
    log.warning(
        "champion_changed",
        action=change.action.value,
        previous=change.previous,
        version=change.version,
        forced=change.is_forced,
        key=change.key_id,
    )
