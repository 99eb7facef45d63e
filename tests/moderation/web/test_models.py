"""What operators see of models, and do with them."""

import numpy as np
import pytest
from modelling import PROFILES

from classifier.artefact import MODEL
from classifier.scoring import Scorer
from moderation.learning.drift import ENOUGH
from moderation.learning.observe import Observer


@pytest.fixture
def call(client, as_operator):
    def post(path, headers=as_operator, **body):
        return client.post(f"/v1/models{path}", headers=headers, **body)

    return post


@pytest.fixture
def listed(client, as_operator):
    def get():
        reply = client.get("/v1/models", headers=as_operator)
        assert reply.status_code == 200
        return {model["version"]: model for model in reply.json["models"]}

    return get


@pytest.fixture
def severe(model, labelled):
    """A version that would hold whatever people published."""
    labelled()
    return model("severe", 0.6)


def test_the_shipped_model_is_the_champion(listed, registry):
    (shipped,) = listed().values()

    assert (shipped["version"], shipped["status"]) == (registry.champion_version(), "champion")
    assert shipped["metrics"]["overall"]["recall"] > 0
    assert shipped["drift"] is shipped["shadow"] is shipped["problem"] is None


def test_a_version_that_cannot_be_used_is_listed_with_its_problem(listed, model, services):
    model("broken")
    (services.settings.models / "broken" / MODEL).write_bytes(b"tampered")

    assert "signature" in listed()["broken"]["problem"]


def test_an_operator_promotes_without_a_body(call, model, registry, listed):
    model("second")

    reply = call("/second/promote")

    assert (reply.status_code, reply.json["status"]) == (200, "champion")
    assert registry.champion_version() == "second"
    assert sorted(one["status"] for one in listed().values()) == ["champion", "retired"]


@pytest.mark.parametrize("body", [{"json": {}}, {"json": {"force": False}}])
def test_an_operator_promotes_with_a_body_too(call, model, body):
    model("second")

    assert call("/second/promote", **body).status_code == 200


def test_new_comments_are_judged_by_the_promoted_version(
    call, model, send, client, as_moderator, services
):
    model("severe", 0.95)
    call("/severe/promote", json={"force": True, "reason": "Essai"})
    services.model._looked_at = float("-inf")  # a second later

    sent = send()

    path = f"/v1/moderation/comments/{sent.json['id']}"
    item = client.get(path, headers=as_moderator).json
    assert (item["model"], item["status"]) == ("severe", "rejected")


def test_a_worse_version_is_refused_with_figures(call, severe, registry):
    champion = registry.champion_version()

    reply = call("/severe/promote")

    assert (reply.status_code, reply.json["code"]) == (409, "challenger_worse")
    assert reply.json["figures"] == {
        "version": "severe",
        "champion": champion,
        "comments": 10,
        "false_positives": 10,
        "champion_false_positives": 0,
    }
    assert "10 des 10 derniers commentaires" in reply.json["detail"]
    assert registry.champion_version() == champion


def test_force_needs_a_reason(call, severe, registry):
    for body in ({"force": True}, {"force": True, "reason": " "}):
        reply = call("/severe/promote", json=body)
        assert reply.status_code == 422
        assert [e["pointer"] for e in reply.json["errors"]] == ["/reason"]

    reply = call("/severe/promote", json={"force": True, "reason": "Vague de spam"})

    assert reply.status_code == 200
    assert registry.champion_version() == "severe"


def test_who_promoted_what_is_remembered(call, severe, services, registry, clock):
    before = registry.champion_version()

    call("/severe/promote", json={"force": True, "reason": "Vague de spam"})
    clock.move(seconds=1)
    call("/rollback")

    with services.database.read() as memory:
        back, forth = memory.model_changes.latest()
    assert (forth.by, forth.previous, forth.version) == ("Dominique", before, "severe")
    assert (forth.is_forced, forth.reason, back.action.value) == (True, "Vague de spam", "rollback")
    assert forth.key_id is not None


