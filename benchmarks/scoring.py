"""Scoring one 300-character comment with the shipped model. Goal: at most 100 µs, median."""

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.readers import TEXT
from classifier.features import Document
from classifier.keys import ensure_keys, read_keys
from classifier.registry import Registry

ROUNDS = 3000
GOAL_US = 100


def main() -> None:
    """Print the median time of one score, and the rate in batches."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        ensure_keys(data)
        registry = Registry(data / "models", read_keys(data))
        registry.install_baseline()
        scorer = registry.load_champion()
    documents = [Document(f"{n} {TEXT}"[:300], lang="fr", author="Lucie") for n in range(ROUNDS)]
    times = []
    for document in documents:
        began = time.perf_counter()
        scorer.score_one(document)
        times.append(time.perf_counter() - began)
    began = time.perf_counter()
    scorer.score(documents)
    rate = ROUNDS / (time.perf_counter() - began)
    print(f"  one comment of 300 characters  {statistics.median(times) * 1e6:6.1f} µs median")
    print(f"                                 (goal ≤ {GOAL_US} µs)")
    print(f"  in batches                     {rate:8.0f} a second")
