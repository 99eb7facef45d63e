"""Moderators block; what is caught waits or is rejected, and a preview says what it would cost."""

from datetime import timedelta

import jwt
import pytest

from moderation.domain.block import BlockKind
from moderation.domain.finding import Verdict
from moderation.domain.key import Role, Scope
from moderation.domain.moment import moment
from moderation.limits import client_key
from moderation.storage.database import Database
from moderation.web.sentences import has_sentence

BLOCKS = "/v1/moderation/blocks"
PREVIEW = f"{BLOCKS}/preview"
DOMAIN = {"kind": "domain", "pattern": "spam.example", "reason": "Publicité"}
NOBODYS = "01a20846-fe00-7000-8abe-02b6041ea20e"


@pytest.fixture
def site(add_site):
    """A site that leaves the model out of it: these tests are about blocks."""
    rates = "1000 per minute"
    return add_site(
        comments_per_client=rates, challenges_per_client=rates, hold_above=1.0, reject_above=1.0
    )


@pytest.fixture
def as_lead(add_key, site):
    return add_key(site, Role.LEAD, "Zoé")


@pytest.fixture
def block(client, as_lead):
    """Block something: `block(kind="word", pattern="escroc")`."""

    def make(path=BLOCKS, headers=None, **changes):
        return client.post(path, json={**DOMAIN, **changes}, headers=headers or as_lead)

    return make


@pytest.fixture
def listed(client, as_moderator):
    """What is listed, the newest first: `listed(all="true")`."""

    def read(**query):
        reply = client.get(BLOCKS, query_string=query, headers=as_moderator)
        assert reply.status_code == 200, reply.json
        return reply.json["blocks"]

    return read


@pytest.fixture
def item(client, as_moderator):
    """A comment as moderators see it."""

    def read(reply, language="fr"):
        path = f"/v1/moderation/comments/{reply.json['id']}"
        return client.get(path, headers={**as_moderator, "Accept-Language": language}).json

    return read


@pytest.fixture
def found(item):
    """The finding of a block about a comment."""

    def read(reply, language="fr"):
        (finding,) = [one for one in item(reply, language)["findings"] if one["code"] == "blocked"]
        return finding

    return read


@pytest.fixture
def sender(client, send, block):
    """Block the sender of a comment, and return the reply to it."""
    reply = send()
    block(kind="sender", pattern="", comment=reply.json["id"], reason="Harcèlement")
    return reply


def identity(site, clock, **claims):
    soon = clock() + timedelta(hours=1)
    content = {"sub": "4711", "name": "Lucie", "aud": site.key, "exp": soon.timestamp(), **claims}
    return jwt.encode(content, site.secret, algorithm="HS256")


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [
        ({"kind": "domain", "pattern": "spam.example"}, {"text": "Voir https://a.spam.example/x"}),
        ({"kind": "author", "pattern": "LUCIE marchand"}, {}),
        ({"kind": "author", "pattern": "Lucie@Courriel.example"}, {}),
        ({"kind": "word", "pattern": "halle"}, {}),
        ({"kind": "address", "pattern": "127.0.0.0/24"}, {}),
    ],
)
def test_what_a_block_catches_waits_and_the_finding_tells_why(block, send, found, wanted, changes):
    made = block(**wanted)

    finding = found(send(**changes))

    assert made.status_code == 201, made.json
    assert finding["verdict"] == "hold"
    assert finding["data"] == {
        "kind": wanted["kind"], "pattern": made.json["pattern"], "block": made.json["id"]
    }  # fmt: skip
    assert made.json["pattern"] in finding["message"]


def test_a_block_may_reject_and_its_author_does_not_learn_of_it(block, send, item):
    block(verdict="reject", pattern="courriel.example")

    reply = send()

    assert (reply.status_code, reply.json["status"]) == (202, "received")
    assert item(reply)["status"] == "rejected"


def test_what_no_block_catches_is_published(block, send):
    block()

    assert send().status_code == 201


