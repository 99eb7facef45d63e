"""Run every benchmark, or those named: `python -m benchmarks [accept] [captcha] …`."""

import sys
from collections.abc import Callable

from benchmarks import (
    accepting,
    captcha,
    captcha_odds,
    correction,
    embedding,
    half_sent,
    memory,
    quality,
    queue,
    reading,
    scoring,
    streaming,
)

BENCHMARKS: dict[str, Callable[[], None]] = {
    "accepting": accepting.main,
    "reading": reading.main,
    "queue": queue.main,
    "scoring": scoring.main,
    "captcha": captcha.main,
    "embedding": embedding.main,
    "half-sent": half_sent.main,
    "memory": memory.main,
    "correction": correction.main,
    "streaming": streaming.main,
}
LONG: dict[str, Callable[[], None]] = {
    "quality": quality.main,
    "captcha-odds": captcha_odds.main,
}
"""Run only when asked for by name."""


def main(names: list[str]) -> None:
    """Run the benchmarks called `names`, or all."""
    if unknown := set(names) - set(known := BENCHMARKS | LONG):
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(known)}.")
    for name in names or BENCHMARKS:
        print(f"\n{name}", flush=True)
        known[name]()


main(sys.argv[1:])
