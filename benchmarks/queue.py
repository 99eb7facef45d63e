"""The moderators' side with 10,000 and with a million comments, on SQLite and on PostgreSQL.

Milliseconds a call, straight to the functions the API and the console use: reading takes one
transaction, deciding one with everything that belongs to it. Both sizes are asked in turn, so that
whatever else the machine does hits both. Goal: the first and the middle page of the queue at most
1.5 times as long with 1,000,000 (`QUEUE_COMMENTS`) as with 10,000 (`QUEUE_FEW`).

The databases take 2 GB each on disk and are removed afterwards, unless `QUEUE_FOLDER` names a
folder to keep them in: what is there already is measured again (within a day: figures are of the
last weeks). `QUEUE_DATABASES` leaves one of the two out.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks import postgresql
from benchmarks.queue_calls import Calls, calls_of
from benchmarks.queue_filled import Filled, filled, stock_for

FEW = int(os.environ.get("QUEUE_FEW", "10000"))
MANY = int(os.environ.get("QUEUE_COMMENTS", "1000000"))
DATABASES = os.environ.get("QUEUE_DATABASES", "SQLite PostgreSQL").split()
ROUNDS = 15
LONGEST = 3.0  # seconds; what takes longer is asked less often
LEAST = 5
GOAL = 1.5

Costs = tuple[float, float]  # with few comments, with many


def main() -> None:
    """Print milliseconds and ratios, for both databases."""
    with _folder() as folder:
        stock = stock_for(MANY, folder)
        for name in DATABASES:
            with _urls(name, folder) as url_of:
                few, many = (filled(url_of(size), size, stock) for size in (FEW, MANY))
                try:
                    _print(name, few, many)
                finally:
                    few.database.close()
                    many.database.close()


@contextmanager
def _folder() -> Iterator[Path]:
    if kept := os.environ.get("QUEUE_FOLDER"):
        Path(kept).mkdir(exist_ok=True)
        yield Path(kept).resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def _urls(name: str, folder: Path) -> Iterator[Callable[[int], str]]:
    """Yield what gives the URL of the database of so many comments."""
    if name == "SQLite":
        yield lambda size: f"sqlite:///{folder}/queue_{size}.sqlite3"
        return
    with postgresql.server(folder / "postgresql") as server:
        yield lambda size: postgresql.database(server, f"queue_{size}")


def _print(name: str, few: Filled, many: Filled) -> None:
    print(f"  {name:32} {FEW:>9,}  {MANY:>9,} comments, ms a call")
    if few.seconds and many.seconds:
        _print_line("filling, a comment", (few.seconds * 1000 / FEW, many.seconds * 1000 / MANY))
    for (what, calls), (_, of_many) in zip(calls_of(few), calls_of(many), strict=True):
        _print_line(what, _costs(calls, of_many))


def _print_line(what: str, costs: Costs) -> None:
    mark = f"   (goal ≤ {GOAL})" if what.startswith(("first", "middle")) else ""
    print(
        f"  {what:32} {costs[0]:9.2f}  {costs[1]:9.2f}   × {costs[1] / costs[0]:5.2f}{mark}",
        flush=True,
    )


def _costs(few: Calls, many: Calls) -> Costs:
    """Return the medians of some calls, made in turn, the first ones left out."""
    taken: list[Costs] = []
    began = time.perf_counter()
    for pair in zip(few, many, strict=False):
        taken.append((_milliseconds(pair[0]), _milliseconds(pair[1])))
        is_long = time.perf_counter() - began > LONGEST
        if len(taken) > (LEAST if is_long else ROUNDS):
            break
    return median(few for few, _ in taken[1:]), median(many for _, many in taken[1:])


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000
