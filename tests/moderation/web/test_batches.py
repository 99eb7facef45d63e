"""Many comments decided about at once."""

from dataclasses import replace

import pytest
from places import ARTICLE

from moderation.domain.decision import AUTHOR, Reason, automatic
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.report import Report
from moderation.review import batches

SPAM = {"verdict": "reject", "reason": "SPAM"}


@pytest.fixture
def waiting(remember, clock):
    """Twelve comments that wait."""
    return [remember(f"Le mot {n}", score=n / 20).id for n in range(12)]


def test_a_dry_run_tells_how_many_and_changes_nothing(order, ask, waiting, outbox):
    reply = order("/batches", filter={"status": "held"}, dry_run=True, **SPAM)

    assert (reply.status_code, reply.json["batch"], reply.json["count"]) == (200, None, 12)
    assert len(reply.json["sample"]) == 10
    assert {one["status"] for one in reply.json["sample"]} == {"held"}
    assert ask("/counts").json == {"held": 12, "published": 0, "rejected": 0}
    assert ask("/audit").json["entries"] == []
    assert outbox() == []


def test_what_a_filter_finds_is_decided_about_when_it_answers(order, ask, waiting, outbox):
    reply = order("/batches", filter={"status": "held"}, note="vague", **SPAM)

    assert (reply.status_code, reply.json["count"]) == (201, 12)
    assert {(one["status"], one["version"]) for one in reply.json["sample"]} == {("rejected", 2)}
    assert ask("/counts").json == {"held": 0, "published": 0, "rejected": 12}
    entries = ask("/audit", limit="200").json["entries"]
    assert len(entries) == 12
    assert {(one["batch"], one["note"]) for one in entries} == {(reply.json["batch"], "vague")}
    told = outbox()
    assert {one["type"] for one in told} == {"comment.rejected"}
    assert sorted(one["data"]["comment"]["id"] for one in told) == sorted(waiting)


def test_named_comments_are_decided_about_once_however_often_they_are_named(order, ask, waiting):
    reply = order("/batches", ids=[*waiting[:3], waiting[0]], verdict="publish")

    assert reply.json["count"] == 3
    assert ask("/counts").json["published"] == 3


def test_a_batch_is_taken_back_as_a_whole(order, ask, waiting, noor, outbox):
    batch = order("/batches", ids=waiting[:5], **SPAM).json["batch"]

    reply = order(f"/batches/{batch}/undo", by=noor)

    assert reply.status_code == 201
    assert (reply.json["undoes"], reply.json["count"], reply.json["skipped"]) == (batch, 5, 0)
    assert ask("/counts").json == {"held": 12, "published": 0, "rejected": 0}
    entries = ask("/audit", limit="5").json["entries"]
    assert {one["batch"] for one in entries} == {reply.json["batch"]}
    assert all(one["undoes"] for one in entries)
    assert [one["type"] for one in outbox()].count("decision.undone") == 5


def test_a_batch_is_taken_back_once_and_its_undo_never(order, waiting):
    batch = order("/batches", ids=waiting[:2], **SPAM).json["batch"]
    undone = order(f"/batches/{batch}/undo").json["batch"]

    for again in (batch, undone):
        reply = order(f"/batches/{again}/undo")
        assert (reply.status_code, reply.json["code"]) == (409, "not_undoable")


def test_what_has_happened_since_to_a_comment_stays(order, ask, waiting, services, site, clock):
    batch = order("/batches", ids=waiting[:4], **SPAM).json["batch"]
    order(f"/comments/{waiting[0]}/decisions", verdict="publish", version=2)
    with services.database.transaction() as tx:
        edited = tx.comments.get(waiting[1], site.id)
        tx.decisions.decide(automatic(edited, Verdict.REJECT, AUTHOR, clock()), site.id)
        tx.decisions.withdraw(tx.comments.get(waiting[2], site.id), clock())

    reply = order(f"/batches/{batch}/undo")

    assert (reply.json["count"], reply.json["skipped"]) == (1, 3)
    assert ask(f"/comments/{waiting[0]}").json["status"] == "published"
    assert ask(f"/comments/{waiting[3]}").json["status"] == "held"


def test_one_decision_of_a_batch_can_be_taken_back_by_itself(order, ask, waiting):
    batch = order("/batches", ids=waiting[:2], **SPAM).json["batch"]
    made = ask(f"/comments/{waiting[0]}").json["history"][0]["id"]

    assert order(f"/decisions/{made}/undo").status_code == 201

    reply = order(f"/batches/{batch}/undo")
    assert (reply.json["count"], reply.json["skipped"]) == (1, 1)


@pytest.mark.parametrize("is_dry", [True, False])
def test_an_unknown_comment_among_them_undoes_all(order, ask, waiting, is_dry):
    reply = order("/batches", ids=[*waiting, "unknown"], dry_run=is_dry, **SPAM)

    assert reply.status_code in (404, 422)
    assert ask("/counts").json["held"] == 12


