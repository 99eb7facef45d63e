"""What a submitter may do per minute."""

import pytest

from moderation.app import create_app


@pytest.fixture
def strict(add_site):
    return add_site(
        "strict",
        comments_per_client="2 per minute",
        comments_per_site="3 per minute",
        challenges_per_client="4 per minute",
    )


def ask(client, site, address="192.0.2.1"):
    return client.post(
        "/v1/challenges", json={"site": site.key}, environ_base={"REMOTE_ADDR": address}
    )


def test_a_client_that_asks_too_often_is_told_when_to_come_back(client, strict):
    replies = [ask(client, strict) for _ in range(5)]

    assert [r.status_code for r in replies] == [201] * 4 + [429]
    assert replies[-1].json["code"] == "too_many_requests"
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 61
    assert replies[-1].headers["Retry-After"] in replies[-1].json["detail"]


def test_another_client_is_not_kept_waiting(client, strict):
    for _ in range(5):
        ask(client, strict)

    assert ask(client, strict, "192.0.2.2").status_code == 201


def test_addresses_of_one_ipv6_network_are_one_client(client, strict):
    replies = [ask(client, strict, f"2001:db8:0:1::{n}") for n in range(1, 6)]

    assert replies[-1].status_code == 429
    assert ask(client, strict, "2001:db8:0:2::1").status_code == 201


def test_another_site_counts_for_itself(client, strict, add_site):
    for _ in range(5):
        ask(client, strict)

    assert ask(client, add_site("roomy")).status_code == 201


def test_the_limit_stands_before_the_captcha(send, challenge, strict):
    captcha = challenge(strict.key)
    for _ in range(2):
        assert send(site=strict.key, captcha={"token": "x", "answer": "1"}).status_code == 403

    limited = send(site=strict.key, captcha=captcha)

    assert limited.status_code == 429


def test_a_site_has_a_limit_for_all_its_readers(client, strict):
    def send_from(address):
        body = {"site": strict.key}
        return client.post("/v1/comments", json=body, environ_base={"REMOTE_ADDR": address})

    statuses = [send_from(f"192.0.2.{n}").status_code for n in range(4)]

    assert statuses == [422, 422, 422, 429]


def test_answers_are_limited_by_the_site_of_their_challenge(client, strict, challenge):
    captchas = [{**challenge(strict.key), "answer": "99"} for _ in range(3)]

    statuses = [client.post("/v1/challenges/answers", json=c).status_code for c in captchas]

    assert statuses == [403, 403, 429]


def test_no_address_is_kept_in_redis(client, strict, valkey):
    ask(client, strict, "192.0.2.77")

    with valkey.client() as redis:
        keys = b" ".join(redis.keys("*"))
    assert b"192.0.2" not in keys
    assert strict.key.encode() in keys


def test_a_forwarded_address_is_believed_from_proxies_only(start, environment, add_site):

    site = add_site("proxied", challenges_per_client="1 per minute")

    def statuses(hops, forwarded):
        client = create_app(start({**environment, "MODERATION_PROXY_HOPS": hops})).test_client()
        return [
            client.post(
                "/v1/challenges", json={"site": site.key}, headers={"X-Forwarded-For": address}
            ).status_code
            for address in forwarded
        ]

    assert statuses("0", ["198.51.100.1", "198.51.100.2"]) == [201, 429]
    assert statuses("1", ["203.0.113.1", "203.0.113.2"]) == [201, 201]
    assert statuses("1", ["evil, 203.0.113.9", "worse, 203.0.113.9"]) == [201, 429]


def test_limits_may_be_off_for_benchmarks_and_say_so(start, environment, add_site):

    site = add_site("bench", challenges_per_client="1 per minute")
    client = create_app(start({**environment, "MODERATION_LIMITS": "off"})).test_client()

    statuses = [ask(client, site).status_code for _ in range(3)]

    assert statuses == [201] * 3
    assert client.get("/readyz").json["warnings"] == ["MODERATION_LIMITS=off: nobody is limited"]
