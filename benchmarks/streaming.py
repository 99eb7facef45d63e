"""Training on a large file. Goals: at least 4,000 rows a CPU second, memory grows by ≤ 300 MB.

The file is invented, `STREAMING_ROWS` rows of it (default 200,000), and removed afterwards.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = int(os.environ.get("STREAMING_ROWS", "200000"))
SPAM_SHARE = 0.2
WORDS = 40_000
GOAL_RATE = 4000
GOAL_MB = 300

_PROGRAM = """
import json, resource, sys
from classifier import evaluation, streaming, training, vectors
from classifier.features import Document
vectors.vectorise([Document("Bonjour")])
before = resource.getrusage(resource.RUSAGE_SELF)
from classifier.cli.program import main
try:
    main()
finally:
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps([cpu, (after.ru_maxrss - before.ru_maxrss) / 1024]))
"""


def main() -> None:
    """Write the file, train in a process of its own, print its rate and its growth."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.jsonl"
        _write(file, ROWS)
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, "train", file, "--stream", "--out", "models"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.getcwd(), "MODERATION_DATA": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        took = time.perf_counter() - began
        size = file.stat().st_size
    cpu, grown = json.loads(done.stdout.splitlines()[-1])
    print(f"  {ROWS:,} rows, {size / 1e6:.0f} MB, in {took:.0f} s")
    print(f"  {ROWS / cpu:8.0f} rows a CPU second     (goal ≥ {GOAL_RATE})")
    print(f"  {grown:8.0f} MB more memory at most  (goal ≤ {GOAL_MB})")


def _write(path: Path, rows: int) -> None:
    """Write rows of invented words, about 80 characters each; spam prefers some of the words."""
    chance = random.Random(0)
    letters = "aeioubcdfglmnprstvz"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(WORDS)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            is_spam = chance.random() < SPAM_SHARE
            common = [words[int(WORDS * chance.random() ** 4)] for _ in range(10)]
            telling = chance.choices(words[:200] if is_spam else words[200:400], k=3)
            text = " ".join((*common, *telling, str(number)))
            row = {"text": text, "label": "spam" if is_spam else "ham", "lang": "fr"}
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
