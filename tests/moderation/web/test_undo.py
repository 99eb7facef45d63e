"""Taking decisions back."""

import json
from dataclasses import replace

import pytest

from moderation.domain.decision import SERVICE, Reason, automatic
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.report import Report


@pytest.fixture
def comment(remember):
    return remember()


@pytest.fixture
def decide(order, clock):
    def post(comment_id, version=1, by=None, **body):
        clock.move(seconds=1)
        reply = order(
            f"/comments/{comment_id}/decisions",
            **({"by": by} if by else {}),
            version=version,
            **body,
        )
        assert reply.status_code == 201, reply.json
        return reply.json

    return post


def test_an_undo_is_a_new_decision_that_names_the_old_one(order, ask, comment, decide, noor):
    made = decide(comment.id, verdict="reject", reason="SPAM")["decision"]

    reply = order(f"/decisions/{made['id']}/undo", by=noor)

    assert reply.status_code == 201
    back = reply.json["decision"]
    assert (back["undoes"], back["moderator"], back["verdict"]) == (made["id"], "Noor", "hold")
    assert (reply.json["comment"]["status"], reply.json["comment"]["version"]) == ("held", 3)
    history = ask(f"/comments/{comment.id}").json["history"]
    assert [one["id"] for one in history] == [made["id"], back["id"]]
    entries = ask("/audit").json["entries"]
    assert [(one["id"], one["undoes"]) for one in entries] == [
        (back["id"], made["id"]),
        (made["id"], None),
    ]


def test_the_reason_of_before_is_back(order, ask, comment, decide):
    decide(comment.id, verdict="reject", reason="AD")
    made = decide(comment.id, version=2, verdict="publish")["decision"]
    assert ask("/comments", reason="AD").json["comments"] == []

    order(f"/decisions/{made['id']}/undo")

    (found,) = ask("/comments", reason="AD").json["comments"]
    assert (found["id"], found["status"]) == (comment.id, "rejected")


def test_a_decision_is_taken_back_once(order, comment, decide):
    made = decide(comment.id, verdict="publish")["decision"]
    undone = order(f"/decisions/{made['id']}/undo").json["decision"]

    for again in (made["id"], undone["id"]):
        reply = order(f"/decisions/{again}/undo")
        assert (reply.status_code, reply.json["code"]) == (409, "not_undoable")


def test_a_decision_that_others_have_followed_shows_the_present(order, comment, decide, noor):
    made = decide(comment.id, verdict="publish")["decision"]
    decide(comment.id, version=2, by=noor, verdict="reject", reason="SPAM")

    reply = order(f"/decisions/{made['id']}/undo")

    assert (reply.status_code, reply.json["code"]) == (409, "stale_version")
    assert (reply.json["current"]["status"], reply.json["current"]["version"]) == ("rejected", 3)


def test_what_the_service_decided_cannot_be_taken_back(order, comment, services, site, clock):
    made = automatic(comment, Verdict.PUBLISH, SERVICE, clock())
    with services.database.transaction() as tx:
        tx.decisions.decide(made, site.id)

    reply = order(f"/decisions/{made.id}/undo")

    assert (reply.status_code, reply.json["code"]) == (409, "not_undoable")


def test_a_comment_its_author_withdrew_stays_withdrawn(
    order, comment, decide, services, site, clock
):
    made = decide(comment.id, verdict="publish")["decision"]
    with services.database.transaction() as tx:
        tx.decisions.withdraw(tx.comments.get(comment.id, site.id), clock())

    assert order(f"/decisions/{made['id']}/undo").status_code == 404


@pytest.mark.parametrize("unknown", ["nothing", "%00"])
def test_a_decision_nobody_made_is_not_found(order, unknown):
    assert order(f"/decisions/{unknown}/undo").status_code == 404


