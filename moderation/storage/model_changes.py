"""Changes of champion, and the trainings on people's decisions: appended, never changed."""

from dataclasses import asdict

from sqlalchemy import Connection, bindparam, insert, select

from moderation.domain.model import Action, ModelChange, Training
from moderation.storage.tables.models import model_changes, trainings

CHANGES = select(model_changes).order_by(model_changes.c.id.desc()).limit(bindparam("limit"))
LATEST = select(trainings).order_by(trainings.c.created_at.desc()).limit(1)


class ModelChanges:
    """Who promoted or rolled back what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, change: ModelChange) -> None:
        """Append a change of champion."""
        values = {**asdict(change), "action": change.action.value}
        self._connection.execute(insert(model_changes), values)

    def latest(self, limit: int = 50) -> tuple[ModelChange, ...]:
        """Return the latest changes, the newest first."""
        rows = self._connection.execute(CHANGES, {"limit": limit}).mappings()
        return tuple(ModelChange(**{**row, "action": Action(row["action"])}) for row in rows)


class Trainings:
    """What was learnt from people's decisions, and up to which of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, training: Training) -> None:
        """Append a training."""
        self._connection.execute(insert(trainings), asdict(training))

    def latest(self) -> Training | None:
        """Return the last training, if there was one."""
        row = self._connection.execute(LATEST).mappings().one_or_none()
        return None if row is None else Training(**row)