def test_a_finding_speaks_the_moderators_language(block, send, found):
    block(kind="author", pattern="Lucie Marchand")
    sent = send()

    assert found(sent, "fr")["message"] == "Auteur bloqué par le site\u00a0: Lucie Marchand."
    assert found(sent, "en")["message"] == "Author blocked by the site: Lucie Marchand."


def test_whoever_sent_a_comment_can_be_blocked_without_anybody_knowing_who(
    services, sender, send, found, listed, client, as_moderator
):
    finding = found(send(text="Une autre remarque sur la halle du marché."))
    told = client.get("/v1/moderation/audit", headers=as_moderator).text
    hidden = client_key("127.0.0.1", services.client_secret)

    assert (finding["data"]["kind"], finding["data"]["pattern"]) == ("sender", "")
    assert "expéditeur" in finding["message"]
    assert (listed()[0]["pattern"], listed()[0]["comment"]) == ("", sender.json["id"])
    assert sender.json["id"] in told
    assert hidden not in f"{told} {listed(all='true')} {finding}"
    with services.database.read() as memory:
        assert memory.blocks.get(finding["data"]["block"], 1).pattern == hidden


def test_another_sender_is_not_blocked(client, sender, comment):
    body = comment(text="Une autre remarque sur la halle du marché.")

    reply = client.post("/v1/comments", json=body, environ_base={"REMOTE_ADDR": "203.0.113.9"})

    assert reply.status_code == 201


def test_no_address_is_kept_or_told(block, send, item, services, caplog):
    block(kind="address", pattern="127.0.0.0/16")
    sent = item(send())
    with services.database.read() as memory:
        rows = memory._connection.exec_driver_sql("SELECT * FROM comments").all()

    assert "127.0.0.1" not in f"{rows} {sent} {caplog.text}"


def test_an_edit_meets_the_blocks_of_what_is_written_and_keeps_those_of_who_sent_it(
    client, block, send, item
):
    first = send().json
    block(kind="sender", pattern="", comment=first["id"])
    second = send(text="Une autre remarque sur le marché.")
    block()

    for sent, text in ((first, "Voir spam.example"), (second.json, "Voir spam.example aussi")):
        bearer = {"Authorization": f"Bearer {sent['edit_token']}"}
        path = f"/v1/comments/{sent['id']}"
        assert client.patch(path, json={"text": text}, headers=bearer).status_code == 200
        assert client.patch(path, json={"text": f"{text}."}, headers=bearer).status_code == 200

    def kinds(sent):
        findings = item(sent)["findings"]
        return sorted(one["data"]["kind"] for one in findings if one["code"] == "blocked")

    assert kinds(second) == ["domain", "sender"]
    assert item(second)["status"] == "held"
    assert [one["code"] for one in item(second)["findings"]].count("blocked") == 2


def test_an_edit_by_a_blocked_member_waits(client, block, send, site, clock, item):
    sent = send(identity=identity(site, clock), author={"name": "x"})
    assert sent.status_code == 201, sent.json
    block(kind="author", pattern="4711")

    bearer = {"Authorization": f"Bearer {sent.json['edit_token']}"}
    client.patch(f"/v1/comments/{sent.json['id']}", json={"text": "Et encore."}, headers=bearer)

    assert item(sent)["status"] == "held"


def test_a_blocked_member_is_not_spared_however_trusted(block, send, site, clock, found):
    block(kind="author", pattern="4711")

    sent = send(identity=identity(site, clock, trusted=True), author={"name": "x"}, captcha=None)

    assert sent.status_code == 202
    assert found(sent)["data"]["kind"] == "author"


def test_a_block_ends_when_it_expires(block, send, clock, listed):
    block(kind="word", pattern="halle", expires_at=moment(clock() + timedelta(hours=1)))
    waits = send()
    clock.move(hours=1)

    passes = send(text="La halle a retrouvé son marché du dimanche, enfin.")

    assert (waits.status_code, passes.status_code) == (202, 201)
    assert listed() == []
    assert [one["in_force"] for one in listed(all="true")] == [False]


