"""Accepting a comment, the whole pipeline, against a bare Flask JSON POST on the same server.

SQLite with synchronous=FULL, limits off. Goal: at most 6 times the bare server's CPU.
"""

import time
from http.client import HTTPConnection
from typing import Any

from benchmarks import readers, servers

REQUESTS = 1500
WARM_UP = 100
GOAL = 6.0


def main() -> None:
    """Print milliseconds of CPU per request and the ratio."""
    with servers.service() as ours, servers.bare() as bare:
        warm_up = readers.comments(ours, WARM_UP)
        comments = readers.comments(ours, REQUESTS, first=WARM_UP)
        measure(bare, "/", warm_up, 201)
        measure(ours, "/v1/comments", warm_up, 201)
        least = measure(bare, "/", comments, 201)
        full = measure(ours, "/v1/comments", comments, 201)
    print(f"  bare Flask JSON POST   {least:6.3f} ms CPU")
    print(f"  accepting a comment    {full:6.3f} ms CPU")
    print(f"  ratio                  {full / least:6.2f}   (goal ≤ {GOAL:.0f})")


def measure(server: servers.Server, path: str, bodies: list[dict[str, Any]], status: int) -> float:
    """Return the server's milliseconds of CPU per request."""

    def send(connection: HTTPConnection, body: dict[str, Any]) -> None:
        answered, reply = readers.post(connection, path, body)
        assert answered == status, reply

    time.sleep(0.2)  # let what went before finish
    before = server.cpu_seconds()
    readers.in_parallel(server, bodies, send)
    return (server.cpu_seconds() - before) / len(bodies) * 1000
