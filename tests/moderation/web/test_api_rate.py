"""How often moderators and operators may call."""

import pytest

from moderation.app import create_app
from moderation.config import read_settings
from moderation.domain.key import Role
from moderation.errors import ConfigurationError

LIST = "/v1/moderation/comments"


@pytest.fixture
def strict(start, environment):
    """A service that lets each token call three times a minute."""
    return create_app(start({**environment, "MODERATION_API_RATE": "3 per minute"})).test_client()


def statuses(client, headers, paths):
    return [client.get(path, headers=headers).status_code for path in paths]


def test_a_token_that_calls_too_often_is_told_when_to_come_back(strict, as_moderator):
    replies = [strict.get(LIST, headers=as_moderator) for _ in range(4)]

    assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
    assert replies[-1].json["code"] == "too_many_requests"
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 61


def test_all_calls_of_a_token_count_together(strict, as_operator):
    paths = [LIST, "/v1/models", "/v1/labels.jsonl", "/v1/moderation/counts"]

    assert statuses(strict, as_operator, paths) == [200, 200, 200, 429]
    assert strict.post("/v1/score", json={}, headers=as_operator).status_code == 429
    assert strict.post("/v1/moderation/claims", json={}, headers=as_operator).status_code == 429


def test_another_token_is_not_kept_waiting(strict, as_moderator, add_key, site):
    statuses(strict, as_moderator, [LIST] * 4)

    assert statuses(strict, add_key(site, Role.READER, "Noé"), [LIST]) == [200]


def test_whoever_has_no_token_is_counted_by_their_address(strict):
    def call(address):
        return strict.get(LIST, environ_base={"REMOTE_ADDR": address}).status_code

    assert [call("192.0.2.1") for _ in range(4)] == [401, 401, 401, 429]
    assert call("192.0.2.2") == 401


def test_no_token_is_kept_in_redis(strict, as_moderator, valkey):
    strict.get(LIST, headers=as_moderator)

    with valkey.client() as redis:
        keys = b" ".join(redis.keys("*"))
    assert b"api" in keys
    assert b"mod_" not in keys
    assert as_moderator["Authorization"][11:].encode() not in keys


def test_without_redis_each_process_counts_by_half(start, environment, as_moderator, tmp_path):
    away = {"MODERATION_REDIS_URL": f"unix://{tmp_path}/nobody.sock"}
    rate = {"MODERATION_API_RATE": "4 per minute", "MODERATION_REDIS_TIMEOUT_MS": "200"}
    client = create_app(start({**environment, **away, **rate})).test_client()

    assert statuses(client, as_moderator, [LIST] * 3) == [200, 200, 429]


def test_readers_calls_have_rates_of_their_own(strict, site):
    path = f"/v1/counts?site={site.key}&thread=https://gazette.example/a"

    assert statuses(strict, {}, [path] * 5) == [200] * 5


def test_every_call_for_a_token_says_that_it_may_be_one_too_many(app):
    operations = [
        operation
        for path, item in app.spec["paths"].items()
        for operation in item.values()
        if operation.get("security")
    ]

    assert all("429" in operation["responses"] for operation in operations)


def test_a_rate_that_is_none_stops_the_start(environment):
    with pytest.raises(ConfigurationError, match="MODERATION_API_RATE: a rate such as"):
        read_settings({**environment, "MODERATION_API_RATE": "often"})
