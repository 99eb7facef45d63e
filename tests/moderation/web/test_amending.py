"""Authors change and withdraw what they wrote; readers report what others wrote."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from places import ARTICLE, ORIGIN

from moderation.domain.moment import moment
from moderation.domain.site import CaptchaMode

LINKS = "Voir https://a.example https://b.example https://c.example et https://d.example"
BETTER = "La halle a retrouvé son marché du samedi ; j’y étais dès sept heures."


@pytest.fixture
def sent(send):
    return send().json


@pytest.fixture
def change(client):
    def patch(sent, text=BETTER, **headers):
        headers = {"Authorization": f"Bearer {sent['edit_token']}", **headers}
        return client.patch(f"/v1/comments/{sent['id']}", json={"text": text}, headers=headers)

    return patch


@pytest.fixture
def remove(client):
    def delete(sent):
        headers = {"Authorization": f"Bearer {sent['edit_token']}"}
        return client.delete(f"/v1/comments/{sent['id']}", headers=headers)

    return delete


@pytest.fixture
def shown(client, site):
    def read():
        query = {"site": site.key, "thread": ARTICLE}
        return client.get("/v1/comments", query_string=query).json["comments"]

    return read


@pytest.fixture
def item(client, as_moderator):
    def read(sent):
        return client.get(f"/v1/moderation/comments/{sent['id']}", headers=as_moderator).json

    return read


@pytest.fixture
def report(client, challenge):
    def post(sent, address="203.0.113.1", **body):
        body = {"reason": "OFFENSIVE", "captcha": challenge(), **body}
        return client.post(
            f"/v1/comments/{sent['id']}/reports",
            json={name: value for name, value in body.items() if value is not None},
            environ_base={"REMOTE_ADDR": address},
        )

    return post


def codes(seen):
    return [finding["code"] for finding in seen["findings"]]


def test_an_author_changes_a_comment(sent, change, shown, clock):
    clock.move(minutes=3)

    reply = change(sent)

    assert reply.status_code == 200
    assert reply.json["status"] == "published"
    assert reply.json["comment"]["text"] == BETTER
    (comment,) = shown()
    assert comment["text"] == BETTER
    assert comment["edited_at"] == "2026-11-23T12:03:00.000Z"


def test_the_receipt_says_until_when_it_can_be_changed(sent):
    assert sent["editable_until"] == "2026-11-23T12:15:00.000Z"


def test_nobody_slips_links_in_afterwards(sent, change, shown, item):
    reply = change(sent, LINKS)

    assert reply.json["status"] == "received"
    assert reply.json["comment"] is None
    assert shown() == []
    seen = item(sent)
    assert seen["status"] == "held"
    assert "too_many_links" in codes(seen)
    assert seen["former_texts"][0]["text"].startswith("La halle a retrouvé")
    assert seen["history"][0]["moderator"] == "author"


def test_a_held_comment_is_not_published_by_changing_it(send, change, shown, item):
    held = send(text=LINKS).json

    reply = change(held)

    assert reply.json["status"] == "received"
    assert shown() == []
    assert "edited_while_held" in codes(item(held))
    assert "too_many_links" not in codes(item(held))


def test_after_the_window_a_comment_stays_what_it_is(sent, change, remove, shown, clock):
    clock.move(minutes=15)

    for reply in (change(sent), remove(sent)):
        assert reply.status_code == 409
        assert reply.json["code"] == "edit_closed"
    assert shown()[0]["text"] != BETTER


@pytest.fixture
def decide(client, as_moderator):
    def post(sent, verdict, version=1):
        reason = "SPAM" if verdict == "reject" else None
        body = {"verdict": verdict, "reason": reason, "version": version}
        path = f"/v1/moderation/comments/{sent['id']}/decisions"
        reply = client.post(path, json=body, headers=as_moderator)
        assert reply.status_code == 201

    return post


def test_an_author_does_not_learn_what_a_moderator_decided(send, change, remove, decide):
    held, rejected = send(text=LINKS).json, send(text=f"{LINKS} https://e.example").json
    decide(rejected, "reject")

    first, second = change(held), change(rejected, f"{BETTER} Vraiment.")

    told = [
        {k: v for k, v in r.json.items() if k in ("status", "comment")} for r in (first, second)
    ]
    assert first.status_code == second.status_code == 200
    assert told == [{"status": "received", "comment": None}] * 2
    assert [remove(held).status_code, remove(rejected).status_code] == [204, 204]


def test_a_rejected_comment_stays_so_and_teaches_with_the_text_that_was_read(
    send, change, decide, item, client, as_operator
):
    rejected = send(text=LINKS).json
    decide(rejected, "reject")

    change(rejected)

    assert (item(rejected)["status"], item(rejected)["text"]) == ("rejected", BETTER)
    (label,) = client.get("/v1/labels.jsonl", headers=as_operator).text.splitlines()
    assert json.loads(label)["text"] == LINKS


def test_edits_at_the_same_moment_are_all_carried_out(sent, app, item):
    def edit(n):
        return app.test_client().patch(
            f"/v1/comments/{sent['id']}",
            json={"text": f"{BETTER} Version {n}."},
            headers={"Authorization": f"Bearer {sent['edit_token']}"},
        )

    with ThreadPoolExecutor(16) as hands:
        statuses = [reply.status_code for reply in hands.map(edit, range(16))]

    assert statuses == [200] * 16
    assert len(item(sent)["former_texts"]) == 16


def test_strangers_do_not_use_up_an_authors_right_to_edit(sent, client, change):
    for n in range(300):
        client.patch(
            "/v1/comments/nothing",
            json={"text": "x"},
            headers={"Authorization": "Bearer edit_x"},
            environ_base={"REMOTE_ADDR": f"198.51.{n // 100}.{n % 100}"},
        )

    assert change(sent).status_code == 200


def test_edits_are_limited_by_the_policy_of_the_comments_own_site(add_site, send, change):
    site = add_site("serrée", comments_per_client="3 per minute", captcha=CaptchaMode.NEVER)
    sent = send(site=site.key, captcha=None).json

    statuses = [change(sent, f"{BETTER} {n}").status_code for n in range(4)]

    assert statuses == [200, 200, 429, 429]  # sending it was the first


def test_where_only_the_unsure_are_asked_an_edit_in_doubt_waits(add_site, send, change):
    site = add_site("prudente", captcha=CaptchaMode.UNSURE)
    sent = send(site=site.key, captcha=None).json

    reply = change(sent, "Gagnez de l argent avec mon site")

    assert reply.json["status"] == "received"


@pytest.mark.parametrize("token", ["", "edit_", "edit_" + "A" * 32, "é", "mod_" + "A" * 43])
def test_only_the_author_has_the_token(sent, client, token):
    path = f"/v1/comments/{sent['id']}"
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}

    assert client.patch(path, json={"text": BETTER}, headers=headers).status_code == 401
    assert client.delete(path, headers=headers).status_code == 401
    assert client.delete(path).status_code == 401


def test_one_comments_token_does_not_open_another(send, client):
    first, second = send().json, send(text=BETTER).json

    reply = client.delete(
        f"/v1/comments/{first['id']}", headers={"Authorization": f"Bearer {second['edit_token']}"}
    )

    assert reply.status_code == 401


def test_an_author_withdraws_a_comment(sent, remove, shown, item):
    assert remove(sent).status_code == 204

    assert shown() == []
    seen = item(sent)
    assert (seen["status"], seen["text"], seen["author"]["email"]) == ("withdrawn", "", "")
    assert remove(sent).status_code == 404


def test_an_edit_from_another_page_is_refused(sent, change):
    assert change(sent, Origin="https://elsewhere.example").json["code"] == "origin_not_allowed"
    allowed = change(sent, Origin=ORIGIN)
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_text_that_says_nothing_changes_nothing(sent, change, shown):
    assert change(sent, "  ").status_code == 422
    assert shown()[0]["edited_at"] is None


def test_a_reader_reports_a_comment(sent, report, item):
    reply = report(sent, text="Ce sont des injures.")

    assert (reply.status_code, reply.json) == (202, {"status": "received"})
    seen = item(sent)
    assert seen["reports"] == 1
    assert seen["readers_reports"][0]["text"] == "Ce sont des injures."
    assert seen["readers_reports"][0]["reason"] == "OFFENSIVE"


def test_a_second_report_by_the_same_reader_is_thanked_and_not_counted(sent, report, item):
    replies = [report(sent), report(sent, reason="SPAM")]

    assert [reply.status_code for reply in replies] == [202, 202]
    assert item(sent)["reports"] == 1


def test_enough_readers_make_a_comment_wait(sent, report, shown, item):
    for n in range(5):
        assert len(shown()) == 1
        report(sent, address=f"203.0.113.{n}")

    assert shown() == []
    seen = item(sent)
    assert seen["status"] == "held"
    assert seen["findings"][-1]["message"].startswith("Signalé par 5 lecteurs")


def test_what_a_person_published_stays_published_however_many_report_it(
    sent, report, shown, client, as_moderator
):
    client.post(
        f"/v1/moderation/comments/{sent['id']}/decisions",
        json={"verdict": "publish", "version": 1},
        headers=as_moderator,
    )

    for n in range(6):
        report(sent, address=f"203.0.113.{n}")

    assert len(shown()) == 1


def test_what_a_person_published_may_wait_again_once_its_author_has_changed_it(
    sent, change, report, decide, shown, item
):
    decide(sent, "publish")
    change(sent)

    for n in range(5):
        assert len(shown()) == 1
        report(sent, address=f"203.0.113.{n}")

    assert shown() == []
    decide(sent, "publish", version=item(sent)["version"])
    for n in range(5, 11):
        report(sent, address=f"203.0.113.{n}")
    assert len(shown()) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"reason": "BANNED_WORD"}, 422),
        ({"reason": "nothing"}, 422),
        ({"text": "x" * 1001}, 422),
        ({"captcha": None}, 422),
        ({"captcha": {"token": "x", "answer": "1"}}, 403),
    ],
)
def test_a_report_that_cannot_be_accepted_counts_for_nothing(sent, report, item, body, status):
    assert report(sent, **body).status_code == status
    assert item(sent)["reports"] == 0


def test_only_what_readers_see_can_be_reported(send, report):
    held = send(text=LINKS).json

    assert report(held).status_code == 404
    assert report({"id": "nothing"}).status_code == 404


def test_where_no_captcha_is_asked_a_report_needs_none(add_site, send, report):
    site = add_site("libre", captcha=CaptchaMode.NEVER, edit_window=timedelta(0))
    sent = send(site=site.key, captcha=None).json

    assert report(sent, captcha=None).status_code == 202
    assert sent["editable_until"] is None


def test_a_request_repeated_after_a_withdrawal_finds_nothing(client, comment, remove):
    body, key = comment(), {"Idempotency-Key": "once"}
    sent = client.post("/v1/comments", json=body, headers=key).json
    remove(sent)

    assert client.post("/v1/comments", json=body, headers=key).status_code == 404


def test_what_was_said_about_a_withdrawn_comment_goes_with_it(sent, report, remove, item):
    report(sent, text="Il écrit que la halle a retrouvé son marché.")

    remove(sent)

    (left,) = item(sent)["readers_reports"]
    assert left["text"] == ""
    assert left["resolved_at"]


def test_who_reports_illegal_content_gets_a_receipt_and_gets_it_again(sent, report, item, clock):
    received = moment(clock())
    first = report(sent, reason="ILLEGAL_CONTENT", text="Une menace.")
    clock.move(minutes=1)
    again = report(sent, reason="ILLEGAL_CONTENT", text="Toujours.")
    another = report(sent, "203.0.113.2", reason="ILLEGAL_CONTENT")

    receipt = first.json["report"]
    assert first.status_code == 202
    assert receipt.keys() == {"id", "reason", "created_at", "receipt_url"}
    assert (receipt["reason"], receipt["created_at"]) == ("ILLEGAL_CONTENT", received)
    assert again.json == first.json
    assert another.json["report"]["id"] != receipt["id"]
    seen = item(sent)
    assert seen["reports"] == 2
    assert seen["readers_reports"][0]["id"] == receipt["id"]
    assert seen["readers_reports"][0]["text"] == "Une menace."


def test_who_reports_something_else_at_first_gets_a_receipt_all_the_same(sent, report, item):
    plain = report(sent)
    first = report(sent, reason="ILLEGAL_CONTENT", text="Une menace.")
    later = report(sent, reason="SPAM")

    assert "report" not in plain.json
    assert later.json == first.json
    (kept,) = item(sent)["readers_reports"]
    assert (kept["reason"], kept["text"]) == ("ILLEGAL_CONTENT", "Une menace.")
    assert item(sent)["reports"] == 1


def test_moderators_find_what_was_reported(client, sent, report, as_moderator):
    report(sent, reason="ILLEGAL_CONTENT")

    def found(reported):
        query = {"reported": reported, "status": "published"}
        path = "/v1/moderation/comments"
        return client.get(path, query_string=query, headers=as_moderator).json["comments"]

    assert [one["id"] for one in found("true")] == [sent["id"]]
    assert found("false") == []
