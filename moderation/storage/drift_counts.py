"""Weekly histograms: how many comments fell into each bin of a model's training data."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select, text

from moderation.domain.model import Drifting, Histogram
from moderation.storage.tables.models import drift_counts

Cell = tuple[str, str, Drifting, int]
"""Model, week, kind and number of the bin."""

COUNT = text(
    """
    INSERT INTO drift_counts (model, week, kind, bin, n) VALUES (:model, :week, :kind, :bin, :n)
    ON CONFLICT (model, week, kind, bin) DO UPDATE SET n = drift_counts.n + excluded.n
    """
)
OF_MODEL = (
    select(drift_counts)
    .where(drift_counts.c.model == bindparam("model"))
    .order_by(drift_counts.c.week.desc(), drift_counts.c.kind)
)


class DriftCounts:
    """Where the scores, and the shares of unseen features, of each week lie."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, counted: Mapping[Cell, int]) -> None:
        """Add to the histograms."""
        if counted:
            self._connection.execute(
                COUNT,
                [
                    {"model": model, "week": week, "kind": kind.value, "bin": number, "n": n}
                    for (model, week, kind, number), n in sorted(counted.items())
                ],
            )

    def of_model(self, model: str) -> tuple[Histogram, ...]:
        """Return the histograms of a model, the latest week first."""
        found: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
        for row in self._connection.execute(OF_MODEL, {"model": model}):
            found[row.week, row.kind][row.bin] = row.n
        return tuple(
            Histogram(week, Drifting(kind), counts) for (week, kind), counts in found.items()
        )
