"""One wait for a silent Redis, then none for a while."""

import pytest
from redis import ConnectionError as RedisConnectionError
from redis import Redis
from redis.exceptions import TimeoutError as RedisTimeoutError

from moderation.breaker import Breaker, connect


class Ticks:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def breaker(ticks):
    return Breaker(pause_seconds=1.0, clock=ticks)


@pytest.fixture
def redis(valkey, breaker):
    pool = connect(valkey.url, 0.2, breaker)
    yield Redis(connection_pool=pool)
    pool.disconnect()


@pytest.fixture
def frozen(valkey):
    valkey.freeze()
    yield valkey
    valkey.thaw()


def test_a_silent_server_is_waited_for_once_in_a_pause(redis, breaker, ticks, frozen):
    with pytest.raises(RedisTimeoutError):
        redis.get("a")

    for _ in range(3):
        with pytest.raises(RedisConnectionError, match="a moment ago"):
            redis.get("a")

    ticks.now += 1.0
    with pytest.raises(RedisTimeoutError):
        redis.get("a")


def test_a_server_that_is_back_is_used_after_the_pause(redis, breaker, ticks, frozen):
    with pytest.raises(RedisTimeoutError):
        redis.get("a")
    frozen.thaw()

    ticks.now += 1.0

    assert redis.get("a") is None
    assert not breaker.is_open


def test_while_open_one_caller_a_pause_may_try(breaker, ticks):
    breaker.open()

    assert not breaker.may_try()
    ticks.now += 1.0
    assert [breaker.may_try(), breaker.may_try()] == [True, False]


def test_a_wrong_command_does_not_open_the_breaker(redis, breaker):
    redis.set("a", "text")

    with pytest.raises(Exception, match="integer"):
        redis.incr("a")

    assert not breaker.is_open
