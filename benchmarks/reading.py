"""Reading a page of 50 comments, against a bare Flask GET on the same server.

Goals: at most twice the bare server's CPU once the page is on the shelf, and the same with
1,000 comments in the database as with 1,000,000 (`READING_COMMENTS`). SQLite, invented comments in
1.2 GB on disk, removed afterwards.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import count, islice, repeat
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import filling, readers, servers
from moderation.domain.site import Site

SMALL = 1000
LARGE = int(os.environ.get("READING_COMMENTS", "1000000"))
ROUNDS = 3
WARM_UP = 100
CHEAP, EXPENSIVE = 1500, 500  # requests a round
PAGE = 50
GOAL, GOAL_FLATNESS = 2.0, 1.2

Asked = tuple[str, dict[str, str]]  # path, headers
Costs = dict[str, float]  # milliseconds of CPU by what was asked
Questions = tuple[servers.Server, Iterator[Asked], int, int]  # whom, what, status, how often


def main() -> None:
    """Print milliseconds of CPU per request, their ratios to the bare server, and flatness."""
    with tempfile.TemporaryDirectory() as folder, servers.bare() as bare:
        path = Path(folder) / "comments.sqlite3"
        site = filling.make(path)
        filling.fill(path, site, 0, SMALL)
        small = _measure_all(path, site, bare)
        filling.fill(path, site, SMALL, LARGE)
        large = _measure_all(path, site, bare)
    print(f"  ms CPU a GET                   {SMALL:>9,}  {LARGE:>9,} comments")
    for name in small:
        flatness = large[name] / small[name]
        print(f"  {name:28}   {small[name]:9.3f}  {large[name]:9.3f}   flatness {flatness:4.2f}")
    for name in list(small)[1:]:
        ratios = [costs[name] / costs["bare Flask"] for costs in (small, large)]
        print(f"  {name:28} × {ratios[0]:9.2f}  {ratios[1]:9.2f}")
    print(f"  (goals: on the shelf ≤ {GOAL:.0f}, flatness ≤ {GOAL_FLATNESS})")


def _measure_all(path: Path, site: Site, bare: servers.Server) -> Costs:
    """Return the least of some rounds, each of which asks everything in turn."""
    with servers.service(MODERATION_DATABASE_URL=f"sqlite:///{path}") as ours:
        known = {"If-None-Match": _tag(ours, site)}
        page, threads = _page(site), _page(site, view="threaded")
        asked: dict[str, Questions] = {
            "bare Flask": (bare, repeat(("/healthz", {})), 200, CHEAP),
            "page on the shelf": (ours, repeat((page, {})), 200, CHEAP),
            "unchanged (304)": (ours, repeat((page, known)), 304, CHEAP),
            "50 conversations, on it": (ours, repeat((threads, {})), 200, CHEAP),
            "page not on the shelf": (ours, _unknown(site), 200, EXPENSIVE),
        }
        for server, paths, status, _ in asked.values():
            _measure(server, islice(paths, WARM_UP), status)
        rounds = [
            {
                name: _measure(server, islice(paths, requests), status)
                for name, (server, paths, status, requests) in asked.items()
            }
            for _ in range(ROUNDS)
        ]
    return {name: min(costs[name] for costs in rounds) for name in asked}


def _measure(server: servers.Server, asked: Iterator[Asked], status: int) -> float:
    """Return the server's milliseconds of CPU per request."""

    def get(connection: HTTPConnection, one: Asked) -> None:
        connection.request("GET", one[0], headers=one[1])
        reply = connection.getresponse()
        body = reply.read()
        assert reply.status == status, body

    time.sleep(0.2)  # let what went before finish
    before = server.cpu_seconds()
    requests = len(readers.in_parallel(server, asked, get))
    return (server.cpu_seconds() - before) / requests * 1000


def _tag(server: servers.Server, site: Site) -> str:
    """Return the page's ETag, having looked that it is a full page."""
    connection = server.connect()
    connection.request("GET", _page(site))
    reply = connection.getresponse()
    assert len(json.loads(reply.read())["comments"]) == PAGE
    connection.close()
    return reply.headers["ETag"]


def _unknown(site: Site) -> Iterator[Asked]:
    """Yield spellings of one page that nobody has asked for before."""
    for number in count():
        yield _page(site, thread=f"{filling.thread_url(0)}?utm_source={number}"), {}


def _page(site: Site, **other: str) -> str:
    asked = {"site": site.key, "thread": filling.thread_url(0), **other}
    return f"/v1/comments?{urlencode(asked)}"
