"""A moderator with a keyboard alone: every decision is one key, and every result is told."""

import re

import pytest
from desk import PASSWORD
from holding import wait_for_one
from playwright.sync_api import expect

from moderation.domain.comment import Status
from moderation.domain.finding import Verdict

FOCUSED = "document.activeElement.closest('.row')?.id"


@pytest.fixture
def waiting(remember, clock):
    """Let comments wait, a minute apart: returns them, the oldest first."""

    def make(*texts):
        made = []
        for text in texts:
            clock.move(minutes=1)
            made.append(remember(text, score=0.4))
        return made

    return make


@pytest.fixture
def status(services):
    def look(comment):
        with services.database.read() as memory:
            return memory.comments.get(comment.id, comment.site_id).status

    return look


def test_a_morning_at_the_queue_without_a_mouse(
    browser, url, site, let_in, waiting, status, moderator_at
):
    market, advert, praise = waiting("Le marché rouvre.", "Achetez !", "Bravo à la mairie.")
    extra = waiting(*(f"Arnaque {number}" for number in range(3)))
    someone = moderator_at(name="Ahmed")
    someone.page.context.clear_cookies()
    let_in(site)
    page = someone.page
    page.goto(url + "/console")
    page.get_by_label("Adresse électronique").focus()
    page.keyboard.type("camille@gazette.example")
    someone.press("Tab")
    page.keyboard.type(PASSWORD)
    someone.press("Enter")
    expect(page.get_by_role("heading", name="File d’attente")).to_be_visible()

    someone.press("n")
    expect(page.locator(".text")).to_have_text("Le marché rouvre.")
    someone.press("p")
    expect(page.locator("[data-notice]")).to_contain_text("Publié.")
    expect(page.locator("[data-notice]")).to_be_focused()
    expect(page.locator(".text")).to_have_text("Achetez !")
    someone.press("u")
    expect(page.locator("[data-notice]")).to_contain_text("Décision annulée")
    expect(page.locator(".text")).to_have_text("Le marché rouvre.")
    assert status(market) is Status.HELD

    someone.press("r")
    expect(page.locator("#reasons")).to_have_class("armed")
    someone.press("t")
    expect(page.locator("[data-notice]")).to_contain_text("Rejeté.")
    assert status(market) is Status.REJECTED

    someone.open()
    someone.press("/")
    page.keyboard.type("arnaque")
    someone.press("Enter")
    expect(page.locator(".row")).to_have_count(3)
    someone.press("j", "x", "j", "x", "j", "k")
    expect(page.locator(".pick:checked")).to_have_count(2)
    someone.button("Traiter la sélection").focus()
    someone.press("Enter")
    page.get_by_label("Rejeter").focus()
    someone.press("Space", "Tab")
    page.keyboard.type("Spam")
    someone.button("Appliquer aux 2").focus()
    someone.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("C’est fait, pour 2")
    assert [status(one) for one in extra] == [Status.REJECTED, Status.REJECTED, Status.HELD]
    someone.button("Annuler le lot").first.focus()
    someone.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Le lot est annulé")
    assert [status(one) for one in (advert, praise, *extra)] == [Status.HELD] * 5
    assert someone.trouble == []


def test_in_the_list_a_key_decides_about_the_row_in_focus(waiting, status, moderator_at):
    first, second, third = waiting("Un.", "Deux.", "Trois.")
    someone = moderator_at()
    someone.open()

    someone.press("j", "p")
    expect(someone.focused).to_contain_text("Publié.")
    expect(someone.page.locator("#told")).to_have_text("Publié.")
    someone.press("j", "r")
    expect(someone.page.get_by_role("dialog", name="Rejeter pour…")).to_be_visible()
    someone.press("Escape")
    expect(someone.page.get_by_role("dialog")).to_be_hidden()
    expect(someone.focused).to_contain_text("Deux.")
    someone.press("r", "s")
    expect(someone.focused).to_contain_text("Rejeté.")
    someone.press("j", "h")
    expect(someone.focused).to_contain_text("Mis en attente.")

    assert [status(one) for one in (first, second, third)] == [
        Status.PUBLISHED, Status.REJECTED, Status.HELD,
    ]  # fmt: skip
    someone.press("k", "u")
    expect(someone.focused).to_contain_text("Décision annulée")
    assert status(second) is Status.HELD
    someone.press("h")
    expect(someone.focused).to_contain_text("Mis en attente.")
    someone.press("k", "o")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Commentaire de Lucie")
    assert someone.trouble == []


