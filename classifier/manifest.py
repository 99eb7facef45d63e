"""What a version says of itself: its name, what it was taught, its thresholds and its figures."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import sklearn
from numpy.typing import NDArray

from classifier import drift, features
from classifier.dataset import Census, Example
from classifier.evaluation import Thresholds, evaluate


class Outcome(Protocol):
    """What comes of training, in whichever way; see `training.Trained`."""

    @property
    def held_out(self) -> NDArray[np.float64]:
        """For each example, the probability given by a model that had not seen it nor its like."""
        ...

    @property
    def thresholds(self) -> Thresholds:
        """What the model holds and rejects from."""
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays."""
        ...


def describe(
    version: str, created_at: datetime, outcome: Outcome, examples: Sequence[Example]
) -> dict[str, Any]:
    """Return the part of a manifest that is about the model: its thresholds and figures.

    The figures are those of the examples held out, each judged by a model that had not seen it.
    """
    figures = evaluate(examples, outcome.held_out, outcome.thresholds)
    return {
        "version": version,
        "created_at": created_at.isoformat(timespec="seconds"),
        "features": features.VERSION,
        "thresholds": figures.pop("thresholds"),
        "metrics": figures,
        "libraries": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    }


def describe_drift(
    scores: NDArray[np.float64], unseen: NDArray[np.float64]
) -> dict[str, drift.Profile]:
    """Return the distributions that later comments are held against; see `drift`."""
    return {"scores": drift.profile(scores), "unseen": drift.profile(unseen)}


def describe_data(paths: Sequence[Path], census: Census, seed: int) -> dict[str, Any]:
    """Return the part of a manifest that is about the data: which files, and what was in them."""
    return {
        "seed": seed,
        "files": [{"name": path.name, "sha256": _digest(path)} for path in paths],
        "spam": census.spam,
        "ham": census.ham,
        "duplicates": census.duplicates,
        "skipped": dict(census.skipped),
        "malformed": len(census.malformed),
    }


def name_version(created_at: datetime, arrays: Mapping[str, NDArray[Any]]) -> str:
    """Return a name that sorts by time and tells models apart: ``20261123T134113-3f9a2c1b``."""
    digest = hashlib.sha256(b"".join(arrays[name].tobytes() for name in sorted(arrays)))
    return f"{created_at:%Y%m%dT%H%M%S}-{digest.hexdigest()[:8]}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
