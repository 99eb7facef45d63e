"""Progress bars on standard error, with the time left."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from classifier.dataset import Census


@contextmanager
def steps(count: int) -> Iterator[Callable[[str], None]]:
    """Show a bar of `count` steps; call what it yields before each step, with the step's name."""
    with click.progressbar(length=count, label="reading", file=sys.stderr, show_pos=True) as bar:

        def advance(step: str) -> None:
            bar.label = f"{step:24}"
            bar.update(1)

        yield advance


@contextmanager
def reading(size: int, census: Census) -> Iterator[Callable[[int], None]]:
    """Show a bar of `size` bytes, and how many rows of `census` a second; yields its advance."""
    began = time.monotonic()

    def rate(_: object) -> str:
        rows = census.spam + census.ham + census.duplicates + census.skipped.total()
        return f"{rows:,} rows, {rows / max(time.monotonic() - began, 1e-3):,.0f}/s"

    with click.progressbar(
        length=size,
        label="reading",
        file=sys.stderr,
        item_show_func=rate,
        update_min_steps=max(1, size // 1000),
    ) as bar:
        yield bar.update
