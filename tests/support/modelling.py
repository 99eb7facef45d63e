"""Models that give every comment the same score, or one that a word decides."""

import math
from collections.abc import Mapping

import numpy as np

from classifier import artefact, features
from classifier.registry import BASELINE, Registry

PROFILES = {
    "scores": {"edges": [0.25, 0.5, 0.75], "shares": [0.25, 0.25, 0.25, 0.25]},
    "unseen": {"edges": [0.1], "shares": [0.5, 0.5]},
}


def add_model(
    registry: Registry,
    version: str,
    score: float = 0.1,
    *,
    hold: float = 0.5,
    reject: float = 0.9,
    drift: Mapping[str, object] | None = None,
    created_at: str = "2026-11-23T12:00:00+00:00",
) -> str:
    """Put a version into the registry that gives every comment `score`; return its name."""
    manifest = {
        "version": version,
        "created_at": created_at,
        "features": features.VERSION,
        "thresholds": {"hold": hold, "reject": reject},
        "metrics": {"overall": {"recall": 1.0}},
        **({"drift": drift} if drift else {}),
    }
    shipped = artefact.unpack(artefact.verify_packaged(BASELINE)).arrays
    arrays = {name: np.zeros_like(array) for name, array in shipped.items()}
    arrays["bias"] = np.array(math.log(score / (1 - score)))
    registry.add(version, manifest, arrays)
    return version
