"""Servers under measurement: ours as operators start it, and a bare Flask beside it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

WORKERS, THREADS = 2, 4
START_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A running server, and what it costs.

    Attributes:
        keys: contents of demo.json; empty for the bare server.
        data: the data folder.
    """

    def __init__(self, port: int, root: int, data: Path) -> None:
        self.port = port
        self.root = root
        self.data = data
        path = data / "demo.json"
        self.keys: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    def connect(self) -> HTTPConnection:
        """Return a connection that is kept alive."""
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def cpu_seconds(self) -> float:
        """Return the CPU time of the web server's processes so far, user and system."""
        return sum(_cpu(pid) for pid in _family(self.root) if _is_web(pid))


@contextmanager
def service(**settings: str) -> Iterator[Server]:
    """Run the whole service on a fresh data folder, without limits unless told otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"MODERATION_DATA": folder, "MODERATION_LIMITS": "off", **settings}
        command = [sys.executable, "-m", "moderation", "run"]
        with _running(command, environment, "MODERATION_PORT", Path(folder)) as server:
            yield server


@contextmanager
def bare() -> Iterator[Server]:
    """Run a Flask application that answers a JSON POST, on the same web server."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-access-log"),
        *("--host", "127.0.0.1", "--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
        "benchmarks.bare:app",
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        _running(command, {}, "GRANIAN_PORT", Path(folder)) as server,
    ):
        yield server


@contextmanager
def _running(
    command: list[str], settings: dict[str, str], port_variable: str, data: Path
) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, **settings, port_variable: str(port)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(port, process)
            yield Server(port, process.pid, data)
        finally:
            process.send_signal(signal.SIGTERM)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    sys.exit("The server under measurement did not start.")


def _family(root: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    family = [root]
    for pid in family:
        family += children.get(pid, [])
    return family


def _is_web(pid: int) -> bool:
    """Tell the web server's processes from the supervisor, the worker and Valkey."""
    command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    joined = b" ".join(command)
    return not any(part in joined for part in (b"valkey", b"moderation worker", b"moderation run"))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
