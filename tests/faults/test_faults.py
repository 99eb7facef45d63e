"""Nothing a reader wrote is lost: each row of the failure table, with the real thing broken."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from places import ARTICLE
from valkeys import ValkeyProcess

from moderation.worker import judge_again


@pytest.fixture
def valkey(tmp_path):
    """A Valkey of this test's own, to be broken."""
    folder = tmp_path / "valkey"
    folder.mkdir()
    server = ValkeyProcess(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def item(client, as_moderator):
    def get(comment_id):
        path = f"/v1/moderation/comments/{comment_id}"
        return client.get(path, headers=as_moderator).json

    return get


def codes(item):
    return [f["code"] for f in item["findings"] if f["verdict"] != "publish"]


@pytest.fixture(params=["refused", "frozen"])
def without_redis(request, valkey, challenge):
    """Break Redis after a challenge was issued: returns more challenges, issued before."""
    issued = [challenge() for _ in range(4)]
    valkey.stop() if request.param == "refused" else valkey.freeze()
    return issued


@pytest.fixture
def waits(services, monkeypatch):
    """How often Redis was waited for in vain."""
    counted = []
    opened = services.breaker.open

    def count():
        counted.append(1)
        opened()

    monkeypatch.setattr(services.breaker, "open", count)
    return counted


def test_without_redis_a_comment_is_held_and_says_why(send, item, without_redis):
    sent = send(captcha=without_redis[0])

    assert sent.status_code == 202
    assert item(sent.json["id"])["status"] == "held"
    assert codes(item(sent.json["id"])) == ["captcha_unverified"]


def test_without_redis_the_answer_itself_is_still_checked(send, without_redis):
    wrong = send(captcha={**without_redis[0], "answer": "99"})

    assert (wrong.status_code, wrong.json["code"]) == (403, "captcha_failed")


def test_without_redis_a_replayed_captcha_publishes_nothing(send, item, without_redis):
    captcha = without_redis[0]

    sent = [send(captcha=captcha, text=f"Remarque numéro {n}, bonjour.") for n in range(3)]

    assert [s.status_code for s in sent] == [202] * 3
    assert {item(s.json["id"])["status"] for s in sent} == {"held"}


def test_without_redis_a_submission_waits_once(send, without_redis, waits):
    send(captcha=without_redis[0])

    assert len(waits) == 1


def test_without_redis_nobody_waits_a_second_time(
    send, without_redis, waits, services, monkeypatch
):
    monkeypatch.setattr(services.breaker, "_pause", 60)
    services.breaker.open()
    waits.clear()

    send(captcha=without_redis[1], text="Une autre remarque, tout de suite après.")

    assert waits == []


def test_without_redis_challenges_are_still_issued(client, site, without_redis):
    assert client.post("/v1/challenges", json={"site": site.key}).status_code == 201


def test_without_redis_no_response_is_given(client, without_redis):
    reply = client.post("/v1/challenges/answers", json=without_redis[0])

    assert (reply.status_code, reply.json["code"]) == (503, "unavailable")
    assert int(reply.headers["Retry-After"]) >= 1


def test_without_redis_each_process_counts_by_a_stricter_rate(client, add_site, without_redis):
    strict = add_site("strict", challenges_per_client="4 per minute")

    replies = [client.post("/v1/challenges", json={"site": strict.key}) for _ in range(3)]

    assert [r.status_code for r in replies] == [201, 201, 429]
    assert int(replies[-1].headers["Retry-After"]) >= 1


def test_who_misses_redis_at_the_same_moment_is_answered_all_the_same(
    app, as_moderator, valkey, services, monkeypatch
):
    valkey.stop()
    together = Barrier(2)
    connect = services.redis_pool.get_connection

    def connect_together(*args, **kwargs):
        together.wait(10)
        return connect(*args, **kwargs)

    monkeypatch.setattr(services.redis_pool, "get_connection", connect_together)

    def ask(_):
        return app.test_client().get("/v1/moderation/counts", headers=as_moderator).status_code

    with ThreadPoolExecutor(2) as hands:
        statuses = list(hands.map(ask, range(2)))

    assert statuses == [200, 200]


def test_readiness_tells_that_redis_is_away(client, without_redis):
    reply = client.get("/readyz")

    assert reply.status_code == 200
    assert (reply.json["status"], reply.json["redis"]) == ("degraded", "down")


def test_once_redis_is_back_comments_are_published_again(send, valkey, challenge, services):
    captcha = challenge()
    valkey.stop()
    assert send(captcha=captcha).status_code == 202
    valkey.start()
    services.breaker.close()

    assert send(text="Le service est revenu, merci à tous.").status_code == 201


@pytest.fixture
def champion(services):
    """The folder of the model in use."""
    return services.settings.models / services.model.version


@pytest.fixture
def look_again(services):
    """Make the service look at the model's files now rather than within a second."""

    def forget():
        services.model._looked_at = float("-inf")

    return forget


def truncate(folder):
    path = folder / "model.joblib"
    path.write_bytes(path.read_bytes()[:1000])


def tamper(folder):
    path = folder / "model.joblib"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def sign_otherwise(folder):
    path = folder / "signature"
    path.write_text("0" * len(path.read_text()))


@pytest.mark.parametrize(
    "harm", [shutil.rmtree, truncate, tamper, sign_otherwise], ids=lambda harm: harm.__name__
)
def test_without_a_model_to_trust_a_comment_is_held_unscored_and_judged_when_one_is_back(
    harm, send, item, champion, look_again, services, client, tmp_path
):
    shutil.copytree(champion, tmp_path / "saved")
    harm(champion)
    look_again()

    sent = send()

    assert sent.status_code == 202
    assert codes(item(sent.json["id"])) == ["unscored"]
    assert client.get("/readyz").json["model"] == "down"
    assert judge_again(services) == 0

    shutil.rmtree(champion, ignore_errors=True)
    shutil.copytree(tmp_path / "saved", champion)
    look_again()
    assert judge_again(services) == 1
    assert item(sent.json["id"])["status"] == "published"
    assert codes(item(sent.json["id"])) == []
    assert item(sent.json["id"])["history"][0]["moderator"] == "service"


def test_a_person_s_decision_stands_when_a_model_is_back(
    send, client, as_moderator, item, champion, look_again, services, tmp_path
):
    saved = champion.rename(tmp_path / "saved")
    look_again()
    comment_id = send().json["id"]
    path = f"/v1/moderation/comments/{comment_id}/decisions"
    body = {"verdict": "reject", "reason": "OFF_TOPIC", "version": 1}
    assert client.post(path, json=body, headers=as_moderator).status_code == 201
    saved.rename(champion)
    look_again()

    assert judge_again(services) == 0
    assert item(comment_id)["status"] == "rejected"


@pytest.fixture
def locked(services):
    """Another program holds the database; `MODERATION_DATABASE_TIMEOUT_MS` is short here."""
    other = sqlite3.connect(services.settings.data / "moderation.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


@pytest.fixture
def environment(environment):
    return {
        **environment,
        "MODERATION_DATABASE_TIMEOUT_MS": "100",
        "MODERATION_REDIS_TIMEOUT_MS": "500",
    }


def test_a_locked_database_gives_the_captcha_back(send, challenge, locked):
    captcha = challenge()

    refused = send(captcha=captcha)
    locked.execute("ROLLBACK")
    sent = send(captcha=captcha)

    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    assert sent.status_code == 201


def test_with_a_locked_database_comments_are_still_read(send, client, site, services):
    send()
    other = sqlite3.connect(services.settings.data / "moderation.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    reply = client.get("/v1/comments", query_string={"site": site.key, "thread": ARTICLE})
    other.close()

    assert reply.json["count"] == 1


def test_a_database_that_is_gone_is_503_and_not_ready(client, comment, services, site):
    body = comment()
    services.database.close()
    for path in services.settings.data.glob("moderation.sqlite3*"):
        path.unlink()

    refused = client.post("/v1/comments", json=body)

    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
