"""The audit as moderators read it, and as it can be kept elsewhere."""

import hashlib
import json

import pytest


@pytest.fixture
def decided(order, remember, clock):
    """Five decisions, a second apart."""
    for n in range(5):
        comment = remember(f"Remarque {n}", score=0.25)
        clock.move(seconds=1)
        order(f"/comments/{comment.id}/decisions", verdict="publish", version=1, note=f"n° {n}")


def test_an_entry_tells_who_did_what_when_in_view_of_what(ask, order, remember):
    comment = remember("Bonjour", score=0.25)
    made = order(f"/comments/{comment.id}/decisions", verdict="reject", reason="AD", version=1)

    (entry,) = ask("/audit").json["entries"]

    assert {name: entry[name] for name in ("number", "kind", "moderator", "from_version")} == {
        "number": 1,
        "kind": "decision",
        "moderator": "Camille",
        "from_version": 1,
    }
    assert entry["id"] == made.json["decision"]["id"]
    assert (entry["verdict"], entry["reason"], entry["from_status"]) == ("reject", "AD", "held")
    assert entry["seen"] == hashlib.sha256(b"Bonjour").hexdigest()
    assert (entry["score"], entry["model"]) == (0.25, "model-1")
    assert entry["previous"] == "0" * 64


def test_pages_show_every_entry_once_newest_first_while_others_are_added(
    ask, order, decided, remember
):
    first = ask("/audit", limit="2").json
    order(f"/comments/{remember().id}/decisions", verdict="publish", version=1)

    rest = ask("/audit", limit="200", cursor=first["next"]).json

    numbers = [one["number"] for one in first["entries"] + rest["entries"]]
    assert (numbers, rest["next"]) == ([5, 4, 3, 2, 1], None)


def test_the_export_is_a_chain_that_anybody_can_check(ask, decided):
    reply = ask("/audit.jsonl")

    assert reply.mimetype == "application/x-ndjson"
    previous = "0" * 64
    for line in reply.text.splitlines():
        assert json.loads(line)["previous"] == previous
        previous = hashlib.sha256(line.encode()).hexdigest()
    assert ask("/audit", limit="1").json["entries"][0]["hash"] == previous


def test_no_address_and_no_word_of_a_reader_is_in_the_audit(ask, decided):
    assert "Remarque" not in ask("/audit.jsonl").text


def test_it_is_narrowed_to_who_what_and_when(ask, decided, clock):
    def numbers(**asked):
        return [one["number"] for one in ask("/audit", **asked).json["entries"]]

    assert numbers(moderator="Camille", kind="decision") == [5, 4, 3, 2, 1]
    assert numbers(moderator="Dominique") == numbers(kind="policy") == []
    moment = ask("/audit").json["entries"][2]["created_at"]
    assert (numbers(since=moment), numbers(until=moment)) == ([5, 4, 3], [2, 1])


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "!"},
        {"cursor": "A" * 43},
        {"limit": "0"},
        {"kind": "claim"},
        {"since": "hier"},
        {"moderator": "x" * 255},
    ],
    ids=str,
)
def test_a_page_that_is_none_is_refused(ask, query):
    assert ask("/audit", **query).status_code == 422


@pytest.mark.parametrize("path", ["/audit", "/audit.jsonl"])
def test_another_sites_audit_is_not_shown(ask, decided, add_site, add_key, site, path):
    stranger = add_key(add_site("ailleurs"))

    assert ask(path, by=stranger, site=site.key).status_code == 404
    assert "Camille" not in ask(path, by=stranger).text
