"""Friction: cost follows what a client and a process have been through."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from redis import Redis

from moderation.breaker import Breaker, connect
from moderation.captcha.friction import Friction, Load
from moderation.domain.site import CaptchaLevel

CLIENT = "0123456789abcdef" * 2


@pytest.fixture
def friction(valkey, clock):
    return Friction(valkey, clock)


@pytest.fixture
def away(absent_valkey, clock):
    return Friction(absent_valkey, clock)


def fail(friction, times, client=CLIENT):
    for _ in range(times):
        friction.failed(client)


def issue(friction, times):
    for _ in range(times):
        friction.issued()


@pytest.mark.parametrize(
    ("failures", "multiplier"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 16), (50, 16)]
)
def test_each_failure_after_the_first_doubles_the_work(friction, failures, multiplier):
    fail(friction, failures)

    assert friction.multiplier(CLIENT) == multiplier


@pytest.mark.parametrize(
    ("challenges", "multiplier"),
    [(0, 1), (100, 1), (199, 1), (200, 2), (350, 3), (400, 4), (9999, 4)],
)
def test_a_crowd_makes_everybody_work_more_within_bounds(friction, challenges, multiplier):
    issue(friction, challenges)

    assert friction.multiplier(CLIENT) == multiplier


def test_the_shares_are_multiplied_up_to_16(friction):
    issue(friction, 300)
    fail(friction, 3)
    assert friction.multiplier(CLIENT) == 12

    fail(friction, 1)
    assert friction.multiplier(CLIENT) == 16


@pytest.mark.parametrize("failures", range(12))
def test_the_multiplier_is_from_1_to_16_whatever_happens(friction, failures):
    fail(friction, failures)
    issue(friction, failures * 100)

    assert 1 <= friction.multiplier(CLIENT) <= 16


def test_three_failures_make_the_questions_hard(friction, site):
    levels = []
    for _ in range(5):
        levels.append(friction.level(site(), CLIENT))
        friction.failed(CLIENT)

    assert levels == [CaptchaLevel.NORMAL] * 3 + [CaptchaLevel.HARD] * 2


def test_a_hard_site_stays_hard(friction, site):
    assert friction.level(site(level=CaptchaLevel.HARD), CLIENT) is CaptchaLevel.HARD


def test_nobody_pays_for_another(friction, site):
    fail(friction, 9)

    assert friction.multiplier("another") == 1
    assert friction.level(site(), "another") is CaptchaLevel.NORMAL


def test_failures_are_forgotten_ten_minutes_after_the_first(friction, valkey):
    fail(friction, 1)
    (key,) = valkey.keys()
    valkey.pexpire(key, 60_000)  # nine minutes later

    fail(friction, 1)

    assert valkey.get(key) == b"2"
    assert 0 < valkey.pttl(key) <= 60_000


def test_what_is_kept_never_stays(friction, valkey):
    fail(friction, 1)

    (key,) = valkey.keys()
    assert 599_000 < valkey.pttl(key) <= 600_000


def test_asking_and_issuing_keep_nothing(friction, valkey, site):
    issue(friction, 1000)
    friction.multiplier(CLIENT)
    friction.level(site(), CLIENT)

    assert valkey.dbsize() == 0


def test_while_valkey_is_away_nobody_is_known_to_have_failed(away, site):
    fail(away, 9)

    assert away.multiplier(CLIENT) == 1
    assert away.level(site(), CLIENT) is CaptchaLevel.NORMAL


def test_a_silent_valkey_is_waited_for_once(clock, tmp_path, site):
    path = str(tmp_path / "frozen.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        pool = connect(f"unix://{path}", 0.2, Breaker())
        friction = Friction(Redis(connection_pool=pool), clock)

        began = time.monotonic()
        for _ in range(10):
            fail(friction, 1)
            friction.multiplier(CLIENT)
            friction.level(site(), CLIENT)

        assert time.monotonic() - began < 0.9
        pool.disconnect()


def test_while_valkey_is_away_the_load_is_known(away):
    issue(away, 400)

    assert away.multiplier(CLIENT) == 4


def test_load_is_forgotten_after_ten_seconds(clock):
    load = Load(clock)
    clock.now = clock.now.replace(microsecond=0)
    for _ in range(10):
        load.add()
        clock.move(seconds=1)

    counts = []
    for _ in range(12):
        counts.append(load.recent())
        clock.move(seconds=1)

    assert counts == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]


def test_a_place_is_used_again_for_a_later_second(clock):
    load = Load(clock)
    for _ in range(5):
        load.add()

    clock.now += timedelta(seconds=10)
    load.add()

    assert load.recent() == 1


def test_no_event_is_lost_among_threads(clock):
    load = Load(clock)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [load.add() for _ in range(500)], range(8)))

    assert load.recent() == 4000


def test_simultaneous_failures_are_all_counted(friction, valkey):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: friction.failed(CLIENT), range(32)))

    (key,) = valkey.keys()
    assert valkey.get(key) == b"32"
    assert valkey.pttl(key) > 0
