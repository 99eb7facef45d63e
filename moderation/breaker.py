"""A connection pool to Redis that waits for a silent server once, then stops waiting for a while.

All users of one process share the breaker: when one of them has waited in vain, the others fail
at once, and only one call at a time tries again after each pause.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from redis import ConnectionError as RedisConnectionError
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

Result = TypeVar("Result")

PAUSE_SECONDS = 1.0
MAXIMUM_CONNECTIONS = 256


class Breaker:
    """Closed while the server answers; open for a pause after it did not."""

    def __init__(
        self, pause_seconds: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause = pause_seconds
        self._clock = clock
        self._lock = Lock()
        self._retry_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the last call failed and none has succeeded since."""
        return self._retry_at is not None

    def may_try(self) -> bool:
        """Tell whether a call may go out; while open, one call a pause may."""
        if self._retry_at is None:
            return True
        with self._lock:
            now = self._clock()
            if self._retry_at is not None and now < self._retry_at:
                return False
            self._retry_at = now + self._pause
            return True

    def open(self) -> None:
        """Remember that the server did not answer."""
        with self._lock:
            self._retry_at = self._clock() + self._pause

    def close(self) -> None:
        """Remember that the server answered."""
        self._retry_at = None


class BreakingRetry(Retry):
    """redis-py's place around each connection attempt and command: never retries, but remembers."""

    def __init__(self, breaker: Breaker) -> None:
        super().__init__(NoBackoff(), 0)
        self._breaker = breaker

    def __deepcopy__(self, memo: dict[int, Any]) -> "BreakingRetry":
        """Stay one: redis-py copies its retry object, the breaker is shared."""
        return self

    def call_with_retry(self, do: Callable[[], Result], *args: Any, **kwargs: Any) -> Result:
        """Run `do` unless the breaker is open.

        Raises:
            redis.ConnectionError: the breaker is open; nothing was sent.
        """
        if not self._breaker.may_try():
            raise RedisConnectionError("Redis did not answer a moment ago")
        try:
            result: Result = super().call_with_retry(do, *args, **kwargs)
        except (RedisConnectionError, RedisTimeoutError):
            self._breaker.open()
            raise
        self._breaker.close()
        return result


def connect(url: str, timeout_seconds: float, breaker: Breaker) -> ConnectionPool:
    """Return a pool of connections to `url` that waits `timeout_seconds` at most, once.

    Nothing is sent yet. The caller closes the pool.
    """
    return ConnectionPool.from_url(
        url,
        max_connections=MAXIMUM_CONNECTIONS,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=timeout_seconds,
        retry=BreakingRetry(breaker),
        protocol=2,
    )
