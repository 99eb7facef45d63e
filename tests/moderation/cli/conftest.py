"""The whole service, started as an operator does, and what it leaves in the system."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from running import free_port

from moderation.cli import folder

ROOT = Path(__file__).parents[3]
PROCESSES = Path("/proc")
RUN = (sys.executable, "-m", "moderation", "run")
GONE_SECONDS = 15
BACK_SECONDS = 30


class Service:
    """What was started on one data folder, by whatever command."""

    def __init__(self, data, port, process):
        self.data = data
        self.port = port
        self.process = process
        self.welcome = ""

    def wait_until_ready(self):
        """Read what it prints up to the last line of its welcome."""
        for line in self.process.stdout:
            self.welcome += line
            if "demo keys" in line:
                return
        raise AssertionError(self.welcome)

    def processes(self, part=""):
        """Every process that knows the data folder and has `part` in its command line."""
        known = ((path, read(path / "cmdline")) for path in PROCESSES.glob("[0-9]*"))
        return {
            int(path.name)
            for path, command in known
            if str(self.data) in command + read(path / "environ") and part in command
        }

    @property
    def itself(self):
        return int((self.data / folder.SERVICE_LOCK).read_text())

    def children(self, part):
        """The processes of one part, without `moderation run` itself."""
        return self.processes(part) - {self.itself}

    def is_gone(self):
        """Tell whether nothing of it is left, waiting a little, and its folder is free."""
        if not eventually(lambda: not self.processes(), GONE_SECONDS):
            return False
        with folder.occupied(self.data, print):
            return True

    def get(self, path):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as line:
            line.request("GET", path)
            reply = line.getresponse()
            return reply.status, json.load(reply)

    def is_answering(self):
        try:
            return self.get("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False


def eventually(condition, seconds=BACK_SECONDS):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def read(path):
    try:
        return path.read_bytes().decode(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def environment(data, settings):
    """The caller's environment with these settings and no others."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("MODERATION_")}
    return plain | {"MODERATION_DATA": str(data)} | settings


@contextmanager
def started(data, command=RUN, **settings):
    port = settings.setdefault("MODERATION_PORT", str(free_port()))
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(data, settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        service = Service(data, int(port), process)
        try:
            yield service
        finally:
            process.send_signal(signal.SIGTERM)
            if not eventually(lambda: not service.processes(), GONE_SECONDS):
                for left in service.processes():
                    os.kill(left, signal.SIGKILL)
            process.stdout.close()


@pytest.fixture(scope="session", name="eventually")
def _eventually():
    """Wait until a condition comes true: `assert eventually(condition)`."""
    return eventually


@pytest.fixture(scope="session")
def start_service():
    """Start a command on a data folder: `with start_service(data, command, **settings)`.

    It has a process group of its own, and whatever is left of it at the end is killed.
    """
    if not PROCESSES.exists():
        pytest.skip("looks at processes in /proc")
    return started


@pytest.fixture(scope="module")
def service(start_service, tmp_path_factory):
    """A service that is ready; tests may kill its parts, it mends itself."""
    with start_service(tmp_path_factory.mktemp("service") / "data") as service:
        service.wait_until_ready()
        yield service


@pytest.fixture(scope="session")
def moderation():
    """Run the command to its end: `moderation(data, *words, **settings)`."""

    def run(data, *words, **settings):
        return subprocess.run(
            [sys.executable, "-m", "moderation", *words],
            env=environment(data, settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run