def test_what_readers_reported_waits_again(order, ask, remember, decide, services, clock):
    published = remember(verdict=Verdict.PUBLISH)
    with services.database.transaction() as tx:
        tx.reports.add(Report(new_id(clock()), published.id, Reason.ABUSIVE, "", "r", clock()))
    made = decide(published.id, verdict="publish")
    assert made["comment"]["reports"] == 0

    reply = order(f"/decisions/{made['decision']['id']}/undo")

    assert reply.json["comment"]["reports"] == 1
    (found,) = ask("/comments", order="reports").json["comments"]
    assert found["id"] == published.id
    assert ask(f"/comments/{published.id}").json["readers_reports"][0]["resolved_at"] is None


def test_what_was_taken_back_teaches_nothing(client, order, comment, decide, as_operator):
    decide(comment.id, verdict="reject", reason="SPAM")
    made = decide(comment.id, version=2, verdict="publish")["decision"]

    def labels():
        reply = client.get("/v1/labels.jsonl", headers=as_operator)
        return [json.loads(line)["label"] for line in reply.text.splitlines()]

    assert labels() == ["ham"]
    order(f"/decisions/{made['id']}/undo")
    assert labels() == ["spam"]


def test_webhooks_are_told_of_decision_and_undo(order, comment, decide, outbox):
    made = decide(comment.id, verdict="reject", reason="SPAM")["decision"]
    order(f"/decisions/{made['id']}/undo")

    told = outbox()

    assert sorted(one["type"] for one in told) == [
        "comment.held",
        "comment.rejected",
        "decision.undone",
    ]
    (undone,) = (one for one in told if one["type"] == "decision.undone")
    assert undone["data"]["decision"] == made["id"]
    assert "courriel" not in json.dumps(told)


@pytest.fixture
def careful(services, site):
    """The site asks for two people where content is illegal."""
    with services.database.transaction() as tx:
        tx.sites.set_policy(site.id, replace(site.policy, two_person_rule=True))


ILLEGAL = {"verdict": "reject", "reason": "ILLEGAL_CONTENT"}


def test_illegal_content_is_held_until_a_second_person_agrees(
    order, comment, decide, careful, noor
):
    first = decide(comment.id, **ILLEGAL)
    assert (first["comment"]["status"], first["decision"]["reason"]) == ("held", "ILLEGAL_CONTENT")

    again = order(f"/comments/{comment.id}/decisions", version=2, **ILLEGAL)
    assert (again.status_code, again.json["code"]) == (409, "second_person_needed")

    second = decide(comment.id, version=2, by=noor, **ILLEGAL)
    assert second["comment"]["status"] == "rejected"


def test_a_stale_version_is_told_before_anything_else(order, comment, decide, careful):
    decide(comment.id, **ILLEGAL)

    late = order(f"/comments/{comment.id}/decisions", version=1, **ILLEGAL)

    assert (late.status_code, late.json["code"]) == (409, "stale_version")


def test_a_proposal_taken_back_is_none(order, comment, decide, careful, noor):
    first = decide(comment.id, **ILLEGAL)["decision"]
    order(f"/decisions/{first['id']}/undo")

    second = decide(comment.id, version=3, by=noor, **ILLEGAL)

    assert second["comment"]["status"] == "held"


def test_a_proposal_about_a_text_that_was_changed_is_none(
    order, comment, decide, careful, noor, services, site, clock
):
    decide(comment.id, **ILLEGAL)
    with services.database.transaction() as tx:
        now = tx.comments.get(comment.id, site.id)
        tx.decisions.decide(automatic(now, Verdict.HOLD, "author", clock()), site.id)

    second = decide(comment.id, version=3, by=noor, **ILLEGAL)

    assert second["comment"]["status"] == "held"


def test_readers_and_other_sites_take_nothing_back(order, comment, decide, add_key, add_site, site):
    made = decide(comment.id, verdict="publish")["decision"]

    stranger = add_key(add_site("ailleurs"), Role.LEAD)
    reader = add_key(site, Role.READER)

    assert order(f"/decisions/{made['id']}/undo", by=stranger).status_code == 404
    assert order(f"/decisions/{made['id']}/undo", by=reader).status_code == 403
