"""Webhooks by HTTP: operators enter, rotate, remove and look; nobody reads a secret twice."""

import json
from base64 import b64decode
from dataclasses import replace

import pytest

from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.domain.key import Role, Scope
from moderation.domain.webhook import Because
from moderation.webhooks.addresses import Addresses
from moderation.webhooks.subscribe import LONGEST_URL, MOST_WEBHOOKS

URL = "https://93.184.216.34/hooks?key=hidden"
HELD = EventType.COMMENT_HELD


@pytest.fixture
def enter(client, as_operator):
    def post(url=URL, events=("comment.held",), headers=as_operator):
        body = {"url": url, "events": list(events)}
        return client.post("/v1/webhooks", json=body, headers=headers)

    return post


@pytest.fixture
def happen(services, site, clock):
    def put(kind=HELD):
        event = Event(new_id(clock()), kind, site.id, {"n": "é"}, clock())
        with services.database.transaction() as transaction:
            transaction.outbox.put(event)
        return event.id

    return put


@pytest.fixture
def audit(client, as_moderator):
    def read():
        reply = client.get("/v1/moderation/audit", headers=as_moderator)
        return [one for one in reply.json["entries"] if one["kind"] == "webhook"]

    return read


def test_the_secret_is_shown_once(enter, client, as_operator, audit):
    made = enter(events=["comment.held", "model.drift", "comment.held"])

    assert made.status_code == 201
    shown = dict(made.json)
    secret = shown.pop("secret")
    assert secret.startswith("whsec_")
    assert len(b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    listed = client.get("/v1/webhooks", headers=as_operator)
    assert listed.json == {"webhooks": [shown]}
    assert shown["events"] == ["comment.held", "model.drift"]
    (entry,) = audit()
    assert (entry["action"], entry["webhook"]) == ("add", shown["id"])
    assert (entry["moderator"], entry["url"]) == ("Dominique", "https://93.184.216.34")
    assert secret not in json.dumps(audit())
    assert "hidden" not in json.dumps(audit())


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://93.184.216.34/", "not_a_url"),
        ("journal.example", "not_a_url"),
        ("https://", "not_a_url"),
        ("https://[::1", "not_a_url"),
        ("https://a.example:99999/", "not_a_url"),
        ("https://a.example:0/", "not_a_url"),
        ("https://a.example/a b", "not_a_url"),
        ("https://é.example/", "not_a_url"),
        ("https://user:secret@a.example/", "credentials_in_url"),
        ("https://@a.example/", "credentials_in_url"),
        ("https://a.example/" + "x" * LONGEST_URL, "too_long"),
        ("http://127.0.0.1:8000/", "address_refused"),
        ("http://2130706433/", "address_refused"),
        ("http://[::1]/", "address_refused"),
        ("http://[::ffff:a00:1]/", "address_refused"),
        ("http://169.254.169.254/latest/meta-data", "address_refused"),
        ("http://localhost/", "address_refused"),
        ("http://a\r\nHost: b/", "control_characters"),
    ],
)
def test_an_address_that_must_not_be_called_is_refused(enter, client, as_operator, url, code):
    reply = enter(url)

    assert reply.status_code == 422
    assert [(one["pointer"], one["code"]) for one in reply.json["errors"]] == [("/url", code)]
    assert client.get("/v1/webhooks", headers=as_operator).json == {"webhooks": []}


def test_a_name_that_leads_to_a_private_address_is_refused(app, enter, services):
    addresses = Addresses(lambda host, port: ["93.184.216.34", "10.0.0.1"])
    app.extensions["moderation"] = replace(services, addresses=addresses)

    assert enter("https://hooks.example/").json["errors"][0]["pointer"] == "/url"


def test_a_name_that_nobody_knows_yet_is_accepted(app, enter, services):
    def resolve(host, port):
        raise OSError("no such name")

    app.extensions["moderation"] = replace(services, addresses=Addresses(resolve))

    assert enter("https://soon.example/").status_code == 201


@pytest.mark.parametrize(
    "events", [[], ["comment.eaten"], "comment.held", [None], ["comment.held"] * 20], ids=str
)
def test_only_events_there_are_can_be_asked_for(client, as_operator, events):
    reply = client.post("/v1/webhooks", json={"url": URL, "events": events}, headers=as_operator)

    assert reply.status_code == 422
    assert reply.json["errors"][0]["pointer"].startswith("/events")


def test_a_site_has_no_more_than_twenty(enter):
    assert [enter().status_code for _ in range(MOST_WEBHOOKS)] == [201] * MOST_WEBHOOKS

    refused = enter()

    assert (refused.status_code, refused.json["code"]) == (409, "too_many_webhooks")
    assert "20" in refused.json["detail"]


