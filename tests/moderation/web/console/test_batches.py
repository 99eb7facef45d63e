"""Many comments at once at the console: looked at, decided, taken back as a whole."""

import re
from html import unescape

import pytest
from desk import fields, shown

from moderation.domain.comment import Status
from moderation.domain.finding import Verdict
from moderation.domain.key import Role
from moderation.review import batches


@pytest.fixture
def statuses(services, site):
    def look():
        with services.database.read() as memory:
            return {one.value: n for one, n in memory.counts.of_site(site.id).items() if n}

    return look


def preview(desk, **sent):
    page = desk.post("/batches/preview", **sent).text
    return page, {**fields(page, "wide"), "id": re.findall(r'name="id" value="([^"]+)"', page)}


def test_what_was_ticked_is_looked_at_decided_and_taken_back(camille, remember, statuses):
    chosen = [remember().id for _ in range(3)]
    remember()

    page, asked = preview(camille, id=chosen)
    done = camille.post("/batches", **{**asked, "verdict": "reject", "reason": "SPAM"})

    assert shown(page) == chosen
    assert "3\u00a0commentaires sont concernés." in page
    assert statuses() == {"held": 1, "rejected": 3}
    page = camille.follow(done).text
    assert "C’est fait, pour 3\u00a0commentaires." in page
    place = page[page.index("/batches/") :].partition('"')[0]
    undone = camille.follow(camille.post(place)).text
    assert "Le lot est annulé\u00a0: 3\u00a0commentaires sont comme avant." in undone
    assert statuses() == {"held": 4}
    assert camille.post(place).status_code == 409


def test_all_that_a_list_finds_is_decided_at_once(camille, remember, statuses):
    for _ in range(35):
        remember("Une arnaque.")
    remember("Une fleur.")

    page, asked = preview(camille, which="all", list="q=arnaque")
    camille.post("/batches", **{**asked, "verdict": "publish", "note": "Tous vus."})

    assert "35\u00a0commentaires sont concernés." in page
    assert len(shown(page)) == 10
    assert statuses() == {"held": 1, "published": 35}
    assert "Tous vus." in camille.get("/batches").text


def test_nothing_is_done_when_their_number_has_changed(camille, remember, statuses):
    remember("Une arnaque.")
    _, asked = preview(camille, which="all", list="q=arnaque")
    remember("Une autre arnaque.")

    reply = camille.post("/batches", **{**asked, "verdict": "reject", "reason": "SPAM"})

    assert reply.status_code == 422
    assert "Leur nombre a changé" in reply.text
    assert statuses() == {"held": 2}
    again = {**asked, "expected": "2", "verdict": "reject", "reason": "SPAM"}
    assert camille.post("/batches", **again).status_code == 303


def test_comments_that_were_decided_about_since_stay_as_they_are(camille, remember, rule, statuses):
    first, second = remember(), remember()
    _, asked = preview(camille, id=[first.id, second.id])
    page = camille.follow(camille.post("/batches", **{**asked, "verdict": "publish"})).text
    with camille.client.application.extensions["moderation"].database.read() as memory:
        rule(memory.comments.get(first.id, first.site_id), Verdict.HOLD)

    place = page[page.index("/batches/") :].partition('"')[0]
    undone = camille.follow(camille.post(place)).text

    assert "1\u00a0n’ont pas été touchés" in undone
    assert statuses() == {"held": 2}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Cochez au moins un commentaire."),
        ({"id": ["x" * 65]}, "trop long"),
    ],
)
def test_a_batch_of_nothing_is_refused_with_a_sentence(camille, sent, sentence):
    reply = camille.post("/batches/preview", **sent)

    assert reply.status_code == 422
    assert sentence in reply.text


def test_a_rejection_without_a_reason_keeps_what_was_typed(camille, remember, statuses):
    _, asked = preview(camille, id=[remember().id])

    reply = camille.post("/batches", **{**asked, "verdict": "reject", "note": "Vu."})

    assert reply.status_code == 422
    assert 'value="Vu."' in reply.text
    assert 'value="reject" required checked' in reply.text
    assert statuses() == {"held": 1}


def test_more_than_a_batch_can_hold_is_refused(camille, remember, monkeypatch):
    monkeypatch.setattr(batches, "LARGEST", 2)
    for _ in range(3):
        remember()

    reply = camille.post("/batches/preview", which="all", list="")

    assert reply.status_code == 422
    assert "Plus de 2" in reply.text
    assert "Aucun commentaire n’est concerné" not in reply.text


def test_a_strangers_comment_is_in_no_batch(sit_down, add_site, remember, statuses):
    comment = remember()
    stranger = sit_down(name="Ahmed", where=add_site("autre"))

    reply = stranger.post("/batches/preview", id=[comment.id])

    assert reply.status_code == 404
    assert statuses() == {Status.HELD.value: 1}


def test_readers_see_batches_and_change_none(sit_down, remember):
    reader = sit_down(Role.READER, "Rachid")

    assert "Aucun lot pour l’instant." in reader.get("/batches").text
    assert reader.post("/batches/preview", id=[remember().id]).status_code == 403
    assert reader.post("/batches/nothing/undo").status_code == 403


def test_an_unknown_batch_is_not_taken_back(camille):
    assert camille.post("/batches/nothing/undo").status_code == 404


def test_the_comments_of_a_batch_are_one_link_away(camille, remember):
    chosen = [remember().id for _ in range(2)]
    remember()
    _, asked = preview(camille, id=chosen)
    page = camille.follow(camille.post("/batches", **{**asked, "verdict": "publish"})).text

    link = unescape(re.search(r'href="([^"]*/queue\?[^"]*batch=[^"]*)"', page)[1])
    listed = camille.client.get(link).text

    assert sorted(shown(listed)) == sorted(chosen)
    assert re.search(r">Lot\s*<span", listed)
    assert not shown(camille.client.get(link.replace("status=all&", "")).text)
