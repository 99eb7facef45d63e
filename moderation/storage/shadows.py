"""Shadow scores: what the challenger would have made of each comment."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from moderation.domain.finding import Verdict
from moderation.domain.model import ShadowFigures, ShadowScore
from moderation.storage.tables.models import shadow_scores

FIGURES = (
    select(shadow_scores.c.verdict, shadow_scores.c.champion_verdict, func.count().label("n"))
    .where(shadow_scores.c.model == bindparam("model"))
    .group_by(shadow_scores.c.verdict, shadow_scores.c.champion_verdict)
)
FORGET = delete(shadow_scores).where(shadow_scores.c.created_at < bindparam("moment"))


class Shadows:
    """The challenger's scores, one a comment and model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, scores: Sequence[ShadowScore]) -> None:
        """Remember scores of comments this model has not scored before."""
        if scores:
            self._connection.execute(insert(shadow_scores), [_values(score) for score in scores])

    def figures(self, model: str) -> ShadowFigures:
        """Return how `model` compares with the champion; an index answers."""
        rows = self._connection.execute(FIGURES, {"model": model})
        return ShadowFigures(
            {(Verdict(row.verdict), Verdict(row.champion_verdict)): row.n for row in rows}
        )

    def forget_before(self, moment: datetime) -> int:
        """Drop scores made before `moment` and return how many."""
        return self._connection.execute(FORGET, {"moment": moment}).rowcount


def _values(score: ShadowScore) -> dict[str, object]:
    return {
        **asdict(score),
        "verdict": score.verdict.value,
        "champion_verdict": score.champion_verdict.value,
    }