def test_a_block_that_is_removed_blocks_nothing_and_stays_on_record(
    client, block, send, as_lead, listed, as_moderator
):
    made = block(kind="word", pattern="halle").json

    removed = client.delete(f"{BLOCKS}/{made['id']}", headers=as_lead)
    again = client.delete(f"{BLOCKS}/{made['id']}", headers=as_lead)

    assert (removed.status_code, again.status_code) == (204, 404)
    assert send().status_code == 201
    assert listed() == []
    assert listed(all="true")[0]["removed_at"]
    entries = client.get("/v1/moderation/audit", headers=as_moderator).json["entries"]
    assert [(one["kind"], one["block"], one["moderator"]) for one in entries] == [
        ("unblock", made["id"], "Zoé"),
        ("block", made["id"], "Zoé"),
    ]
    assert (entries[1]["blocked"], entries[1]["pattern"]) == ("word", "halle")
    assert entries[1]["reason"] == "Publicité"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"pattern": " "}, "/pattern"), ({"pattern": "spam"}, "/pattern"),
        ({"pattern": "x" * 300}, "/pattern"), ({"kind": "word", "pattern": "\u200b"}, "/pattern"),
        ({"kind": "address", "pattern": "10.0.0.0/8"}, "/pattern"),
        ({"kind": "person"}, "/kind"), ({"verdict": "publish"}, "/verdict"),
        ({"reason": ""}, "/reason"), ({"reason": "x" * 201}, "/reason"),
        ({"expires_at": "2026-11-23T12:00:00Z"}, "/expires_at"),
        ({"expires_at": "soon"}, "/expires_at"), ({"kind": "sender"}, "/comment"),
        ({"comment": NOBODYS}, "/comment"), ({"pattern": "a\x00b.example"}, "/pattern"),
    ],
)  # fmt: skip
def test_what_cannot_be_blocked_is_refused_and_nothing_is_kept(block, listed, changes, pointer):
    reply = block(**changes)

    assert reply.status_code == 422, reply.json
    assert [one["pointer"] for one in reply.json["errors"]] == [pointer]
    assert reply.json["errors"][0]["message"]
    assert listed(all="true") == []


def test_what_is_blocked_already_is_not_blocked_again(block, listed):
    block()

    assert block(pattern="SPAM.example").status_code == 422
    assert len(listed()) == 1


def test_the_sender_of_a_comment_that_is_not_there_cannot_be_blocked(
    add_site, block, services, clock
):
    for comment in (NOBODYS, "x"):
        assert block(kind="sender", pattern="", comment=comment).status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR])
def test_only_leads_block(client, block, add_key, site, role):
    headers = add_key(site, role)

    assert block(headers=headers).status_code == 403
    assert block(PREVIEW, headers=headers).status_code == 403
    assert client.delete(f"{BLOCKS}/x", headers=headers).status_code == 403
    assert client.get(BLOCKS, headers=headers).status_code == 200