def test_a_decision_that_cannot_be_sent_is_told_and_the_row_stays(waiting, status, moderator_at):
    (comment,) = waiting("Un.")
    someone = moderator_at()
    someone.open()
    someone.page.route("**/decisions", lambda route: route.abort())

    someone.press("j", "p")
    expect(someone.page.locator("#failed")).to_contain_text("n’a pas pu être envoyée")

    assert status(comment) is Status.HELD
    someone.page.unroute("**/decisions")
    someone.press("p")
    expect(someone.focused).to_contain_text("Publié.")
    expect(someone.page.locator("#failed")).to_be_hidden()


def test_who_is_signed_out_meanwhile_is_led_to_the_door(waiting, moderator_at):
    waiting("Un.")
    someone = moderator_at()
    someone.open()
    someone.page.context.clear_cookies()

    someone.press("j", "p")

    expect(someone.page.get_by_role("heading", name="Se connecter")).to_be_visible()


def test_keys_do_nothing_while_somebody_types_or_means_the_browser(waiting, status, moderator_at):
    (comment,) = waiting("Un.")
    someone = moderator_at()
    someone.open(f"/comments/{comment.id}")

    someone.page.locator(".note summary").click()
    someone.page.get_by_label("Note").focus()
    someone.page.keyboard.type("phrs ?")
    someone.press("Escape", "Control+p", "Alt+p", "Meta+p")

    expect(someone.page.get_by_label("Note")).to_have_value("phrs ?")
    expect(someone.page.get_by_role("dialog")).to_be_hidden()
    assert status(comment) is Status.HELD


def test_the_help_names_all_keys_and_can_turn_them_off(waiting, status, moderator_at):
    (comment,) = waiting("Un.")
    someone = moderator_at()
    someone.open(f"/comments/{comment.id}")

    someone.press("?")
    help_ = someone.page.get_by_role("dialog", name="Raccourcis clavier")
    expect(help_.locator("kbd")).to_have_text(
        ["p", "r", "h", "u", "n", "j", "k", "o", "Entrée", "x", "/", "b", "?", "Échap"]
    )
    someone.button("Désactiver les raccourcis").click()
    someone.press("Escape", "p")
    expect(help_).to_be_hidden()
    expect(someone.page.locator("#decide kbd").first).to_be_hidden()
    assert status(comment) is Status.HELD
    someone.button("Raccourcis clavier").click()
    someone.button("Activer les raccourcis").click()
    someone.press("Escape", "p")
    expect(someone.page.locator("[data-notice]")).to_contain_text("Publié.")


def test_veiled_texts_are_read_when_asked_for(waiting, moderator_at):
    waiting("Un gros mot.", "Un autre.")
    someone = moderator_at()
    someone.open()
    someone.button("Voiler les textes non publiés").click()
    expect(someone.page.locator(".veil.blurred")).to_have_count(2)

    someone.press("j", "b")
    expect(someone.page.locator(".veil.blurred")).to_have_count(1)
    expect(someone.focused).to_contain_text("Voiler le texte")
    someone.press("b")
    expect(someone.page.locator(".veil.blurred")).to_have_count(2)
    someone.page.get_by_text("Montrer le texte").last.click()
    expect(someone.page.locator(".veil.blurred")).to_have_count(1)


def test_a_key_that_is_held_down_decides_once(waiting, status, moderator_at):
    first, second = waiting("Un.", "Deux.")
    someone = moderator_at()
    someone.open()
    someone.press("n")
    expect(someone.page.locator(".text")).to_have_text("Un.")

    someone.page.keyboard.down("p")
    someone.page.keyboard.down("p")
    expect(someone.page.locator("[data-notice]")).to_contain_text("Publié.")
    someone.page.keyboard.down("p")
    someone.page.keyboard.up("p")
    someone.press("j")

    expect(someone.page.locator(".text")).to_have_text("Deux.")
    assert (status(first), status(second)) == (Status.PUBLISHED, Status.HELD)


def test_pressing_twice_sends_a_decision_once(waiting, moderator_at):
    (comment,) = waiting("Un.")
    someone = moderator_at()
    someone.open(f"/comments/{comment.id}")
    sent = []
    someone.page.route("**/decisions", lambda route: sent.append(route))

    someone.press("p", "p")
    wait_for_one(someone.page, sent)
    sent[0].continue_()

    expect(someone.page.locator("[data-notice]")).to_contain_text("Publié.")
    assert len(sent) == 1


