"""Child processes: tied to their parent, started again when they die, stopped in good order.

Run as a program (`python -m moderation.cli.children PARENT COMMAND…`) it ties a command that
cannot do so itself. It imports little, for that is on the way to every start.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import BinaryIO, Self

GRACE_SECONDS = 10.0
STEADY_SECONDS = 60.0
WATCH_SECONDS = 1.0
PR_SET_PDEATHSIG = 1

Report = Callable[[str, str, float], None]
Guard = Callable[[], AbstractContextManager[None]]


def stop_with(parent: int, farewell: signal.Signals = signal.SIGTERM) -> None:
    """Send `farewell` to this process when `parent`, which started it, is gone.

    Linux does it the moment the parent dies. A thread looks as well: for other systems, for a
    parent that died before this call, and to end a process that does not heed the signal.
    """
    _ask_the_kernel(farewell)
    Thread(target=_watch, args=(parent, farewell), daemon=True).start()


def _ask_the_kernel(farewell: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, farewell)


def _watch(parent: int, farewell: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), farewell)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


@dataclass(frozen=True)
class Plan:
    """What a child is.

    Attributes:
        pauses: seconds before each start after a death, the last one repeated; the count
            begins anew once a child has lived for a minute.
        log: file its output is appended to; None: it goes where ours goes.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    pauses: Sequence[float] = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
    log: Path | None = None


class Child:
    """One process, or the pause before it is started again."""

    def __init__(
        self, plan: Plan, inherited: int, uninterrupted: Guard, clock: Callable[[], float]
    ) -> None:
        self.plan = plan
        self._inherited = inherited
        self._uninterrupted = uninterrupted
        self._clock = clock
        self._deaths = 0
        self._due = 0.0
        self._started = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process in a session of its own: Ctrl-C is for the parent to hear."""
        self._started = self._clock()
        with self._uninterrupted(), self._output() as output:
            self._process = subprocess.Popen(
                self.plan.command,
                env=self.plan.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output and subprocess.STDOUT,
                pass_fds=(self._inherited,),
                start_new_session=True,
            )

    def tend(self, report: Report) -> None:
        """Start the process if it has not been, or if it died and its pause is over."""
        if self._process is not None and self._process.poll() is not None:
            self._mourn(_how(self._process.returncode), report)
        if self._process is None and self._clock() >= self._due:
            try:
                self.start()
            except OSError as error:
                self._mourn(str(error), report)

    def stop(self, seconds: float) -> None:
        """Ask the process to stop; after `seconds` end it, and all it has started."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _output(self) -> AbstractContextManager[BinaryIO | None]:
        return nullcontext() if self.plan.log is None else self.plan.log.open("ab")

    def _mourn(self, reason: str, report: Report) -> None:
        self._process = None
        if self._clock() - self._started >= STEADY_SECONDS:
            self._deaths = 0
        pause = self.plan.pauses[min(self._deaths, len(self.plan.pauses) - 1)]
        self._deaths += 1
        self._due = self._clock() + pause
        report(self.plan.name, reason, pause)


class Children:
    """All children, in the order in which they need each other.

    As a context it stops them at its end, the last added first. Each may take the time the
    others have left of GRACE_SECONDS, and at least one second.

    Args:
        inherited: a descriptor each child keeps open as long as it lives.
        report: is told a child's name, how it ended, and the seconds until it is started again.
        uninterrupted: keeps an exception of a signal handler away until a child that is being
            started is known, for otherwise nobody would stop it.
    """

    def __init__(
        self,
        inherited: int,
        report: Report,
        uninterrupted: Guard = nullcontext,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inherited = inherited
        self._report = report
        self._uninterrupted = uninterrupted
        self._clock = clock
        self._children: list[Child] = []

    def add(self, plan: Plan) -> Child:
        """Take on one more, not started yet."""
        child = Child(plan, self._inherited, self._uninterrupted, self._clock)
        self._children.append(child)
        return child

    def tend(self) -> None:
        """Look after each once: start what is not running and may be."""
        for child in self._children:
            child.tend(self._report)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        deadline = self._clock() + GRACE_SECONDS
        for child in reversed(self._children):
            child.stop(max(1.0, deadline - self._clock()))


def tied(command: Sequence[str]) -> list[str]:
    """Return `command`, stopped with this process, for a program that cannot tie itself."""
    return [sys.executable, "-m", __name__, str(os.getpid()), *command]


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _become(parent: int, command: Sequence[str]) -> None:
    """Turn into `command`: what was asked of the kernel outlives an exec."""
    _ask_the_kernel(signal.SIGTERM)
    if os.getppid() == parent:
        os.execv(command[0], list(command))  # noqa: S606


def _stand_by(parent: int, command: Sequence[str]) -> int:
    """Run `command` as a child where the kernel has nothing to ask."""
    with subprocess.Popen(command) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        stop_with(parent)
        return process.wait()


def main(arguments: Sequence[str]) -> int:
    """Run the command after the parent's number in `arguments`, tied to that parent."""
    parent, *command = arguments
    if sys.platform == "linux":
        _become(int(parent), command)
        return 1
    return _stand_by(int(parent), command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
