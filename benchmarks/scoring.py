"""Scoring comments of 300 characters: one at a time, in batches, and beside scikit-learn.

Goals: one in at most 50 µs (median), 20,000 a second, 25 times as fast as `predict_proba` of a
scikit-learn pipeline with the same kinds of n-grams; batches twice as fast again.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from benchmarks import training_data
from classifier.features import Document
from classifier.hashing import CHARACTER_BITS, ORDERS, WORD_BITS
from classifier.registry import load_packaged

LENGTH = 300
COMMENTS = 4000
SLOW_ROUNDS = 300
GOAL_US, GOAL_RATE, GOAL_RATIO = 50, 20_000, 25


def main() -> None:
    """Print times, rates and ratios."""
    scorer = load_packaged()
    rows = _rows(training_data.CORPUS / "fr.jsonl")
    comments = _comments(rows, COMMENTS)
    documents = _documents(comments)
    scorer.score(_documents(_comments(rows, COMMENTS, seed=1)))  # words that readers use
    single = _median(scorer.score_one, documents)
    began = time.process_time()
    scorer.score(documents)
    batched = COMMENTS / (time.process_time() - began)
    pipeline = _pipeline(rows)
    slow = _median(lambda text: pipeline.predict_proba([text]), comments[:SLOW_ROUNDS])
    print(f"  one comment            {single * 1e6:8.1f} µs median (goal ≤ {GOAL_US})")
    print(f"                         {1 / single:8.0f} a second (goal ≥ {GOAL_RATE})")
    print(
        f"  in batches             {batched:8.0f} a second, {batched * single:.1f} × (goal ≥ 2 ×)"
    )
    print(f"  scikit-learn, one      {slow * 1e6:8.1f} µs median")
    print(f"  ratio                  {slow / single:8.1f} × (goal ≥ {GOAL_RATIO} ×)")


def _median(judge: Callable[..., object], comments: Sequence[object]) -> float:
    """Return the median time of judging one comment, in seconds."""
    times = []
    for comment in comments:
        began = time.perf_counter()
        judge(comment)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _comments(rows: list[dict[str, str]], count: int, seed: int = 0) -> list[str]:
    """Return comments of `LENGTH` characters, each put together from pieces of the corpus."""
    chance = random.Random(seed)
    texts = [row["text"] for row in rows]
    return [" ".join(chance.sample(texts, 6))[:LENGTH] for _ in range(count)]


def _documents(comments: list[str]) -> list[Document]:
    return [Document(text, lang="fr", author="Lucie Marchand") for text in comments]


def _pipeline(rows: list[dict[str, str]]) -> Pipeline:
    """Return scikit-learn's own way to do the same: hashed n-grams and a linear model."""
    vectors = FeatureUnion(
        [
            (
                "characters",
                HashingVectorizer(
                    analyzer="char_wb",
                    ngram_range=(ORDERS[0], ORDERS[-1]),
                    n_features=1 << CHARACTER_BITS,
                    strip_accents="unicode",
                ),
            ),
            (
                "words",
                HashingVectorizer(
                    ngram_range=(1, 2), n_features=1 << WORD_BITS, strip_accents="unicode"
                ),
            ),
        ]
    )
    return make_pipeline(vectors, LogisticRegression(max_iter=20, tol=0.1)).fit(
        [row["text"] for row in rows[::4]], [row["label"] for row in rows[::4]]
    )
