"""Burning a challenge once, on a real Valkey and without one."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from moderation.captcha.spent import SpentChallenges
from moderation.errors import CaptchaReplayed, StoreUnavailable

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EXPIRES = NOW + timedelta(minutes=5)


@pytest.fixture
def frozen_valkey(tmp_path):
    """A client whose server takes the connection and then says nothing."""
    path = str(tmp_path / "frozen.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        with Redis(
            unix_socket_path=path, socket_timeout=0.05, retry=Retry(NoBackoff(), 0)
        ) as client:
            yield client


@pytest.fixture(params=["absent_valkey", "frozen_valkey"])
def lost_valkey(request):
    return request.getfixturevalue(request.param)


def test_a_challenge_is_burnt_once(valkey):
    spent = SpentChallenges(valkey)

    spent.spend("id", "pk_gazette", EXPIRES, NOW)

    with pytest.raises(CaptchaReplayed):
        spent.spend("id", "pk_gazette", EXPIRES, NOW)


def test_challenges_and_sites_do_not_mix(valkey):
    spent = SpentChallenges(valkey)
    spent.spend("id", "pk_gazette", EXPIRES, NOW)

    spent.spend("other", "pk_gazette", EXPIRES, NOW)
    spent.spend("id", "pk_journal", EXPIRES, NOW)

    assert valkey.dbsize() == 3


def test_of_64_simultaneous_attempts_one_passes(valkey):
    spent = SpentChallenges(valkey)
    start = Barrier(64)

    def attempt(_):
        start.wait()
        try:
            spent.spend("id", "pk_gazette", EXPIRES, NOW)
        except CaptchaReplayed:
            return False
        return True

    with ThreadPoolExecutor(64) as pool:
        assert sum(pool.map(attempt, range(64))) == 1


def test_a_burnt_challenge_is_forgotten_a_minute_after_it_expired(valkey):
    SpentChallenges(valkey).spend("id", "pk_gazette", EXPIRES, NOW)

    (key,) = valkey.keys()
    assert 359_000 < valkey.pttl(key) <= 360_000


def test_a_challenge_given_back_can_be_burnt_again_once(valkey):
    spent = SpentChallenges(valkey)
    spent.spend("id", "pk_gazette", EXPIRES, NOW)

    spent.give_back("id", "pk_gazette")

    spent.spend("id", "pk_gazette", EXPIRES, NOW)
    with pytest.raises(CaptchaReplayed):
        spent.spend("id", "pk_gazette", EXPIRES, NOW)


def test_giving_back_what_was_never_burnt_does_nothing(valkey):
    SpentChallenges(valkey).give_back("id", "pk_gazette")

    assert valkey.dbsize() == 0


def test_without_valkey_nothing_is_burnt_and_the_caller_is_told(lost_valkey):
    with pytest.raises(StoreUnavailable):
        SpentChallenges(lost_valkey).spend("id", "pk_gazette", EXPIRES, NOW)


def test_without_valkey_giving_back_raises_nothing(lost_valkey):
    SpentChallenges(lost_valkey).give_back("id", "pk_gazette")