def test_a_token_for_something_else_does_not_block(services, site, clock, block):
    with services.database.transaction() as transaction:
        token = transaction.keys.add(
            site, Role.OPERATOR, "Lecture", clock(), scopes=frozenset({Scope.READ})
        )

    assert block(headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_another_sites_blocks_are_not_there(client, block, add_site, add_key, send):
    made = block().json
    other = add_site("autre")
    headers = add_key(other, Role.OPERATOR)

    assert client.get(BLOCKS, headers=headers).json == {"blocks": []}
    assert client.delete(f"{BLOCKS}/{made['id']}", headers=headers).status_code == 404
    sent = send()
    theirs = block(headers=headers, kind="sender", pattern="", comment=sent.json["id"])
    assert theirs.status_code == 404
    assert block(PREVIEW, headers=headers).json["looked_at"] == 0


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"kind": "domain", "pattern": "spam.example"}, 1),
        ({"kind": "domain", "pattern": "courriel.example"}, 3),
        ({"kind": "author", "pattern": "lucie marchand"}, 3),
        ({"kind": "word", "pattern": "HALLÉ"}, 2),
        ({"kind": "address", "pattern": "127.0.0.0/16"}, 3),
        ({"kind": "address", "pattern": "127.0.0.2"}, 0),
        ({"kind": "address", "pattern": "2001:db8::/48"}, 0),
    ],
)
def test_a_preview_says_what_a_block_would_have_caught(block, send, listed, clock, wanted, count):
    for text in ("La halle rouvre.", "La halle rouvre enfin.", "Voir https://spam.example"):
        clock.move(seconds=1)
        send(text=text)

    seen = block(PREVIEW, **wanted).json

    assert (seen["count"], seen["looked_at"]) == (count, 3)
    assert len(seen["sample"]) == count
    assert seen["since"] == moment(clock() - timedelta(days=30))
    assert listed(all="true") == []


def test_a_preview_of_an_ipv6_range_knows_its_readers(client, block, comment):
    for n, address in enumerate(("2001:db8:0:1::5", "2001:db8:0:ffff::5", "2001:db8:1::5")):
        client.post(
            "/v1/comments",
            json=comment(text=f"Remarque numéro {n}."),
            environ_base={"REMOTE_ADDR": address},
        )

    assert block(PREVIEW, kind="address", pattern="2001:db8::/48").json["count"] == 2
    assert block(PREVIEW, kind="address", pattern="2001:db8:0:1::/64").json["count"] == 1


def test_a_preview_of_a_sender_needs_only_the_comment(block, send):
    sent = send().json

    seen = block(PREVIEW, kind="sender", pattern="", comment=sent["id"]).json

    assert (seen["count"], seen["sample"][0]["id"]) == (1, sent["id"])


def test_a_preview_counts_what_people_had_published(block, remember, rule, clock):
    wanted, doubtful = remember("La halle rouvre."), remember("La halle ferme.")
    remember("La halle et le marché.", Verdict.PUBLISH)
    rule(wanted)
    assert doubtful

    seen = block(PREVIEW, kind="word", pattern="halle").json

    assert (seen["count"], seen["published_by_people"]) == (3, 1)


def test_a_preview_shows_the_latest_ten_of_the_last_thirty_days(block, remember, clock):
    remember("La halle d’autrefois.")
    clock.move(days=30, seconds=1)
    for n in range(12):
        clock.move(seconds=1)
        remember(f"La halle, {n}.")

    seen = block(PREVIEW, kind="word", pattern="halle").json

    assert (seen["count"], seen["looked_at"], len(seen["sample"])) == (12, 12, 10)
    assert seen["sample"][0]["text"] == "La halle, 11."


def test_a_preview_looks_at_so_many_and_says_since_when(block, remember, clock, monkeypatch):
    monkeypatch.setattr("moderation.review.blocks.MOST_LOOKED_AT", 2)
    for n in range(3):
        clock.move(seconds=1)
        remember(f"La halle, {n}.")

    seen = block(PREVIEW, kind="word", pattern="halle").json

    assert (seen["count"], seen["looked_at"]) == (2, 2)
    assert seen["since"] == moment(clock() - timedelta(seconds=1))


def test_every_kind_has_its_sentence():
    assert all(has_sentence(f"finding.blocked_by_{kind.value}") for kind in BlockKind)


def test_without_blocks_the_database_is_asked_once_a_second(services, site, monkeypatch):
    asked = []
    read = Database.read
    monkeypatch.setattr(Database, "read", lambda self: (asked.append(1), read(self))[1])
    services.fences._clock = lambda: 100.0

    assert [services.fences.of(site.id) for _ in range(5)] == [None] * 5
    assert len(asked) == 1
    services.fences._clock = lambda: 101.0
    services.fences.of(site.id)
    assert len(asked) == 2
