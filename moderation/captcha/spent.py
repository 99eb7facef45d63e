"""Which challenges were answered already, kept in Redis until they would have expired anyway."""

from contextlib import suppress
from datetime import datetime, timedelta

from redis import Redis, RedisError

from moderation.errors import CaptchaReplayed, StoreUnavailable

CLOCKS_DIFFER = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)


class SpentChallenges:
    """Burns each challenge once.

    ``SET NX`` decides in one step, so of any number of requests that present the same challenge
    at the same moment, in any process, exactly one may go on.

    Args:
        redis: must not repeat a command by itself: if only the reply was lost, the repetition
            would find the challenge spent.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def spend(self, id: str, site: str, expires_at: datetime, now: datetime) -> None:
        """Burn a challenge, in one round trip.

        It is remembered for a minute after it has expired: a second web server whose clock is
        behind would still take it.

        Raises:
            CaptchaReplayed: it was burnt before.
            StoreUnavailable: Redis did not answer; nothing is known.
        """
        kept = (expires_at - now + CLOCKS_DIFFER) // MILLISECOND
        try:
            is_first = self._redis.set(_key(id, site), b"", nx=True, px=max(kept, 1))
        except RedisError as error:
            raise StoreUnavailable("spent challenges") from error
        if not is_first:
            raise CaptchaReplayed("the challenge was answered before")

    def give_back(self, id: str, site: str) -> None:
        """Forget that a challenge was burnt, if Redis is there to be told."""
        with suppress(RedisError, StoreUnavailable):
            self._redis.delete(_key(id, site))


def _key(id: str, site: str) -> str:
    return f"captcha:{{{site}}}:{id}"
