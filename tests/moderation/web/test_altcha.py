"""Proof of work over HTTP: ALTCHA's addresses, and ours."""

import json
from base64 import b64decode, b64encode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import ORIGIN
from working import encode, work_out

from moderation.app import create_app
from moderation.captcha import proof_of_work
from moderation.domain.site import CaptchaLevel, CaptchaMode

FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ELSEWHERE = {"Origin": "https://elsewhere.example"}
ROOMY = {"comments_per_client": "1000 per minute", "challenges_per_client": "1000 per minute"}


@pytest.fixture(autouse=True)
def few_tries(monkeypatch):
    monkeypatch.setattr(proof_of_work, "TRIES", 8)
    monkeypatch.setattr(proof_of_work, "TRIES_V1", 1000)


@pytest.fixture
def fetch(client, site):
    """Ask as ALTCHA's widget does: `fetch(v=1)`."""

    def get(headers=None, **query):
        return client.get(
            "/altcha/challenge", query_string={"site": site.key, **query}, headers=headers
        )

    return get


@pytest.fixture(params=[1, 2])
def payload(request, fetch):
    return work_out(fetch(v=request.param).json)


@pytest.fixture
def verify(client):
    def post(payload, **how):
        return client.post("/altcha/verify", json={"payload": payload}, **how)

    return post


@pytest.fixture
def fail(send):
    """Send comments whose captcha opens nothing."""

    def repeat(times, **changes):
        for _ in range(times):
            assert send(captcha={"altcha": "nonsense"}, **changes).status_code == 403

    return repeat


def highest(reply):
    return (reply.json.get("altcha") or reply.json)["parameters"]["data"]["maxCounter"]


