"""Friction: who failed a moment ago, and who comes in a crowd, works more for the next challenge.

The multiplier of proof of work is

    failures' share × load's share, at most 16

    failures' share   1 for none or one in 10 minutes, then doubled by each: 2, 4, 8, 16
    load's share      challenges of this process in 10 seconds / 100, in whole numbers from 1 to 4

One typing error costs a reader nothing; a crowd makes a low-end phone wait four times as long at
most, whoever caused it. From three failures on, the questions of a normal site are hard ones.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock

from redis import Redis, RedisError

from moderation.captcha.proof_of_work import HIGHEST_MULTIPLIER
from moderation.domain.site import CaptchaLevel, Site

REMEMBERED = timedelta(minutes=10)
FORGIVEN = 1  # failures
MOST_DOUBLINGS = 4
HARD_FROM = 3  # failures
LOAD_SECONDS = 10
CALM = 100  # challenges in that time, in one process
HIGHEST_LOAD_SHARE = 4


class Friction:
    """Knows what a client and this process have been through lately, and what follows from it.

    Failures are counted in Redis and only when somebody fails, so that issuing challenges still
    costs no memory. While Redis is away nobody is known to have failed. A client is the keyed
    hash of an address, whatever site it speaks to. One object serves any number of threads.

    Args:
        redis: waits for a silent server once at most (moderation.breaker).
        clock: tells the time in UTC.
    """

    def __init__(self, redis: Redis, clock: Callable[[], datetime]) -> None:
        self._redis = redis
        self._load = Load(clock)

    def issued(self) -> None:
        """Count a challenge."""
        self._load.add()

    def failed(self, client: str) -> None:
        """Count a captcha that was refused, in one round trip; forget it in 10 minutes.

        The 10 minutes run from the first failure, so that somebody who errs now and then is
        forgiven now and then.
        """
        key = _key(client)
        with suppress(RedisError), self._redis.pipeline(transaction=True) as pipeline:
            pipeline.set(key, 0, nx=True, ex=REMEMBERED)
            pipeline.incr(key)
            pipeline.execute()

    def level(self, site: Site, client: str) -> CaptchaLevel:
        """Return how hard a question this client gets: the site's level, or above."""
        if self._failures(client) >= HARD_FROM:
            return CaptchaLevel.HARD
        return site.policy.captcha_level

    def multiplier(self, client: str) -> int:
        """Return how many times as long as usual this client has to work, 1 to 16."""
        doublings = min(max(0, self._failures(client) - FORGIVEN), MOST_DOUBLINGS)
        return min((1 << doublings) * self._load_share(), HIGHEST_MULTIPLIER)

    def _failures(self, client: str) -> int:
        try:
            return int(self._redis.get(_key(client)) or 0)
        except RedisError:
            return 0

    def _load_share(self) -> int:
        return min(max(1, self._load.recent() // CALM), HIGHEST_LOAD_SHARE)


class Load:
    """Counts events of the last ten seconds, second by second, in ten places."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._seconds = [0] * LOAD_SECONDS
        self._counts = [0] * LOAD_SECONDS

    def add(self) -> None:
        """Count one event now."""
        second = self._now()
        place = second % LOAD_SECONDS
        with self._lock:
            if self._seconds[place] != second:
                self._seconds[place], self._counts[place] = second, 0
            self._counts[place] += 1

    def recent(self) -> int:
        """Return how many there were, this second and the nine before."""
        oldest = self._now() - LOAD_SECONDS + 1
        with self._lock:
            places = zip(self._seconds, self._counts, strict=True)
            return sum(count for second, count in places if second >= oldest)

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _key(client: str) -> str:
    return f"captcha:failed:{client}"
