"""What readers are shown: pages, conversations, what a form needs to know; never anything stale."""

from datetime import timedelta

import pytest
from places import ARTICLE, ORIGIN

from moderation.domain.site import CaptchaMode
from moderation.storage.conversations import FIRST_REPLIES, Conversations

OTHER = f"{ORIGIN}/autre"
WALKED = ("comments_of", "of", "around")


@pytest.fixture
def ask(client, site):
    """Ask for comments: `ask(view="threaded")`."""

    def get(headers=None, **query):
        asked = {"site": site.key, "thread": ARTICLE, **query}
        return client.get("/v1/comments", query_string=asked, headers=headers)

    return get


@pytest.fixture
def read(ask):
    """Return what is shown."""

    def get(**query):
        reply = ask(**query)
        assert reply.status_code == 200, reply.text
        return reply.json

    return get


@pytest.fixture
def talk(send, clock):
    """Send a comment that is published, and return its receipt: `talk(parent=…)`."""

    def say(**body):
        clock.move(seconds=1)
        body.setdefault("text", f"Remarque de {clock():%H h %M min %S}, merci pour l’article.")
        sent = send(**body)
        assert sent.status_code == 201, sent.text
        return sent.json

    return say


@pytest.fixture
def change(client):
    """Let an author act: `change(receipt, text=…)` amends, `change(receipt)` withdraws."""

    def act(receipt, **body):
        headers = {"Authorization": f"Bearer {receipt['edit_token']}"}
        method, code = (client.patch, 200) if body else (client.delete, 204)
        reply = method(f"/v1/comments/{receipt['id']}", headers=headers, json=body or None)
        assert reply.status_code == code, reply.text

    return act


@pytest.fixture
def reads(monkeypatch):
    """The reads of comments that were not spared, as they happen."""
    made = []
    for name in WALKED:
        former = getattr(Conversations, name)

        def spy(self, *args, former=former, name=name, **more):
            made.append(name)
            return former(self, *args, **more)

        monkeypatch.setattr(Conversations, name, spy)
    return made


def ids(shown):
    return [comment["id"] for comment in shown["comments"]]


def test_a_flat_page_has_no_conversations(talk, read):
    talk()

    shown = read()

    assert shown["conversations"] is None
    assert (len(shown["comments"]), shown["count"], shown["next"]) == (1, 1, None)


def test_a_reader_sees_conversations_each_with_its_first_replies(talk, read):
    first, second = talk(), talk()
    replies = [talk(parent=first["id"])["id"] for _ in range(FIRST_REPLIES + 2)]

    shown = read(view="threaded")

    assert ids(shown) == [second["id"], first["id"], *replies[:FIRST_REPLIES]]
    assert [(one["id"], one["replies"]) for one in shown["conversations"]] == [
        (second["id"], 0),
        (first["id"], len(replies)),
    ]
    assert (shown["count"], shown["next"]) == (len(replies) + 2, None)
    rest = read(conversation=first["id"], cursor=shown["conversations"][1]["next"])
    assert ids(rest) == replies[FIRST_REPLIES:]
    assert rest["conversations"] == [{"id": first["id"], "replies": len(replies), "next": None}]


def test_conversations_are_turned_page_by_page(talk, read):
    sent = [talk()["id"] for _ in range(5)]

    for order, expected in (("newest", sent[::-1]), ("oldest", sent)):
        seen, cursor = [], {}
        for _ in range(3):
            shown = read(view="threaded", order=order, limit=2, **cursor)
            seen += ids(shown)
            cursor = {"cursor": shown["next"]}
        assert (seen, shown["next"]) == (expected, None)


def test_a_conversation_outlives_the_comment_that_began_it(talk, read, change):
    root = talk()
    reply = talk(parent=root["id"])
    change(root)

    shown = read(view="threaded")

    assert ids(shown) == [reply["id"]]
    assert shown["comments"][0]["root"] == root["id"]
    assert shown["conversations"] == [{"id": root["id"], "replies": 1, "next": None}]


def test_any_comment_leads_to_its_conversation(talk, read, ask):
    root = talk()
    reply = talk(parent=root["id"])
    nested = talk(parent=reply["id"])
    talk()

    for comment in (root, reply, nested):
        shown = read(conversation=comment["id"])
        assert ids(shown) == [root["id"], reply["id"], nested["id"]]
    first = read(conversation=root["id"], limit=2)
    assert ids(read(conversation=nested["id"], limit=2, cursor=first["next"])) == [nested["id"]]


def test_a_form_learns_what_it_needs_to_know(read, add_site, services):
    site = add_site("other", locale="en-GB", captcha=CaptchaMode.UNSURE)
    voiced = services.captcha.can_speak("en")

    form = read(site=site.key)["form"]

    assert form == {
        "locale": "en-GB",
        "captcha": "unsure",
        "display": "text",
        "has_audio": voiced,
        "has_pow": form["has_pow"],
        "is_closed": False,
        "edit_seconds": 900,
        "longest_text": 10_000,
    }


def test_what_is_asked_twice_is_read_once(talk, ask, reads):
    talk()

    for view in ("flat", "threaded"):
        first, second = ask(view=view), ask(view=view)
        assert first.data == second.data
    assert reads == ["comments_of", "of"]