@pytest.mark.parametrize("is_dry", [True, False])
def test_comments_of_another_site_are_not_found_and_nothing_is_done(
    order, ask, waiting, add_site, add_key, is_dry, clock
):
    stranger = add_key(add_site("ailleurs"))

    reply = order("/batches", by=stranger, ids=waiting, dry_run=is_dry, **SPAM)

    assert (reply.status_code, reply.json["code"]) == (404, "not_found")
    assert ask("/counts").json["held"] == 12
    assert ask("/audit").json["entries"] == []


def test_a_batch_of_another_site_is_not_found(order, waiting, add_site, add_key):
    batch = order("/batches", ids=waiting, **SPAM).json["batch"]

    stranger = add_key(add_site("ailleurs"), Role.OPERATOR)

    assert order(f"/batches/{batch}/undo", by=stranger).status_code == 404


@pytest.mark.parametrize("is_dry", [True, False])
def test_too_many_at_once_are_refused_and_nothing_is_done(order, ask, waiting, monkeypatch, is_dry):
    monkeypatch.setattr(batches, "LARGEST", 11)

    reply = order("/batches", filter={"status": "held"}, dry_run=is_dry, **SPAM)

    assert (reply.status_code, reply.json["code"]) == (422, "batch_too_large")
    assert "11" in reply.json["detail"]
    assert ask("/counts").json["held"] == 12


def test_withdrawn_comments_are_passed_over(order, waiting, services, site, clock):
    with services.database.transaction() as tx:
        tx.decisions.withdraw(tx.comments.get(waiting[0], site.id), clock())

    assert order("/batches", ids=waiting[:3], **SPAM).json["count"] == 2


def test_a_filter_takes_every_parameter_of_the_list(
    order, ask, app, remember, services, site, clock
):
    found = remember("Une remarque à trouver", score=0.4)
    remember("Une autre", verdict=Verdict.PUBLISH)
    with services.database.transaction() as tx:
        made = automatic(found, Verdict.HOLD, AUTHOR, clock())
        tx.decisions.decide(replace(made, reason=Reason.AD), site.id)
        tx.reports.add(Report(new_id(clock()), found.id, Reason.SPAM, "", "r", clock()))
    asked = {
        "site": site.key,
        "status": "held",
        "reason": "AD",
        "q": "trouver",
        "author": "Lucie",
        "thread": ARTICLE,
        "language": "fr",
        "since": "2026-11-23T11:59:00Z",
        "until": "2026-11-23T12:01:00Z",
        "reported": True,
        "order": "reports",
    }
    parameters = app.spec["paths"]["/v1/moderation/comments"]["get"]["parameters"]
    listed = {one["name"] for one in parameters} - {"cursor", "limit", "finding", "batch"}
    assert listed == set(asked)

    reply = order("/batches", filter=asked, dry_run=True, verdict="publish")

    assert reply.status_code == 200, reply.json
    assert [one["id"] for one in reply.json["sample"]] == [found.id]
    none = order("/batches", filter={"finding": "absent"}, dry_run=True, verdict="publish")
    assert (none.json["count"], none.json["sample"]) == (0, [])


@pytest.mark.parametrize(
    "body",
    [
        {"verdict": "publish"},
        {"verdict": "publish", "ids": []},
        {"verdict": "publish", "ids": ["a"], "filter": {}},
        {"verdict": "reject", "filter": {}},
        {"verdict": "publish", "filter": {"status": "spam"}},
        {"verdict": "publish", "filter": {"cursor": "x"}},
        {"verdict": "publish", "filter": {}, "dry_run": "yes"},
        {"verdict": "publish", "filter": {"reported": "true"}},
    ],
    ids=str,
)
def test_a_batch_that_is_none_is_refused(order, ask, waiting, body):
    assert order("/batches", **body).status_code == 422
    assert ask("/counts").json["held"] == 12


def test_the_two_person_rule_holds_for_batches(order, ask, waiting, services, site, noor):
    with services.database.transaction() as tx:
        tx.sites.set_policy(site.id, replace(site.policy, two_person_rule=True))
    illegal = {"verdict": "reject", "reason": "ILLEGAL_CONTENT", "ids": waiting}

    first = order("/batches", **illegal)
    again = order("/batches", **illegal)

    assert {one["status"] for one in first.json["sample"]} == {"held"}
    assert (again.status_code, again.json["code"]) == (409, "second_person_needed")
    second = order("/batches", by=noor, **illegal)
    assert {one["status"] for one in second.json["sample"]} == {"rejected"}
    assert ask("/counts").json["rejected"] == 12


def test_the_comments_of_a_batch_are_listed(order, ask, waiting):
    batch = order("/batches", ids=waiting[:3], **SPAM).json["batch"]
    order("/batches", ids=waiting[3:5], **SPAM)

    def listed(**more):
        return {one["id"] for one in ask("/comments", batch=batch, **more).json["comments"]}

    assert listed() == listed(status="rejected") == set(waiting[:3])
    assert listed(status="held") == set()
    undo = order(f"/batches/{batch}/undo").json["batch"]
    assert listed(status="held") == set(waiting[:3])
    assert {one["id"] for one in ask("/comments", batch=undo).json["comments"]} == set(waiting[:3])
    assert ask("/comments", batch="nothing").json["comments"] == []
    again = order("/batches", filter={"batch": batch}, dry_run=True, verdict="publish")
    assert again.json["count"] == 3
