"""What a captcha costs within a comment: computing, and round trips to Redis.

Goals: issue and redeem at most 5 % of the request's CPU; one round trip for the captcha and one
for each limit.
"""

import random
import time
from datetime import UTC, datetime, timedelta

from redis import Redis

from benchmarks import accepting, readers, servers
from moderation.captcha.desk import Captcha
from moderation.captcha.spent import SpentChallenges
from moderation.domain.challenge import Answer
from moderation.domain.site import Policy, Site

ROUNDS = 3000
REQUESTS = 500
GOAL = 0.05


class Nowhere(SpentChallenges):
    """Burns nothing, so that only the computing is measured."""

    def __init__(self) -> None:
        """Need no Redis."""

    def spend(self, id: str, site: str, expires_at: datetime, now: datetime) -> None:
        """Do nothing."""


def main() -> None:
    """Print the share of the captcha in a comment's CPU, and the round trips."""
    with servers.service() as server:
        bodies = readers.comments(server, REQUESTS)
        request = accepting.measure(server, "/v1/comments", bodies, 201) * 1000
        with Redis(unix_socket_path=str(server.data / "valkey.sock")) as redis:
            computing = microseconds(Nowhere())
            with_redis = microseconds(SpentChallenges(redis))
    print(f"  issue + redeem, computing      {computing:7.1f} µs CPU, {computing / request:6.1%}")
    print(f"  the same with its round trip   {with_redis:7.1f} µs CPU, {with_redis / request:6.1%}")
    print(f"  accepting a comment            {request:7.1f} µs CPU          (goal ≤ {GOAL:.0%})")
    print(f"  round trips: {round_trips()}")


def microseconds(spent: SpentChallenges) -> float:
    """Return the CPU of issuing a challenge and redeeming its answer."""
    site = Site(1, "s", "site_" + "x" * 24, "", "", (), "fr", Policy())
    desk = Captcha(
        [b"k" * 32], spent, lambda: datetime.now(UTC), random.SystemRandom(), timedelta(minutes=5)
    )
    desk.redeem(site, _answer(desk, site))  # builds the tables
    prepared = [_answer(desk, site) for _ in range(ROUNDS)]
    began = time.process_time()
    for answer in prepared:
        desk.issue(site, "fr")
        desk.redeem(site, answer)
    return (time.process_time() - began) / ROUNDS * 1e6


def round_trips() -> str:
    """Count the commands one comment causes, limits on, by asking Redis itself."""
    with servers.service(MODERATION_LIMITS="on") as server:
        warm_up, measured = readers.comments(server, 2)
        connection = server.connect()
        readers.post(connection, "/v1/comments", warm_up)
        with Redis(unix_socket_path=str(server.data / "valkey.sock")) as redis:
            before = _calls(redis)
            readers.post(connection, "/v1/comments", measured)
            after = _calls(redis)
    made = {name: n - before.get(name, 0) for name, n in after.items() if name != "info"}
    return ", ".join(f"{name} {n}" for name, n in sorted(made.items()) if n)


def _calls(redis: Redis) -> dict[str, int]:
    stats = redis.info("commandstats")
    return {name.removeprefix("cmdstat_"): entry["calls"] for name, entry in stats.items()}


def _answer(desk: Captcha, site: Site) -> Answer:
    challenge = desk.issue(site, "fr")
    return Answer(challenge.token, readers.solve(challenge.question))