def test_who_opens_the_note_writes_at_once(waiting, status, moderator_at):
    (comment,) = waiting("Un.")
    someone = moderator_at()
    someone.open(f"/comments/{comment.id}")

    someone.page.get_by_text("Ajouter une note").click()
    expect(someone.page.get_by_label("Note")).to_be_focused()
    someone.page.keyboard.type("public")

    expect(someone.page.get_by_label("Note")).to_have_value("public")
    assert status(comment) is Status.HELD


def test_a_note_outlives_the_session_it_was_written_in(waiting, moderator_at, status):
    comment, *_ = waiting("Achetez !", "Achetez encore !")
    someone = moderator_at(name="Ahmed")
    page = someone.page
    someone.open()
    someone.press("n")
    expect(page.locator(".text")).to_have_text("Achetez !")
    someone.settle()
    page.get_by_text("Ajouter une note").click()
    expect(page.get_by_label("Note")).to_be_focused()
    page.keyboard.type("Le même que lundi.")
    page.context.clear_cookies()

    someone.button("Publicité").click()
    sign_in(page, "ahmed@gazette.example")

    expect(page.locator("#note")).to_have_value("Le même que lundi.")
    expect(page.locator("#note")).to_be_visible()
    assert status(comment) is Status.HELD
    someone.button("Publicité").click()
    expect(page.locator("[data-notice]")).to_contain_text("Rejeté.")
    someone.open(f"/comments/{comment.id}")
    expect(page.locator(".said").first).to_have_text("Le même que lundi.")
    expect(page.locator("#note")).to_have_value("")
    page.wait_for_load_state()
    assert page.evaluate("sessionStorage.length") == 0


def test_signing_out_takes_an_unsent_note_along(waiting, moderator_at):
    waiting("Achetez !")
    someone = moderator_at()
    someone.open()
    someone.press("n")
    expect(someone.page.locator(".text")).to_have_text("Achetez !")
    someone.settle()
    someone.page.get_by_text("Ajouter une note").click()
    expect(someone.page.get_by_label("Note")).to_be_focused()
    someone.page.keyboard.type("Entre nous.")
    assert someone.page.evaluate("sessionStorage.length") == 1

    someone.button("Se déconnecter").click()

    expect(someone.page.get_by_label("Mot de passe")).to_be_visible()
    someone.page.wait_for_load_state()
    assert someone.page.evaluate("sessionStorage.length") == 0


def test_a_note_is_kept_for_its_comment_and_its_writer(
    waiting, moderator_at, status, rule, let_in, site
):
    first, second = waiting("Achetez !", "Achetez encore !")
    someone = moderator_at(name="Ahmed")
    let_in(site, name="Noor")
    page, note = someone.page, someone.page.locator("#note")

    def write(comment, words):
        someone.open(f"/comments/{comment.id}")
        page.locator(".note summary").click()
        note.fill(words)

    write(second, "Pour le second.")
    write(first, "Pour le premier.")
    rule(first, Verdict.HOLD)  # somebody was faster
    someone.button("Publicité").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(note).to_have_value("Pour le premier.")

    page.context.clear_cookies()  # the session ends over the page that says so
    someone.button("Publicité").click()
    sign_in(page, "noor@gazette.example")
    expect(page).to_have_url(re.compile(f"/comments/{first.id}"))
    expect(note).to_have_value("")

    page.context.clear_cookies()
    page.reload()
    sign_in(page, "ahmed@gazette.example")
    expect(note).to_have_value("Pour le premier.")
    someone.button("Publicité").click()
    expect(page.locator("[data-notice]")).to_contain_text("Rejeté.")
    someone.open(f"/comments/{first.id}")
    expect(page.locator("#decide")).to_be_visible()
    expect(note).to_have_value("")
    someone.open(f"/comments/{second.id}")
    expect(note).to_have_value("Pour le second.")


def sign_in(page, email):
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def test_taking_back_where_nothing_was_decided_says_so(waiting, moderator_at):
    waiting("Le marché rouvre.")
    someone = moderator_at()
    someone.open()
    told = someone.page.get_by_role("status").filter(has_text="aucune décision à annuler")

    someone.press("u")
    expect(told).to_be_visible()

    someone.press("j")
    expect(someone.page.locator("#told")).to_have_class("notice unseen")
    assert someone.trouble == []
