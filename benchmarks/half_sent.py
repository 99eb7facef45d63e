"""Fifty half-sent requests, head or body. Goal: others are answered within 2 s."""

import socket
import time
from contextlib import ExitStack

from benchmarks import servers

IDLE = 50
ASKED = 20
GOAL_SECONDS = 2
HALVES = {
    "head": b"POST /v1/comments HTTP/1.1\r\nHost: x\r\n",
    "body": b"POST /v1/comments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{",
}


def main() -> None:
    """Print the slowest answer others get meanwhile."""
    with servers.service() as server:
        for name, half in HALVES.items():
            with ExitStack() as stack:
                for _ in range(IDLE):
                    idle = socket.create_connection(("127.0.0.1", server.port))
                    stack.enter_context(idle).sendall(half)
                slowest = max(_seconds(server) for _ in range(ASKED))
            print(f"  {IDLE} half-sent ({name})  slowest other answer {slowest * 1000:7.1f} ms"
                  f"   (goal < {GOAL_SECONDS} s)")  # fmt: skip


def _seconds(server: servers.Server) -> float:
    began = time.perf_counter()
    connection = server.connect()
    connection.request("GET", "/readyz")
    assert connection.getresponse().status == 200
    connection.close()
    return time.perf_counter() - began
