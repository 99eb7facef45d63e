"""Run every benchmark, or those named: `python -m benchmarks [accept] [captcha] …`."""

import sys
from collections.abc import Callable

from benchmarks import accepting, captcha, half_sent, memory, scoring

BENCHMARKS: dict[str, Callable[[], None]] = {
    "accepting": accepting.main,
    "scoring": scoring.main,
    "captcha": captcha.main,
    "half-sent": half_sent.main,
    "memory": memory.main,
}


def main(names: list[str]) -> None:
    """Run the benchmarks called `names`, or all."""
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
    for name in names or BENCHMARKS:
        print(f"\n{name}", flush=True)
        BENCHMARKS[name]()


main(sys.argv[1:])
