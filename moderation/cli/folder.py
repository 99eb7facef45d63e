"""The data folder: private, and in the hands of one running service at a time."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

SERVICE_LOCK = "run.lock"
CHILDREN_LOCK = "children.lock"
PRIVATE = 0o700
PATIENCE_SECONDS = 20.0  # an orphan is given 10 s to stop before it is ended


def make(folder: Path) -> None:
    """Make the data folder if it is not there, for this user alone.

    Raises:
        click.ClickException: it cannot be made.
    """
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"The data folder cannot be used: {error}.") from error


@contextmanager
def occupied(folder: Path, note: Callable[[str], None]) -> Iterator[int]:
    """Keep `folder` to this process and what it starts; make it if it is not there.

    Two locks, for two different neighbours. `run.lock` is this process's alone and is gone with
    it, however it ends: while it is held, a second start is refused. `children.lock` is also
    held by every process that inherits the yielded descriptor: after a SIGKILL those need a
    moment to stop, and a second Valkey on their files would spoil them, so a start waits.
    The kernel drops both locks with the last process that holds them; neither can be stale.

    Raises:
        click.ClickException: the folder cannot be used, or is in use.
    """
    make(folder)
    with os.fdopen(_open(folder / SERVICE_LOCK), "r+") as file:
        if not _lock(file.fileno()):
            raise click.ClickException(_in_use(folder, file.read().strip()))
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        with os.fdopen(_open(folder / CHILDREN_LOCK), "r+") as children:
            _wait_for(children.fileno(), folder, note)
            yield children.fileno()


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # closed on exec, as always in Python
    except OSError as error:
        raise click.ClickException(f"The data folder cannot be used: {error}.") from error


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_use(folder: Path, process: str) -> str:
    return (
        f"The service is already running on {folder} (process {process or 'unknown'}). "
        "Stop it first, or name another folder with MODERATION_DATA."
    )


def _wait_for(children: int, folder: Path, note: Callable[[str], None]) -> None:
    if _lock(children):
        return
    note("Waiting for what an earlier run left behind to stop…")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _lock(children):
        if time.monotonic() > deadline:
            raise click.ClickException(
                f"Processes of an earlier run still use {folder}. Stop them first."
            )
        time.sleep(0.1)
