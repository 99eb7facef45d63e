"""The page of the models: who judges, who challenges, and what there is to teach."""

import pytest
from browsing import Page

from moderation.domain.key import Role
from moderation.learning.retrain import FEWEST
from moderation.learning.teaching import WANTED


@pytest.fixture
def path(site):
    return f"/console/{site.key}/models"


@pytest.fixture
def operator(come_in):
    return come_in(Role.OPERATOR)


@pytest.fixture
def wanted(services):
    """Tell whether the worker is waited for."""

    def look():
        with services.database.read() as memory:
            return bool(memory.marks.get(WANTED))

    return look


def test_operators_alone_see_the_models(come_in, path):
    browser = come_in(Role.LEAD)

    for place in ("", "/roll-back", "/baseline-2/promote"):
        assert browser.client.get(path + place).status_code == 403
    for place in ("/train", "/roll-back", "/baseline-2/promote"):
        assert browser.send(path + place).status_code == 403


def test_the_champion_is_told_in_words(operator, path):
    page = operator.client.get(path).text

    assert "baseline-2" in page
    assert "Sur 100 spams, il en reconnaît 77." in page
    assert "Quand il dit spam, il a raison 89 fois sur 100." in page
    assert "Sur 1\u202f000 commentaires honnêtes, il en met 7 en attente à tort." in page
    assert "0,91" in page
    assert "24\u00a0novembre 2026" in page or "24 novembre 2026" in page


def test_a_version_without_figures_says_so(operator, path, model):
    model("second")

    page = operator.client.get(f"{path}/second/promote").text

    assert "n’a pas été mesuré" in page


def test_a_version_that_was_tampered_with_is_named_and_cannot_be_promoted(
    operator, path, model, services
):
    model("second")
    (artefact,) = (services.settings.models / "second").glob("*.joblib")
    artefact.write_bytes(b"tampered")

    page = operator.client.get(path).text
    reply = operator.send(f"{path}/second/promote")

    assert "Cette version ne peut pas servir" in page
    assert reply.status_code == 409


def test_a_promotion_is_asked_about_and_then_done(operator, path, model, registry):
    model("second", 0.1)
    asked = operator.client.get(f"{path}/second/promote").text
    before = registry.champion_version()

    reply = operator.send(f"{path}/second/promote")

    assert "Le mettre en service" in asked
    assert before == "baseline-2"
    assert registry.champion_version() == "second"
    page = operator.client.get(reply.headers["Location"]).text
    assert "évalue désormais" in page
    assert "Camille" in page  # in the history


def test_a_worse_version_is_refused_with_the_figures_unless_for_a_reason(
    operator, path, model, registry, labelled
):
    labelled(spam=0, ham=4)
    model("severe", 0.99)

    refused = operator.send(f"{path}/severe/promote")
    without = operator.send(f"{path}/severe/promote", force="1", reason=" ")
    kept = registry.champion_version()
    forced = operator.send(f"{path}/severe/promote", force="1", reason="Une vague de spam.")

    assert (refused.status_code, without.status_code) == (409, 422)
    assert "4" in Page(refused).roles["alert"]
    assert 'name="reason"' in refused.text
    assert kept == "baseline-2"
    assert registry.champion_version() == "severe"
    assert "Une vague de spam." in operator.client.get(forced.headers["Location"]).text


def test_a_reason_has_an_end(operator, path, model, registry):
    model("second")

    reply = operator.send(f"{path}/second/promote", force="1", reason="x" * 501)

    assert reply.status_code == 422
    assert registry.champion_version() == "baseline-2"


@pytest.mark.parametrize("version", ["nothing", "..", "%2e%2e", "\0", "x" * 300])
def test_a_version_that_is_not_there_is_not_found(operator, path, version):
    assert operator.client.get(f"{path}/{version}/promote").status_code == 404


def test_the_way_back_leads_to_the_champion_before(operator, path, model, registry):
    model("second")
    operator.send(f"{path}/second/promote")
    asked = operator.client.get(f"{path}/roll-back").text

    reply = operator.send(f"{path}/roll-back")

    assert "reprend sa place" in asked
    assert registry.champion_version() == "baseline-2"
    assert "est revenu à" in operator.client.get(reply.headers["Location"]).text


def test_without_a_champion_before_there_is_no_way_back(operator, path):
    assert operator.send(f"{path}/roll-back").status_code == 409


def test_the_worker_is_asked_to_train(operator, path, labelled, wanted):
    labelled(spam=FEWEST, ham=FEWEST)
    before = operator.client.get(path).text

    reply = operator.send(f"{path}/train")

    after = operator.client.get(reply.headers["Location"]).text
    assert f"{FEWEST} de spam, {FEWEST} d’honnêtes" in before
    assert wanted()
    assert "Un entraînement a été demandé" in after
    assert "Entraîner maintenant" not in after


@pytest.mark.parametrize(
    ("spam", "ham", "words"),
    [
        (0, 0, "personne n’a encore rien décidé"),
        (0, 2, "exemples de spam"),
        (2, 0, "exemples honnêtes"),
        (2, 3, "2 de spam et 3 d’honnêtes"),
    ],
)
def test_where_there_is_nothing_to_learn_the_page_says_why(
    operator, path, labelled, wanted, spam, ham, words
):
    labelled(spam, ham)

    reply = operator.send(f"{path}/train")

    page = operator.client.get(reply.headers["Location"]).text
    assert reply.status_code == 303
    assert words in page
    assert "Entraîner maintenant" not in page
    assert not wanted()


def test_the_uncertain_ones_are_a_link_away(operator, path, site):
    page = operator.open(path)

    assert page.links["Trancher les cas incertains"] == f"/console/{site.key}/queue?order=uncertain"
    assert operator.client.get(page.links["Trancher les cas incertains"]).status_code == 200


def test_why_the_last_training_failed_is_told(operator, path, services, clock):
    with services.database.transaction() as transaction:
        transaction.marks.put("retraining failed", clock().isoformat())
        transaction.marks.put("retraining said", "another training is under way")

    page = operator.client.get(path).text

    assert "Le dernier essai a échoué" in page
    assert "another training is under way" in page