@pytest.mark.parametrize("asked", [{}, {"view": "threaded"}, {"conversation": "root"}])
def test_nothing_stale_is_ever_shown(talk, ask, read, change, client, as_moderator, asked):
    root = talk()
    asked = {name: root["id"] if value == "root" else value for name, value in asked.items()}
    tag = {"If-None-Match": ask(**asked).headers["ETag"]}

    def shown():
        """Return what is new since the last call; fail if nothing is."""
        assert ask(headers=tag, **asked).status_code == 200
        reply = ask(**asked)
        tag["If-None-Match"] = reply.headers["ETag"]
        assert ask(headers=tag, **asked).status_code == 304
        return {comment["id"]: comment for comment in reply.json["comments"]}

    reply = talk(parent=root["id"])
    assert shown().keys() == {root["id"], reply["id"]}
    change(reply, text="La halle a retrouvé son marché du samedi.")
    assert shown()[reply["id"]]["text"] == "La halle a retrouvé son marché du samedi."
    url = f"/v1/moderation/comments/{reply['id']}/decisions"
    verdict = {"verdict": "reject", "reason": "OFFENSIVE", "version": 2}
    assert client.post(url, json=verdict, headers=as_moderator).status_code == 201
    assert shown().keys() == {root["id"]}
    second = talk(parent=root["id"])
    assert shown().keys() == {root["id"], second["id"]}
    change(root)
    assert shown().keys() == {second["id"]}


def test_a_page_closes_at_its_hour_though_nobody_writes(add_site, send, ask, clock):
    closing = add_site("closing", close_after=timedelta(days=30))
    assert send(site=closing.key).status_code == 201
    open_page = ask(site=closing.key)

    clock.move(days=30)

    tag = {"If-None-Match": open_page.headers["ETag"]}
    closed_page = ask(site=closing.key, headers=tag)
    assert not open_page.json["form"]["is_closed"]
    assert closed_page.json["form"]["is_closed"]


def test_spellings_of_a_page_share_its_tag(talk, ask):
    talk()

    first, second = ask(), ask(thread=f"{ARTICLE}/?utm_source=x#c")

    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]


def test_sites_do_not_share_pages(talk, read, add_site):
    talk()

    assert read(site=add_site("other").key)["comments"] == []


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"limit": "0"}, "/limit"),
        ({"limit": "101"}, "/limit"),
        ({"limit": "many"}, "/limit"),
        ({"view": "tree"}, "/view"),
        ({"order": "score"}, "/order"),
        ({"thread": "javascript:alert(1)"}, "/thread"),
        ({"thread": f"{ORIGIN}/{'a' * 2000}"}, "/thread"),
        ({"conversation": "a" * 65}, "/conversation"),
        ({"conversation": "a\x00b"}, "/conversation"),
        ({"cursor": "a" * 201}, "/cursor"),
        ({"cursor": "AAAA"}, "/cursor"),
        ({"cursor": ""}, "/cursor"),
        ({"cursor": "é"}, "/cursor"),
        ({"unknown": "1"}, "/unknown"),
    ],
)
@pytest.mark.parametrize("view", ["flat", "threaded"])
def test_what_is_asked_wrongly_is_refused_in_words(talk, ask, asked, pointer, view):
    talk()

    reply = ask(**{"view": view, **asked})

    assert (reply.status_code, reply.json["code"]) == (422, "invalid")
    assert [error["pointer"] for error in reply.json["errors"]] == [pointer]


def test_a_cursor_of_another_list_is_refused(talk, read, ask):
    root, other = talk(), talk()
    for comment in (root, other):
        talk(parent=comment["id"])
    lists = [
        {"view": "flat"},
        {"view": "flat", "order": "oldest"},
        {"view": "threaded"},
        {"view": "threaded", "order": "oldest"},
        {"conversation": root["id"]},
        {"conversation": other["id"]},
    ]
    cursors = [read(limit=1, **one)["next"] for one in lists]

    for place, one in enumerate(lists):
        answers = [ask(cursor=cursor, **one).status_code for cursor in cursors]
        assert answers == [200 if number == place else 422 for number in range(len(lists))]


@pytest.mark.parametrize("unknown", ["x", "0191e2f0-0000-7000-8000-000000000000", "'--"])
def test_an_unknown_conversation_is_not_found(talk, ask, unknown):
    talk()

    reply = ask(conversation=unknown)

    assert (reply.status_code, reply.json["code"]) == (404, "not_found")


def test_an_unknown_site_is_not_found(ask):
    assert ask(site="unknown").json["code"] == "unknown_site"


def test_counts_may_be_kept_for_a_moment(client, site, talk):
    talk()

    reply = client.get(
        "/v1/counts", query_string={"site": site.key, "thread": [ARTICLE, OTHER]},
        headers={"Origin": ORIGIN},
    )  # fmt: skip

    assert reply.json == {"counts": {ARTICLE: 1, OTHER: 0}}
    assert reply.headers["Cache-Control"] == "public, max-age=30"
    assert "Origin" in reply.vary


@pytest.mark.parametrize("threads", [[], [ARTICLE] * 201, ["nothing"]])
def test_counts_of_too_many_or_no_pages_are_refused(client, site, threads):
    reply = client.get("/v1/counts", query_string={"site": site.key, "thread": threads})

    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/thread")


def test_two_hundred_pages_are_counted_at_once(client, site):
    threads = [f"{ORIGIN}/{number}" for number in range(200)]

    reply = client.get("/v1/counts", query_string={"site": site.key, "thread": threads})

    assert reply.json == {"counts": dict.fromkeys(threads, 0)}
