"""Deciding at the console: what is done, where one is led, and what is refused without a loss."""

from dataclasses import replace

import pytest
from desk import fields, shown

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.key import Role
from moderation.web.console.rows import LETTERS


@pytest.fixture
def standing(services):
    """Return a comment as it is now."""

    def look(comment):
        with services.database.read() as memory:
            return memory.comments.get(comment.id, comment.site_id)

    return look


@pytest.fixture
def history(services):
    def look(comment):
        with services.database.read() as memory:
            return memory.decisions.history(comment.id)

    return look


@pytest.mark.parametrize(
    ("button", "status", "sentence"),
    [
        ({"verdict": "publish"}, Status.PUBLISHED, "Publié."),
        ({"verdict": "hold"}, Status.HELD, "Mis en attente."),
        ({"reject": "SPAM"}, Status.REJECTED, "Rejeté."),
    ],
)
def test_one_press_decides_and_leads_back_to_the_list(
    camille, remember, standing, history, button, status, sentence
):
    comment = remember("Une remarque.")

    reply = camille.decide(comment, **button, note="Vu.", list="q=remarque")

    assert "/queue?q=remarque&done=" in reply.headers["Location"]
    assert standing(comment).status is status
    assert [(one.moderator, one.note) for one in history(comment)] == [("Camille", "Vu.")]
    page = camille.follow(reply).text
    assert sentence in page
    assert "Annuler" in page


def test_who_came_by_next_is_given_the_next(camille, remember, clock):
    first = remember()
    clock.move(minutes=1)
    second = remember()
    page = camille.follow(camille.post("/queue/next"))
    asked = fields(page.text, 'id="decide"')

    reply = camille.decide(first, verdict="publish", turn=asked["turn"], list=asked["list"])

    assert second.id in reply.headers["Location"]
    assert "Publié." in camille.follow(reply).text
    last = camille.decide(second, reject="OFF_TOPIC", turn="next")
    assert "Rien n’attend" in camille.follow(last).text


def test_a_decision_is_taken_back_from_where_one_was_led(camille, remember, standing):
    comment = remember()
    page = camille.follow(camille.decide(comment, reject="SPAM")).text
    place = page[page.index("/decisions/") :].partition('"')[0]

    reply = camille.post(place)

    assert standing(comment).status is Status.HELD
    page = camille.follow(reply).text
    assert "Décision annulée" in page
    assert "annulée depuis" in page
    again = camille.post(place)
    assert again.status_code == 409
    assert "ne peut pas être annulée" in again.text


def test_a_stale_decision_shows_the_present_state_and_loses_nothing(
    camille, sit_down, remember, standing
):
    comment = remember()
    sit_down(name="Ahmed").decide(comment, verdict="publish")

    reply = camille.decide(comment, reject="SPAM", note="Vu trois fois.", list="q=a", turn="next")

    assert reply.status_code == 409
    assert standing(comment).status is Status.PUBLISHED
    assert (
        "Ahmed a décidé avant vous\u202f; le commentaire est maintenant\u00a0: publié."
        in reply.text
    )
    assert "Votre choix n’a pas été appliqué\u00a0: Rejeter – Spam." in reply.text
    assert "Vu trois fois." in reply.text
    asked = fields(reply.text, 'id="decide"')
    assert (asked["version"], asked["list"], asked["turn"]) == ("2", "q=a", "next")
    camille.decide(comment, reject="SPAM", version=asked["version"])
    assert standing(comment).status is Status.REJECTED


def test_who_decides_twice_about_one_version_is_told_that_it_was_themselves(camille, remember):
    comment = remember()
    camille.decide(comment, verdict="publish")

    again = camille.decide(comment, verdict="hold")

    assert again.status_code == 409
    assert "Vous avez déjà décidé" in again.text
    assert "Camille a décidé avant vous" not in again.text


def test_in_a_list_the_row_alone_is_answered(camille, remember):
    comment = remember()

    done = camille.decide(comment, reject="AD", part="row")
    stale = camille.decide(comment, verdict="publish", part="row")

    assert (done.status_code, shown(done.text)) == (200, [comment.id])
    assert "Rejeté." in done.text
    assert "data-undo" in done.text
    assert "<html" not in done.text
    assert (stale.status_code, shown(stale.text)) == (409, [comment.id])
    assert 'role="alert"' in stale.text
    place = done.text[done.text.index("/decisions/") :].partition('"')[0]
    undone = camille.post(place, part="row")
    assert "Décision annulée" in undone.text
    assert 'value="publish"' in undone.text


def test_what_a_form_cannot_mean_is_refused_with_the_page(camille, remember, history):
    comment = remember()

    for wrong in ({}, {"verdict": "reject"}, {"verdict": "burn"}, {"reject": "NO"}):
        assert camille.decide(comment, **wrong).status_code == 422
    for version in ("", "x", "0", str(2**40)):
        reply = camille.post(
            f"/comments/{comment.id}/decisions", verdict="publish", version=version
        )
        assert reply.status_code == 422
        assert 'role="alert"' in reply.text
    assert camille.decide(comment, verdict="publish", note="x" * 2001).status_code == 422
    assert history(comment) == ()


def test_a_form_that_is_not_ours_changes_nothing(camille, remember, history):
    comment = remember()
    sent = {"verdict": "publish", "version": 1}
    place = f"{camille.base}/comments/{comment.id}/decisions"

    for token in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
        assert camille.client.post(place, data={**sent, **token}).status_code == 403
    assert camille.client.post(place, json=sent).status_code == 415
    assert history(comment) == ()


@pytest.mark.parametrize("action", ["/queue/next", "/queue/veil", "/batches", "/batches/preview"])
def test_no_form_of_the_desk_is_taken_without_our_token(camille, action):
    reply = camille.client.post(camille.base + action, data={"csrf": "guessed"})

    assert reply.status_code == 403


def test_what_is_not_there_cannot_be_decided_about(camille):
    assert (
        camille.post("/comments/nothing/decisions", verdict="publish", version=1).status_code == 404
    )
    assert camille.post("/decisions/nothing/undo").status_code == 404
    assert camille.post("/comments/nothing/release").status_code == 404


def test_illegal_content_takes_two_people_where_the_site_says_so(
    camille, sit_down, remember, standing, services, site
):
    with services.database.transaction() as transaction:
        policy = replace(site.policy, two_person_rule=True)
        transaction.sites.set_policy(site.id, policy)
    comment = remember()

    proposed = camille.follow(camille.decide(comment, reject="ILLEGAL_CONTENT")).text
    seen = standing(comment)
    again = camille.decide(seen, reject="ILLEGAL_CONTENT")
    ahmed = sit_down(name="Ahmed")
    page = ahmed.get(f"/comments/{comment.id}").text
    ahmed.decide(seen, reject="ILLEGAL_CONTENT")

    assert "Rejet proposé" in proposed
    assert seen.status is Status.HELD
    assert again.status_code == 409
    assert "une autre personne doit le confirmer" in again.text
    assert "Camille propose de rejeter ce commentaire pour contenu illégal." in page
    assert "par Camille, à confirmer par une seconde personne" in page
    assert standing(comment).status is Status.REJECTED


def test_a_lead_decides_what_a_moderator_does(sit_down, remember, standing):
    comment = remember()

    sit_down(Role.LEAD, "Dominique").decide(comment, verdict="publish")

    assert standing(comment).status is Status.PUBLISHED


def test_every_reason_has_a_letter_of_its_own():
    assert LETTERS.keys() == set(Reason)
    assert len(set(LETTERS.values())) == len(Reason)