def test_the_champion_before_comes_back_once(call, model, registry):
    first = registry.champion_version()
    model("second")
    call("/second/promote")

    reply = call("/rollback")
    again = call("/rollback", json={})

    assert (reply.status_code, reply.json["version"], reply.json["status"]) == (
        200,
        first,
        "champion",
    )
    assert (again.status_code, again.json["code"]) == (409, "nothing_to_roll_back_to")


@pytest.mark.parametrize("version", ["nowhere", "..", "champion", "%00", "a%20b", "é", "x" * 500])
def test_an_unknown_version_is_not_found(call, version):
    reply = call(f"/{version}/promote")

    assert (reply.status_code, reply.json["code"]) == (404, "not_found")


def test_what_cannot_be_used_is_refused_with_its_sentence(call, model, registry, services):
    model("broken")
    (services.settings.models / "broken" / MODEL).write_bytes(b"tampered")
    registry.add("old", {"version": "old", "features": "0"}, {})

    broken, old = call("/broken/promote"), call("/old/promote")

    assert (broken.status_code, broken.json["code"]) == (409, "model_untrusted")
    assert (old.status_code, old.json["code"]) == (409, "model_incompatible")
    assert "n’est pas signée" in broken.json["detail"]
    assert "entraînez-la" in old.json["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"data": b"{", "content_type": "application/json"}, 400),
        ({"data": b"", "content_type": "application/json"}, 200),
        ({"data": b"force=1", "content_type": "application/x-www-form-urlencoded"}, 415),
        ({"data": b"{}"}, 415),
        ({"json": []}, 422),
        ({"json": {"force": "yes"}}, 422),
        ({"json": {"force": True, "reason": 3}}, 422),
        ({"json": {"force": True, "reason": "x" * 501}}, 422),
        ({"json": {"why": "x"}}, 422),
        ({"json": {"force": True, "reason": "a\x00b"}}, 422),
    ],
)
def test_a_body_is_read_as_strictly_as_any(call, model, body, status):
    model("second")

    assert call("/second/promote", **body).status_code == status


@pytest.mark.parametrize("path", ["/second/promote", "/rollback"])
def test_only_operators_change_the_champion(call, as_moderator, path):
    assert call(path, headers=as_moderator).status_code == 403
    assert call(path, headers={}).status_code == 401


def test_the_challengers_shadow_scores_are_shown(
    registry, model, remember, services, clock, listed
):
    registry.promote(model("reigning"))
    registry.challenge(model("rival", 0.6))
    for score in (0.1, 0.6, 0.6, 0.95):
        remember(score=score, version="reigning")
    clock.move(seconds=11)
    Observer(services.database, services.models, 0.25).observe(clock())

    found = listed()

    assert found["rival"]["status"] == "challenger"
    assert found["rival"]["shadow"] == {
        "comments": 4,
        "agreement": 0.5,
        "challenger": {"hold": 1.0, "reject": 0.0},
        "champion": {"hold": 0.5, "reject": 0.25},
    }
    assert found["reigning"]["shadow"] is None


def test_the_drift_of_a_version_is_shown(
    registry, model, remember, services, clock, listed, monkeypatch
):
    monkeypatch.setattr(
        Scorer, "unseen_share", lambda self, documents: np.full(len(documents), 0.05)
    )
    registry.promote(model("reigning", drift=PROFILES))
    for _ in range(ENOUGH):
        remember(score=0.9, version="reigning")
    clock.move(seconds=11)
    Observer(services.database, services.models, 0.25).observe(clock())

    drift = listed()["reigning"]["drift"]

    assert drift.keys() == {"week", "scores", "unseen", "limit", "passed"}
    assert (drift["week"], drift["limit"], drift["passed"]) == ("2026-W48", 0.25, True)


def test_the_body_of_a_promotion_is_described(client):
    described = client.get("/openapi.json").json["paths"]["/v1/models/{version}/promote"]["post"]

    assert described["requestBody"]["required"] is False
    assert set(described["responses"]) >= {"200", "404", "409", "422"}
