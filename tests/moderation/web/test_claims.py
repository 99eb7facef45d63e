"""The next comment, for one moderator at a time."""

import pytest

from moderation.domain.finding import Verdict


@pytest.fixture
def waiting(remember, clock):
    """Three comments that wait, the oldest first."""
    found = []
    for score in (0.2, 0.9, 0.5):
        found.append(remember(score=score).id)
        clock.move(seconds=1)
    return found


def test_next_is_the_oldest_with_who_holds_it_and_until_when(order, waiting):
    reply = order("/claims")

    assert reply.status_code == 201
    assert reply.json["id"] == waiting[0]
    assert reply.json["claim"] == {
        "moderator": "Camille",
        "expires_at": "2026-11-23T12:10:03.000Z",
    }


def test_two_moderators_never_get_the_same_one_and_asking_again_gives_the_next(
    order, noor, waiting
):
    given = [order("/claims").json["id"], order("/claims", by=noor).json["id"]]
    given.append(order("/claims").json["id"])

    assert given == waiting
    none_left = order("/claims", by=noor)
    assert (none_left.status_code, none_left.data) == (204, b"")


@pytest.mark.parametrize(
    ("wanted", "place"), [("newest", 2), ("score", 1), ("uncertain", 2), ("oldest", 0)]
)
def test_the_queue_has_the_orders_of_the_list(order, waiting, site, wanted, place, ask):
    first = ask("/comments", status="held", order=wanted).json["comments"][0]["id"]

    assert order("/claims", order=wanted, site=site.key).json["id"] == first
    if wanted != "uncertain":
        assert first == waiting[place]


def test_published_comments_are_not_in_the_queue_those_held_by_a_decision_are(
    order, remember, waiting
):
    remember(verdict=Verdict.PUBLISH)
    held = order(f"/comments/{waiting[0]}/decisions", verdict="hold", version=1)
    assert held.status_code == 201

    assert [order("/claims").json["id"] for _ in range(3)] == waiting
    assert order("/claims").status_code == 204


def test_lists_and_the_comment_itself_show_who_holds_it(order, ask, noor, waiting):
    order("/claims", by=noor)

    shown = {one["id"]: one["claim"] for one in ask("/comments").json["comments"]}

    assert shown[waiting[0]]["moderator"] == "Noor"
    assert [shown[one] for one in waiting[1:]] == [None, None]
    assert ask(f"/comments/{waiting[0]}").json["claim"]["moderator"] == "Noor"


def test_reading_the_comment_keeps_it(order, ask, noor, waiting, clock):
    order("/claims")
    clock.move(minutes=9)

    kept = ask(f"/comments/{waiting[0]}").json["claim"]["expires_at"]

    assert kept == "2026-11-23T12:19:03.000Z"
    clock.move(minutes=9)
    assert order("/claims", by=noor).json["id"] == waiting[1]


def test_somebody_elses_reading_does_not(order, ask, noor, waiting, clock):
    order("/claims")
    clock.move(minutes=9)

    shown = ask(f"/comments/{waiting[0]}", by=noor).json["claim"]

    assert shown["expires_at"] == "2026-11-23T12:10:03.000Z"
    clock.move(minutes=1)
    assert order("/claims", by=noor).json["id"] == waiting[0]


def test_a_comment_given_back_is_free(client, order, noor, camille, waiting):
    order("/claims")

    reply = client.delete(f"/v1/moderation/claims/{waiting[0]}", headers=camille)

    assert (reply.status_code, reply.data) == (204, b"")
    assert order("/claims", by=noor).json["id"] == waiting[0]


def test_only_leads_take_a_comment_out_of_somebodys_hands(client, order, noor, lead, waiting):
    order("/claims")
    path = f"/v1/moderation/claims/{waiting[0]}"

    assert client.delete(path, headers=noor).status_code == 404
    assert client.delete(path, headers=lead).status_code == 204
    assert client.delete(path, headers=lead).status_code == 404
    assert order("/claims", by=noor).json["id"] == waiting[0]


def test_a_decision_ends_the_claim_whoever_made_it(order, ask, noor, waiting):
    order("/claims")

    decided = order(f"/comments/{waiting[0]}/decisions", by=noor, verdict="hold", version=1)

    assert decided.json["comment"]["claim"] is None
    assert ask(f"/comments/{waiting[0]}").json["claim"] is None


def test_claims_do_not_clutter_the_audit(order, ask, waiting):
    order("/claims")

    assert ask("/audit").json["entries"] == []


@pytest.mark.parametrize("body", [{"order": "random"}, {"unknown": 1}, {"site": 1}], ids=str)
def test_a_claim_that_is_none_is_refused(order, body):
    assert order("/claims", **body).status_code == 422