def test_a_new_secret_leaves_the_former_one_good_for_a_day(enter, client, as_operator, audit):
    made = enter().json

    reply = client.post(f"/v1/webhooks/{made['id']}/rotate", headers=as_operator)

    assert reply.status_code == 200
    assert reply.json["secret"] != made["secret"]
    assert reply.json["former_secret_until"] == "2026-11-24T12:00:00.000Z"
    assert [entry["action"] for entry in audit()] == ["rotate", "add"]
    assert "whsec" not in json.dumps(audit())


def test_a_removed_webhook_is_gone(enter, client, as_operator, audit):
    path = f"/v1/webhooks/{enter().json['id']}"

    assert client.delete(path, headers=as_operator).status_code == 204

    assert client.delete(path, headers=as_operator).status_code == 404
    assert client.get(f"{path}/deliveries", headers=as_operator).status_code == 404
    assert client.get("/v1/webhooks", headers=as_operator).json == {"webhooks": []}
    assert [entry["action"] for entry in audit()] == ["remove", "add"]


def test_a_disabled_webhook_says_why_and_can_be_enabled(
    enter, client, as_operator, services, site, clock, audit
):
    webhook_id = enter().json["id"]
    with services.database.transaction() as transaction:
        transaction.webhooks.disable(webhook_id, site.id, Because.GONE, clock())
    (disabled,) = client.get("/v1/webhooks", headers=as_operator).json["webhooks"]

    enabled = [
        client.post(f"/v1/webhooks/{webhook_id}/enable", headers=as_operator) for _ in range(2)
    ]

    assert disabled["disabled_because"] == "gone"
    assert disabled["disabled_at"] == "2026-11-23T12:00:00.000Z"
    assert [one.json["disabled_at"] for one in enabled] == [None, None]
    assert [entry["action"] for entry in audit()] == ["enable", "add"]


def test_deliveries_are_shown_by_the_page_and_can_be_replayed(
    enter, happen, client, as_operator, clock
):
    path = f"/v1/webhooks/{enter().json['id']}/deliveries"
    ids = []
    for _ in range(3):
        ids.append(happen())
        clock.move(seconds=1)

    first = client.get(path, query_string={"limit": 2}, headers=as_operator).json
    rest = client.get(
        path, query_string={"limit": 2, "cursor": first["next"]}, headers=as_operator
    ).json
    begun = client.post(f"{path}/{ids[0]}/replay", headers=as_operator)

    shown = first["deliveries"] + rest["deliveries"]
    assert [one["id"] for one in shown] == ids[::-1]
    assert rest["next"] is None
    assert (shown[0]["status"], shown[0]["attempts"], shown[0]["error"]) == ("waiting", 0, "")
    assert json.loads(shown[0]["body"])["data"] == {"n": "é"}
    assert begun.status_code == 202
    assert begun.json["next_at"] == "2026-11-23T12:00:03.000Z"
    unknown = client.post(f"{path}/{new_id(clock())}/replay", headers=as_operator)
    assert unknown.status_code == 404


def test_another_sites_webhooks_are_not_there(enter, happen, client, add_site, add_key):
    webhook_id, event_id = enter().json["id"], happen()
    stranger = add_key(add_site("autre"), Role.OPERATOR)
    path = f"/v1/webhooks/{webhook_id}"

    replies = [
        client.get(f"{path}/deliveries", headers=stranger),
        client.post(f"{path}/deliveries/{event_id}/replay", headers=stranger),
        client.post(f"{path}/rotate", headers=stranger),
        client.post(f"{path}/enable", headers=stranger),
        client.delete(path, headers=stranger),
    ]

    assert [reply.status_code for reply in replies] == [404] * 5
    assert client.get("/v1/webhooks", headers=stranger).json == {"webhooks": []}


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR, Role.LEAD])
def test_webhooks_are_for_operators(enter, client, add_key, site, role):
    assert enter(headers=add_key(site, role)).status_code == 403
    assert client.get("/v1/webhooks", headers=add_key(site, role)).status_code == 403
    assert client.get("/v1/webhooks").status_code == 401


def test_a_token_for_something_else_opens_no_webhooks(enter, services, site, clock):
    with services.database.transaction() as transaction:
        token = transaction.keys.add(site, Role.OPERATOR, "Robot", clock(), scopes=[Scope.MODELS])

    assert enter(headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_a_comment_is_told_with_what_happened_to_it(enter, send, client, as_operator):
    webhook = enter(events=["comment.received", "comment.published"]).json

    sent = send(headers=None)

    assert sent.status_code == 201
    path = f"/v1/webhooks/{webhook['id']}/deliveries"
    told = client.get(path, headers=as_operator).json["deliveries"]
    bodies = [json.loads(one["body"]) for one in told]
    assert {one["type"] for one in bodies} == {"comment.received", "comment.published"}
    assert all(one["data"]["comment"]["id"] == sent.json["id"] for one in bodies)
    assert "courriel.example" not in json.dumps(bodies)
