"""What is typed into the panels below a comment while an answer is on its way, and after."""

import json

import pytest
from holding import wait_for_one
from playwright.sync_api import expect

TEXT = "Une fote."
EDIT = "Modifier – Lucie"


@pytest.fixture
def writer(gazette, commenter, post):
    """Sit somebody down before a comment of their own, below one they may report."""

    def sit_down():
        someone = commenter("phone")
        address = gazette()
        post("Achetez mes montres !", name="Vendeur")
        someone.open(address)
        someone.write(TEXT)
        someone.send()
        expect(someone.told).to_contain_text("est publié")
        return someone

    return sit_down


@pytest.fixture
def editor(writer):
    def sit_down(text):
        someone = writer()
        someone.button(EDIT).click()
        area(someone).fill(text)
        return someone

    return sit_down


def area(someone):
    return someone.field("Votre commentaire", someone.comment("Lucie"))


def said(someone):
    return someone.comment("Lucie").locator(".words").first


def hold(someone):
    """Let no change and no report arrive for now; returns the routes that wait."""
    held = []
    someone.page.route("**/v1/comments/**", lambda route: held.append(route))
    return held


def save(someone, held, name="Enregistrer"):
    someone.button(name).click()
    wait_for_one(someone.page, held)


def stored(someone):
    drafts = someone.page.evaluate("JSON.stringify(localStorage)")
    return [json.loads(value) for key, value in json.loads(drafts).items() if "draft" in key]


def test_what_is_typed_while_a_change_is_saved_stays(editor):
    someone = editor("Une faute.")
    held = hold(someone)
    save(someone, held)
    area(someone).press("End")
    someone.page.keyboard.type(" Et la suite.")
    held[0].continue_()

    expect(said(someone)).to_have_text("Une faute.")
    expect(someone.told).to_contain_text("est publié")
    expect(area(someone)).to_have_value("Une faute. Et la suite.")
    expect(area(someone)).to_be_focused()
    expect(someone.button(EDIT)).to_have_attribute("aria-expanded", "true")
    someone.page.unroute_all()
    someone.page.reload()
    someone.button(EDIT).click()
    expect(area(someone)).to_have_value("Une faute. Et la suite.")
    someone.button("Enregistrer").click()
    expect(said(someone)).to_have_text("Une faute. Et la suite.")
    assert stored(someone) == []
    assert someone.trouble == []


def test_going_back_to_the_former_text_while_a_change_is_saved_stays(editor):
    someone = editor("Une faute.")
    held = hold(someone)
    save(someone, held)
    area(someone).fill(TEXT)
    held[0].continue_()

    expect(said(someone)).to_have_text("Une faute.")
    expect(area(someone)).to_have_value(TEXT)
    assert [one["text"] for one in stored(someone)] == [TEXT]


def test_what_is_written_anew_after_leaving_a_change_stays(editor):
    someone = editor("Une faute.")
    held = hold(someone)
    save(someone, held)
    someone.page.keyboard.press("Escape")
    someone.button(EDIT).click()
    area(someone).fill("Tout autre chose.")
    held[0].continue_()

    expect(said(someone)).to_have_text("Une faute.")
    expect(area(someone)).to_have_value("Tout autre chose.")
    expect(area(someone)).to_be_focused()
    assert [one["text"] for one in stored(someone)] == ["Tout autre chose."]
    someone.button("Annuler").click()
    expect(someone.button(EDIT)).to_be_focused()


def test_a_change_that_was_left_is_still_told_and_leaves_no_draft(editor):
    someone = editor("Une faute.")
    held = hold(someone)
    save(someone, held)
    someone.page.keyboard.press("Escape")
    held[0].continue_()

    expect(someone.told).to_contain_text("est publié")
    expect(someone.told).to_be_focused()
    assert stored(someone) == []


def test_a_reply_begun_while_a_change_is_saved_stays(editor):
    someone = editor("Une faute.")
    held = hold(someone)
    save(someone, held)
    someone.button("Répondre – Lucie").click()
    someone.page.keyboard.type("Je précise")
    held[0].continue_()

    expect(said(someone)).to_have_text("Une faute.")
    expect(area(someone)).to_have_value("Je précise")
    expect(area(someone)).to_be_focused()


def test_what_is_typed_while_a_report_is_sent_stays(writer):
    someone = writer()
    someone.button("Signaler – Vendeur").click()
    someone.widget.get_by_role("radio", name="Hors sujet").check()
    someone.field("Précisions").fill("Des montres ?")
    held = hold(someone)
    save(someone, held, "Envoyer le signalement")
    someone.field("Précisions").press("End")
    someone.page.keyboard.type(" Encore ?")
    held[0].continue_()

    expect(someone.told).to_contain_text("Merci. La rédaction va examiner")
    expect(someone.field("Précisions")).to_have_value("Des montres ? Encore ?")
    expect(someone.field("Précisions")).to_be_focused()
    assert [one["text"] for one in stored(someone)] == ["Des montres ? Encore ?"]


def test_a_report_begun_anew_while_one_is_sent_stays(writer):
    someone = writer()
    someone.button("Signaler – Vendeur").click()
    someone.widget.get_by_role("radio", name="Hors sujet").check()
    held = hold(someone)
    save(someone, held, "Envoyer le signalement")
    someone.page.keyboard.press("Escape")
    someone.button("Signaler – Vendeur").click()
    someone.field("Précisions").fill("J’oubliais.")
    held[0].continue_()

    expect(someone.widget).to_contain_text("Merci. La rédaction va examiner")
    expect(someone.field("Précisions")).to_have_value("J’oubliais.")
    assert [one["text"] for one in stored(someone)] == ["J’oubliais."]


def test_offline_a_change_and_a_report_say_that_the_text_is_kept(editor):
    someone = editor("Une faute.")
    someone.page.context.set_offline(True)
    someone.button("Enregistrer").click()
    expect(someone.told).to_contain_text("Votre texte est conservé\u202f; réessayez")
    expect(someone.told).to_be_focused()
    someone.page.keyboard.press("Escape")

    someone.button("Signaler – Vendeur").click()
    someone.widget.get_by_role("radio", name="Hors sujet").check()
    someone.button("Envoyer le signalement").click()
    expect(someone.told).to_contain_text("momentanément indisponibles")
    expect(someone.told).not_to_contain_text("Votre texte")  # there is none
    someone.field("Précisions").fill("Des montres ?")
    someone.button("Envoyer le signalement").click()
    expect(someone.told).to_contain_text("Votre texte est conservé\u202f; réessayez")
    someone.button("Annuler").click()

    someone.button("Supprimer – Lucie").click()
    someone.button("Oui, supprimer").click()
    expect(someone.told).to_contain_text("momentanément indisponibles")
    expect(someone.told).not_to_contain_text("Votre texte")
