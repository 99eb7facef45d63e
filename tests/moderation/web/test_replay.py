"""An answer given again is the answer the application would give, and ends when it would."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from places import ARTICLE, ORIGIN

from moderation.domain.finding import Verdict
from moderation.domain.site import CaptchaMode
from moderation.errors import StoreUnavailable
from moderation.storage.conversations import Conversations
from moderation.storage.database import Database
from moderation.web.logs import configure

SECOND_ORIGIN = "https://amp.gazette.example"
FRESH = {"X-Request-Id"}


@pytest.fixture
def ask(client, site):
    """Ask for the comments of the article."""

    def get(headers=None, **query):
        asked = {"site": site.key, "thread": ARTICLE, **query}
        return client.get("/v1/comments", query_string=asked, headers=headers)

    return get


@pytest.fixture
def reads(monkeypatch):
    """The pages that were read from the database, as it happens."""
    made = []
    former = Conversations.comments_of

    def spy(self, *args, **more):
        made.append(1)
        return former(self, *args, **more)

    monkeypatch.setattr(Conversations, "comments_of", spy)
    return made


@pytest.fixture
def now_and_then(monkeypatch, services):
    """Let the directory of sites ask the database each time: `SITE_SECONDS` are over."""
    monkeypatch.setattr("moderation.services.SITE_SECONDS", 0.0)


@pytest.fixture
def logged():
    """What was logged so far, entry by entry."""
    stream = io.StringIO()
    configure("info", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]

    structlog.reset_defaults()


def headers_of(reply):
    return {name: value for name, value in reply.headers if name not in FRESH}


def test_the_second_answer_is_the_first_again(remember, ask, reads):
    remember(verdict=Verdict.PUBLISH)

    for headers in ({}, {"Origin": ORIGIN}):
        first, second = ask(headers), ask(headers)
        assert (first.status_code, first.data) == (second.status_code, second.data)
        assert headers_of(first) == headers_of(second)
        assert len(second.headers["X-Request-Id"]) == 16
        assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert len(reads) == 2


def test_an_answer_is_given_again_to_pages_of_the_same_origin_only(remember, ask):
    remember(verdict=Verdict.PUBLISH)
    for _ in range(2):
        ask({"Origin": ORIGIN})

    plain, refused = ask(), ask({"Origin": "https://elsewhere.example"})

    assert "Access-Control-Allow-Origin" not in plain.headers
    assert (refused.status_code, refused.json["code"]) == (403, "origin_not_allowed")
    assert ask({"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize("is_again", [False, True])
def test_who_has_the_answer_gets_304_with_its_headers(remember, ask, is_again):
    remember(verdict=Verdict.PUBLISH)
    first = ask({"Origin": ORIGIN})
    etag = first.headers["ETag"]

    tag = etag if is_again else f'"other", {etag}'  # the list goes to the application
    reply = ask({"Origin": ORIGIN, "If-None-Match": tag})

    assert (reply.status_code, reply.data) == (304, b"")
    assert not {"Content-Type", "Content-Length"} & {name for name, _ in reply.headers}
    for name in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
        assert reply.headers[name] == first.headers[name]


def test_who_has_another_answer_gets_this_one(remember, ask):
    remember(verdict=Verdict.PUBLISH)
    first = ask()

    reply = ask({"If-None-Match": 'W/"other"'})

    assert (reply.status_code, reply.data) == (200, first.data)


def test_a_published_comment_ends_an_answer(remember, ask, rule):
    held = remember()
    empty = ask()
    assert ask().data == empty.data

    rule(held)

    assert [comment["id"] for comment in ask().json["comments"]] == [held.id]


def test_a_changed_policy_ends_an_answer(remember, ask, services, site, now_and_then):
    remember(verdict=Verdict.PUBLISH)
    before = ask()
    with services.database.transaction() as transaction:
        transaction.sites.set_policy(site.id, replace(site.policy, captcha=CaptchaMode.NEVER))

    after = ask({"If-None-Match": before.headers["ETag"]})

    assert (before.json["form"]["captcha"], after.json["form"]["captcha"]) == ("always", "never")


def test_an_origin_that_is_not_the_sites_any_more_gets_nothing(
    remember, ask, services, site, monkeypatch
):
    remember(verdict=Verdict.PUBLISH)
    for _ in range(2):
        assert ask({"Origin": ORIGIN}).status_code == 200

    moved = replace(site, origins=(SECOND_ORIGIN,))
    monkeypatch.setattr(services.sites, "by_key", lambda key: moved)

    assert ask({"Origin": ORIGIN}).status_code == 403


def test_a_page_closes_at_its_hour(remember, ask, services, site, clock, now_and_then):
    remember(verdict=Verdict.PUBLISH)
    policy = replace(site.policy, close_after=timedelta(days=1))
    with services.database.transaction() as transaction:
        transaction.sites.set_policy(site.id, policy)
    was_closed = [ask().json["form"]["is_closed"] for _ in range(2)]

    clock.move(days=1)

    assert was_closed == [False, False]
    assert ask().json["form"]["is_closed"]


def test_without_a_database_nothing_is_given_again(remember, ask, monkeypatch):
    remember(verdict=Verdict.PUBLISH)
    assert ask().status_code == ask().status_code == 200

    def fail(*_):
        raise StoreUnavailable("database")

    monkeypatch.setattr(Database, "standing", fail)
    reply = ask()

    assert (reply.status_code, reply.json["code"]) == (503, "unavailable")
    assert reply.headers["Retry-After"]


@pytest.mark.parametrize("asked", [{"limit": "0"}, {"site": "unknown"}, {"conversation": "x"}])
def test_refusals_are_not_kept(ask, asked):
    first, second = ask(**asked), ask(**asked)

    assert first.status_code == second.status_code
    assert first.status_code in (404, 422)
    assert first.data == second.data


def test_only_get_is_answered(client, site, remember, ask):
    remember(verdict=Verdict.PUBLISH)
    shown = ask()
    query = {"site": site.key, "thread": ARTICLE}

    head = client.head("/v1/comments", query_string=query)

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(shown.data))


def test_every_answer_is_logged_alike(remember, ask, logged):
    remember(verdict=Verdict.PUBLISH)

    replies = [ask(), ask()]

    lines = [line for line in logged() if line["event"] == "request"]
    assert [line["request_id"] for line in lines] == [
        reply.headers["X-Request-Id"] for reply in replies
    ]
    assert lines[0].keys() == lines[1].keys()
    assert {(line["method"], line["route"], line["status"]) for line in lines} == {
        ("GET", "/v1/comments", 200)
    }
