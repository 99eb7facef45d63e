"""What moderators see and do."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from places import ARTICLE

from moderation.domain.key import Role

DECISIONS = "/v1/moderation/comments/{}/decisions"
LINKS = "Trois adresses : http://a.example http://b.example http://c.example"


@pytest.fixture
def held(send):
    """A comment that waits, for its links."""
    reply = send(text=LINKS)
    assert reply.status_code == 202
    return reply.json["id"]


@pytest.fixture
def look(client, as_moderator):
    def get(path, headers=as_moderator, **query):
        return client.get(f"/v1/moderation{path}", query_string=query, headers=headers)

    return get


@pytest.fixture
def decide(client, as_moderator):
    def post(comment_id, headers=as_moderator, **body):
        return client.post(DECISIONS.format(comment_id), json=body, headers=headers)

    return post


def test_a_moderator_sees_why_a_comment_waits(look, held):
    (item,) = look("/comments", status="held").json["comments"]

    assert item["id"] == held
    assert item["author"]["email"] == "lucie@courriel.example"
    links = next(f for f in item["findings"] if f["code"] == "too_many_links")
    assert links["verdict"] == "hold"
    assert links["message"] == "Trop de liens\u00a0: 3, pour 2 permis."
    assert links["data"] == {"links": 3, "allowed": 2}


def test_findings_are_told_in_the_moderators_language(look, held, as_moderator):
    headers = {**as_moderator, "Accept-Language": "en"}

    (item,) = look("/comments", headers=headers).json["comments"]

    assert "Too many links: 3, with 2 allowed." in [f["message"] for f in item["findings"]]


def test_one_comment_comes_with_explanation_history_and_record(look, decide, held):
    decide(held, verdict="hold", version=1, note="à relire")

    dossier = look(f"/comments/{held}").json

    assert dossier["version"] == 2
    assert dossier["score"] is not None
    for span in dossier["explanation"]:
        assert 0 <= span["start"] < span["end"] <= len(LINKS)
    assert [(d["verdict"], d["moderator"], d["note"]) for d in dossier["history"]] == [
        ("hold", "Camille", "à relire")
    ]
    assert dossier["author_record"] == {"held": 1, "published": 0, "rejected": 0}


def test_a_published_comment_is_seen_by_readers_and_counted(look, decide, held, client, site):
    decided = decide(held, verdict="publish", version=1)

    shown = client.get("/v1/comments", query_string={"site": site.key, "thread": ARTICLE})
    assert decided.status_code == 201
    assert decided.json["comment"]["status"] == "published"
    assert decided.json["decision"]["from_version"] == 1
    assert [c["id"] for c in shown.json["comments"]] == [held]
    assert look("/counts").json == {"held": 0, "published": 1, "rejected": 0}


def test_a_stale_decision_changes_nothing_and_shows_the_present(decide, held, look):
    decide(held, verdict="publish", version=1)

    late = decide(held, verdict="reject", reason="SPAM", version=1)

    assert (late.status_code, late.json["code"]) == (409, "stale_version")
    assert late.json["current"]["version"] == 2
    assert late.json["current"]["status"] == "published"
    assert look(f"/comments/{held}").json["status"] == "published"


def test_of_decisions_at_once_one_is_carried_out(app, held, as_moderator):
    def decide(_):
        with app.test_client() as client:
            body = {"verdict": "publish", "version": 1}
            return client.post(DECISIONS.format(held), json=body, headers=as_moderator).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(decide, range(8)))

    assert statuses == [201] + [409] * 7


def test_a_rejection_needs_a_reason(decide, held):
    reply = decide(held, verdict="reject", version=1)

    assert reply.status_code == 422
    assert reply.json["errors"][0]["pointer"] == "/reason"


@pytest.mark.parametrize(
    "body",
    [
        {"verdict": "delete", "version": 1},
        {"verdict": "publish"},
        {"verdict": "publish", "version": "1"},
        {"verdict": "publish", "version": True},
        {"verdict": "publish", "version": 0},
        {"verdict": "publish", "version": 2**63},
        {"verdict": "reject", "reason": "spam", "version": 1},
        {"verdict": "publish", "version": 1, "moderator": "somebody else"},
        {"verdict": "hold", "version": 1, "note": "a\u0000b"},
    ],
    ids=str,
)
def test_a_decision_that_is_none_is_refused(decide, held, body):
    assert decide(held, **body).status_code == 422


def test_every_decision_is_in_the_audit(decide, held, look, clock):
    decide(held, verdict="publish", version=1)
    clock.move(seconds=1)
    decide(held, verdict="reject", reason="OFFENSIVE", version=2, note="insulte")

    entries = look("/audit").json["entries"]

    assert [(e["verdict"], e["reason"], e["from_version"]) for e in entries] == [
        ("reject", "OFFENSIVE", 2),
        ("publish", None, 1),
    ]
    assert {e["moderator"] for e in entries} == {"Camille"}
    assert [e["created_at"][11:] for e in entries] == ["12:00:01.000Z", "12:00:00.000Z"]


def test_the_list_is_filtered(look, send, decide, held):
    send(author={"name": "Paul", "email": "paul@courriel.example"}, text="Où se garer à l’été ?")
    decide(held, verdict="reject", reason="AD", version=1)

    def names(**query):
        reply = look("/comments", **query)
        assert reply.status_code == 200, reply.json
        return [item["author"]["name"] for item in reply.json["comments"]]

    assert names(status="published") == ["Paul"]
    assert names(finding="too_many_links") == ["Lucie Marchand"]
    assert names(reason="AD") == ["Lucie Marchand"]
    assert names(author="paul@courriel.example") == ["Paul"]
    assert names(author="Paul") == ["Paul"]
    assert names(q="ete garer") == ["Paul"]
    assert names(q="absent") == []
    assert len(names(order="score")) == len(names(order="oldest")) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"status": "spam"}, {"order": "random"}, {"limit": "0"}, {"limit": "many"},
        {"cursor": "!"}, {"cursor": "AAAA"}, {"reason": "SPAMMY"}, {"unknown": "x"},
        {"q": "a" * 201}, {"q": "a\x00b"}, {"finding": "a\nb"},
    ],
    ids=str,
)  # fmt: skip
def test_a_filter_that_is_none_is_refused(look, query):
    assert look("/comments", **query).status_code == 422


@pytest.mark.parametrize(
    "words",
    [
        '"', '" OR 1=1 --', "NEAR(a b", "*", "'; DROP TABLE comments; --", "a:*", "%", "_",
        "&|!()", "\\", "-", "NOT", "é\u0301",
    ],
)  # fmt: skip
def test_words_to_search_for_are_only_words(look, held, words):
    reply = look("/comments", q=words)

    assert reply.status_code == 200
    assert look("/comments").json["comments"][0]["id"] == held


@pytest.mark.parametrize(
    "token", [None, "", "Bearer", "Bearer wrong", "Basic abc", "Bearer " + "x" * 999, "Bearer \xe9"]
)
def test_without_a_good_token_nothing_is_shown(client, held, token):
    headers = {"Authorization": token} if token is not None else {}

    for path in ("comments", f"comments/{held}", "counts", "audit"):
        reply = client.get(f"/v1/moderation/{path}", headers=headers)
        assert (reply.status_code, reply.json["code"]) == (401, "unauthenticated")
        assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_a_moderator_sees_their_site_alone(look, decide, held, add_site, add_key):
    stranger = add_key(add_site("elsewhere"))

    assert look("/comments", headers=stranger).json["comments"] == []
    assert look(f"/comments/{held}", headers=stranger).status_code == 404
    assert decide(held, headers=stranger, verdict="publish", version=1).status_code == 404
    assert look("/counts", headers=stranger).json["held"] == 0
    assert look("/audit", headers=stranger).json["entries"] == []


def test_naming_another_site_is_not_found(look, add_site):
    assert look("/comments", site=add_site("elsewhere").key).status_code == 404


def test_a_reader_may_look_and_not_decide(add_key, site, look, decide, held):
    reader = add_key(site, Role.READER, "Stagiaire")

    assert look("/comments", headers=reader).status_code == 200
    reply = decide(held, headers=reader, verdict="publish", version=1)
    assert (reply.status_code, reply.json["code"]) == (403, "forbidden")


def test_uncertain_is_what_is_close_to_the_threshold_of_the_site_or_else_the_champion(
    look, remember, services, site, registry, model
):
    registry.promote(model("reigning", hold=0.3))
    services.model._looked_at = float("-inf")  # a second later
    for score in (0.1, 0.35, 0.62, 0.9):
        remember(score=score)

    def scores():
        return [one["score"] for one in look("/comments", order="uncertain").json["comments"]]

    assert scores() == [0.35, 0.1, 0.62, 0.9]

    with services.database.transaction() as transaction:
        transaction.sites.set_policy(site.id, replace(site.policy, hold_above=0.6))
    services.sites._known.clear()  # a second later
    assert scores() == [0.62, 0.35, 0.9, 0.1]


@pytest.mark.parametrize("path", ["models", "labels.jsonl"])
def test_operators_calls_are_for_operators(client, as_moderator, as_operator, path):
    assert client.get(f"/v1/{path}", headers=as_moderator).status_code == 403
    assert client.get(f"/v1/{path}", headers=as_operator).status_code == 200


def labels(client, headers, **query):
    reply = client.get("/v1/labels.jsonl", query_string=query, headers=headers)
    assert reply.status_code == 200
    return [client.application.json.loads(line) for line in reply.text.splitlines()]


def test_peoples_decisions_become_labels(client, send, decide, as_operator):
    verdicts = [
        ({"verdict": "publish"}, "ham"),
        ({"verdict": "reject", "reason": "SPAM"}, "spam"),
        ({"verdict": "reject", "reason": "AD"}, "spam"),
        ({"verdict": "reject", "reason": "ABUSIVE"}, "toxic"),
        ({"verdict": "reject", "reason": "OFF_TOPIC"}, "other"),
        ({"verdict": "hold"}, "other"),
    ]
    for n, (verdict, _) in enumerate(verdicts):
        decide(send(text=f"Commentaire numéro {n}, à classer.").json["id"], version=1, **verdict)
    undecided = send(text="Personne n’a rien décidé ici.").json["id"]

    rows = labels(client, as_operator)

    assert sorted((r["text"][19:20], r["label"]) for r in rows) == [
        (str(n), label) for n, (_, label) in enumerate(verdicts)
    ]
    assert undecided not in [r["id"] for r in rows]
    assert {r["lang"] for r in rows} == {"fr"}


def test_the_latest_decision_is_the_label(client, held, decide, as_operator, clock):
    decide(held, verdict="reject", reason="SPAM", version=1)
    clock.move(hours=1)
    decide(held, verdict="publish", version=2)

    assert [r["label"] for r in labels(client, as_operator)] == ["ham"]
    assert labels(client, as_operator, since="2026-11-23T14:00:00Z") == []
    assert len(labels(client, as_operator, since="2026-11-23T13:00:00")) == 1
    for since in ("soon", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00%2B23:59"):
        reply = client.get(f"/v1/labels.jsonl?since={since}", headers=as_operator)
        assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/since")


def test_an_operator_scores_texts(client, as_operator):
    texts = ["Bonjour et merci.", "", "é" * 5000]

    reply = client.post("/v1/score", json={"texts": texts}, headers=as_operator)

    assert reply.status_code == 200
    assert len(reply.json["scores"]) == 3
    assert all(0 <= score <= 1 for score in reply.json["scores"])
    assert reply.json["model"]
