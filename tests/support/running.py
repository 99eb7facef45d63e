"""The real service, started as an operator starts it and stopped at the end."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 60
STOP_SECONDS = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_service(data, port=None, **settings):
    """Run `moderation run` on the folder `data`; yields its address."""
    port = port or free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MODERATION_")},
        "MODERATION_DATA": str(data),
        "MODERATION_PORT": str(port),
        **settings,
    }
    command = [sys.executable, "-m", "moderation", "run"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_ready(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=STOP_SECONDS)


def wait_until_ready(url, process):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service stopped while it was starting"
        try:
            with urlopen(f"{url}/readyz", timeout=5) as reply:
                if reply.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the service did not become ready")
