"""The public data that the shipped model was trained on, if it is at hand."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.dataset import Census, Example, read

CORPUS = Path(__file__).parent.parent / "classifier" / "corpus"
FOLDER = Path("data/training")


def folder() -> Path:
    """Return where the public data is: $TRAINING_DATA, or `FOLDER`."""
    return Path(os.environ.get("TRAINING_DATA") or FOLDER)


def read_all() -> list[Example] | None:
    """Return the rows of the corpus and of the public data; None, and a sentence, without them."""
    files = sorted(folder().glob("*.jsonl"))
    if not files:
        print(f"  skipped: no training data in {folder()}; set TRAINING_DATA to its folder")
        return None
    return list(read([*sorted(CORPUS.glob("*.jsonl")), *files], Census()))


def videos(examples: Sequence[Example]) -> NDArray[np.str_]:
    """Return the video that each comment of the YouTube collection stood under, else nothing."""
    video_of: dict[str, str] = {}
    for path in folder().glob("youtube*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            video_of[row["text"]] = _video(row)
    return np.array([video_of.get(example.document.text, "") for example in examples])


def _video(row: dict[str, str]) -> str:
    """Return the video in a row's name: ``Psy`` of ``Psy-12``."""
    return row["id"].rpartition("-")[0]