def test_todays_widget_gets_version_2_and_an_older_one_version_1(fetch):
    assert fetch().json["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert fetch(v=2).json["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert fetch(v=1).json["algorithm"] == "SHA-256"


def test_a_challenge_holds_what_the_widget_reads_and_is_not_kept(fetch):
    assert set(fetch().json) == {"parameters", "signature"}
    assert set(fetch(v=1).json) == {
        *("algorithm", "challenge", "maxNumber", "maxnumber", "salt", "signature")
    }
    assert fetch().headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("v", ["0", "3", "", "two"])
def test_there_is_no_other_version(fetch, v):
    assert fetch(v=v).status_code == 422


def test_a_challenge_is_for_a_site(client):
    assert client.get("/altcha/challenge").status_code == 422
    assert client.get("/altcha/challenge?site=nobody").status_code == 404


def test_the_pages_of_the_site_may_ask_and_no_others(fetch, client):
    allowed = fetch(headers={"Origin": ORIGIN})
    refused = fetch(headers=ELSEWHERE)
    asked_before = client.options(
        "/altcha/challenge", headers={"Access-Control-Request-Method": "GET", **ELSEWHERE}
    )

    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert refused.status_code == 403
    assert refused.headers["Access-Control-Allow-Origin"] == "*"  # to read why, nothing else
    assert asked_before.headers["Access-Control-Allow-Origin"] == "*"


def test_a_payload_is_verified_once(verify, payload):
    assert verify(payload).json == {"verified": True}
    assert verify(payload).json == {"verified": False}


def test_a_form_may_ask_too(client, payload):
    reply = client.post("/altcha/verify", data={"payload": payload})

    assert reply.json == {"verified": True}


def test_a_payload_that_opened_a_comment_is_good_nowhere_again(verify, send, payload):
    sent = send(captcha={"altcha": payload})
    again = send(captcha={"altcha": payload}, text="Un autre commentaire, bien différent.")

    assert sent.status_code == 201
    assert (again.status_code, again.json["code"]) == (403, "captcha_replayed")
    assert verify(payload).json == {"verified": False}


def test_a_machine_may_be_quick(send, payload):
    """A widget may do the work when the form is sent; a person's answer would be held here."""
    assert send(captcha={"altcha": payload}, headers={"Origin": ORIGIN}).status_code == 201


def test_a_payload_that_was_verified_opens_no_comment(verify, send, payload):
    verify(payload)

    assert send(captcha={"altcha": payload}).json["code"] == "captcha_replayed"


def test_a_payload_opens_comments_of_its_own_site_only(send, add_site, payload):
    refused = send(site=add_site("journal", **ROOMY).key, captcha={"altcha": payload})

    assert (refused.status_code, refused.json["code"]) == (403, "captcha_failed")
    assert send(captcha={"altcha": payload}).status_code == 201


def test_a_payload_expires(send, verify, payload, clock):
    clock.move(minutes=5)

    assert send(captcha={"altcha": payload}).json["code"] == "captcha_expired"
    assert verify(payload).json == {"verified": False}


@pytest.mark.parametrize("payload", ["", "nonsense", "é", b64encode(b"{}").decode(), "a" * 5000])
def test_nonsense_is_not_verified(verify, payload):
    assert verify(payload).json == {"verified": False}


@pytest.mark.parametrize("body", [{}, {"payload": None}, {"payload": {}}, [], "x"])
def test_a_body_without_a_payload_is_refused(client, body):
    reply = client.post("/altcha/verify", json=body)

    assert (reply.status_code, reply.json["code"]) == (422, "invalid")


def test_a_body_that_is_neither_json_nor_a_form_is_refused(client):
    assert client.post("/altcha/verify", data=b"payload=x").status_code == 415
    broken = client.post("/altcha/verify", data=b"{", content_type="application/json")
    assert broken.status_code == 400


@FUZZ
@given(st.recursive(st.none() | st.integers() | st.text(), lambda s: st.dictionaries(st.text(), s)))
def test_no_payload_makes_us_fail(client, content):
    reply = client.post("/altcha/verify", json={"payload": encode(content)})

    assert reply.json == {"verified": False}


def test_a_page_elsewhere_may_not_use_up_payloads(verify, payload):
    assert verify(payload, headers=ELSEWHERE).status_code == 403
    shared = verify(payload, headers={"Origin": ORIGIN})

    assert shared.json == {"verified": True}
    assert shared.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_payload_given_back_opens_the_next_comment(send, fetch, services, monkeypatch):
    payload = work_out(fetch().json)
    redemption = services.captcha.work.redeem(services.sites.by_key(site_of(payload)), payload)

    services.captcha.give_back(redemption)

    assert send(captcha={"altcha": payload}).status_code == 201


def site_of(payload):
    return json.loads(b64decode(payload))["challenge"]["parameters"]["data"]["site"]


def test_our_own_address_gives_work_as_well(client, site, send):
    reply = client.post("/v1/challenges", json={"site": site.key, "kind": "pow"})

    given = reply.json
    assert reply.status_code == 201
    assert given["kind"] == "pow"
    assert given["token"] == given["altcha"]["signature"]
    assert given["expires_at"] == "2026-11-23T12:05:00.000Z"
    assert [given[name] for name in ("question", "speech", "image_url", "audio_url")] == [None] * 4
    assert send(captcha={"altcha": work_out(given["altcha"])}).status_code == 201


def test_work_does_for_a_site_that_is_unsure(client, add_site, send):
    unsure = add_site("unsure", captcha=CaptchaMode.UNSURE, **ROOMY)
    reply = client.post("/v1/challenges", json={"site": unsure.key, "kind": "pow"})

    sent = send(site=unsure.key, captcha={"altcha": work_out(reply.json["altcha"])})

    assert sent.status_code in (201, 202)


def test_challenges_of_every_kind_are_limited_together(client, add_site):
    strict = add_site("strict", challenges_per_client="2 per minute")
    client.post("/v1/challenges", json={"site": strict.key})
    client.get("/altcha/challenge", query_string={"site": strict.key})

    refused = client.get("/altcha/challenge", query_string={"site": strict.key})

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_who_failed_works_more_and_nobody_else_does(fetch, fail, client, site):
    fail(3)

    assert highest(fetch()) == 8 * 4 - 1
    assert fetch(v=1).json["maxnumber"] == 4000 - 1
    asked = client.post("/v1/challenges", json={"site": site.key, "kind": "pow"})
    assert highest(asked) == 8 * 4 - 1
    other = client.get(
        "/altcha/challenge",
        query_string={"site": site.key},
        environ_base={"REMOTE_ADDR": "192.0.2.77"},
    )
    assert highest(other) == 7


def test_a_replay_counts_as_a_failure_and_a_slow_reader_does_not(send, fetch, payload, clock):
    send(captcha={"altcha": payload})
    for number in range(2):
        again = send(captcha={"altcha": payload}, text=f"Encore le même, fois {number}.")
        assert again.json["code"] == "captcha_replayed"
    assert highest(fetch()) == 8 * 2 - 1

    late = work_out(fetch().json)
    clock.move(minutes=6)
    for _ in range(4):
        assert send(captcha={"altcha": late}).json["code"] == "captcha_expired"
    assert highest(fetch()) == 8 * 2 - 1


def test_after_three_failures_the_questions_are_hard(client, site, fail):
    def questions():
        replies = [client.post("/v1/challenges", json={"site": site.key}) for _ in range(40)]
        return [reply.json["question"] for reply in replies]

    assert site.policy.captcha_level is CaptchaLevel.NORMAL
    assert not any("…" in question for question in questions())

    fail(3)

    assert any("…" in question for question in questions())


class TestWithoutRedis:
    @pytest.fixture
    def away(self, start, environment, tmp_path):
        """A client of the same data whose Redis is not there."""
        lost = {**environment, "MODERATION_REDIS_URL": f"unix://{tmp_path}/nobody.sock"}
        return create_app(start(lost)).test_client()

    def test_work_is_given_as_usual(self, away, site):
        reply = away.get("/altcha/challenge", query_string={"site": site.key})

        assert reply.status_code == 200
        assert highest(reply) == 7

    def test_a_comment_with_work_is_held(self, away, comment, payload):
        reply = away.post("/v1/comments", json=comment(captcha={"altcha": payload}))

        assert reply.status_code == 202

    def test_nothing_is_verified_and_the_caller_is_told_to_come_back(self, away, payload, verify):
        reply = away.post("/altcha/verify", json={"payload": payload})

        assert reply.status_code == 503
        assert int(reply.headers["Retry-After"]) > 0
        assert verify(payload).json == {"verified": True}
