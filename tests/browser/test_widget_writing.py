"""What somebody writes below an article, through the widget on a strict page of another origin."""

from datetime import timedelta

import jwt
import pytest
from playwright.sync_api import expect

from moderation.domain.site import CaptchaMode

TEXT = "J’ai emprunté la ponceuse en juin ; voir https://outils.example/ponceuse."
THANKS = "Merci\u202f! Votre commentaire est publié."
WAITING = "Votre commentaire est en attente de modération"


@pytest.fixture
def writer(gazette, commenter):
    """Sit somebody down at an article: `writer("phone", captcha=CaptchaMode.ALWAYS)`."""

    def sit_down(size="desktop", body=None, **policy):
        someone = commenter(size)
        someone.open(gazette(**({"body": body} if body else {}), **policy))
        expect(someone.field("Votre commentaire")).to_be_visible()
        return someone

    return sit_down


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_comment_is_written_and_read(writer, size):
    someone = writer(size, captcha=CaptchaMode.ALWAYS)

    assert not [one for one in someone.asked if "challenges" in one]  # a glance costs no question
    someone.write(TEXT)
    someone.answer()
    someone.send()

    expect(someone.told).to_have_text(THANKS)
    expect(someone.told).to_be_focused()
    expect(someone.comment(TEXT)).to_be_in_viewport()
    link = someone.widget.get_by_role("link", name="https://outils.example/ponceuse")
    assert link.get_attribute("rel") == "nofollow ugc noopener"
    expect(someone.widget.get_by_role("status").first).to_have_text(THANKS)
    expect(someone.widget.get_by_role("heading", level=2)).to_have_text("1 commentaire")
    someone.page.reload()
    expect(someone.comment(TEXT)).to_be_visible()
    expect(someone.field("Votre commentaire")).to_have_value("")
    assert someone.trouble == []


def test_a_held_comment_says_so_and_shows_it_to_its_author_alone(writer):
    someone = writer()

    someone.write("Du bitume, encore du bitume.")
    someone.send()

    expect(someone.told).to_contain_text(WAITING)
    expect(someone.told).to_be_focused()
    expect(someone.comment("Du bitume")).to_be_visible()
    someone.page.reload()
    expect(someone.widget).to_contain_text("Le premier peut être le vôtre.")


def test_a_mistake_leads_to_what_is_wrong(writer):
    someone = writer()

    someone.field("Votre commentaire").fill("Sans nom.")
    someone.field("Adresse électronique").fill("lucie@")
    someone.send()
    expect(someone.told).to_be_focused()
    someone.page.keyboard.press("Tab")
    someone.page.keyboard.press("Enter")
    expect(someone.field("Nom")).to_be_focused()
    assert someone.field("Nom").get_attribute("aria-invalid") == "true"
    someone.page.keyboard.type("Lucie")
    someone.send()

    expect(someone.told).to_contain_text("Cette adresse électronique n’a pas la bonne forme.")
    expect(someone.field("Nom")).to_have_attribute("aria-invalid", "false")
    expect(someone.field("Adresse électronique")).to_have_attribute("aria-invalid", "true")
    assert len([one for one in someone.asked if one.startswith("POST")]) == 1


def test_a_reply_goes_below_what_it_answers(writer, post):
    someone = writer()
    post("La halle rouvre.", name="Ahmed")
    someone.page.reload()

    someone.button("Répondre – Ahmed").click()
    expect(someone.widget.get_by_role("heading", name="Répondre à Ahmed")).to_be_visible()
    form = someone.widget.locator("form").filter(has_text="Répondre à Ahmed")
    expect(someone.field("Votre commentaire", form)).to_be_focused()
    someone.field("Votre commentaire", form).fill("Enfin !")
    someone.field("Nom", form).fill("Gilles")
    someone.button("Publier la réponse").click()

    replies = someone.widget.get_by_role("list", name="Réponses à Ahmed")
    expect(replies).to_contain_text("Enfin !")
    expect(someone.told).to_have_text(THANKS)


def test_a_wrong_sum_keeps_the_text(writer):
    someone = writer(captcha=CaptchaMode.ALWAYS)

    someone.write(TEXT)
    someone.answer()
    someone.field("Complétez le calcul").fill("99")
    someone.send()
    expect(someone.widget).to_contain_text("n’est pas la bonne")
    expect(someone.field("Complétez le calcul")).to_be_focused()
    expect(someone.field("Votre commentaire")).to_have_value(TEXT)
    someone.answer()
    someone.send()

    expect(someone.told).to_have_text(THANKS)


def test_a_sum_is_asked_for_only_when_the_comment_is_not_plain(writer):
    someone = writer(captcha=CaptchaMode.UNSURE)

    someone.write("Du bitume, encore du bitume.")
    assert someone.widget.locator(".captcha").count() == 0
    someone.send()
    expect(someone.field("Complétez le calcul")).to_be_focused()
    someone.answer()
    someone.send()

    expect(someone.told).to_contain_text(WAITING)
    assert not [one for one in someone.asked if "challenges" in one]


def test_an_author_changes_and_withdraws_a_comment_while_there_is_time(writer):
    someone = writer()
    someone.write("Une fote.")
    someone.send()
    expect(someone.told).to_have_text(THANKS)
    someone.page.reload()  # the key to it stays on this device

    someone.button("Modifier – Lucie").click()
    comment = someone.comment("Lucie")
    expect(someone.field("Votre commentaire", comment)).to_be_focused()
    someone.field("Votre commentaire", comment).fill("Une faute.")
    someone.button("Enregistrer").click()
    expect(someone.told).to_have_text(THANKS)
    expect(someone.comment("Une faute.")).to_contain_text("modifié")
    someone.button("Supprimer – Lucie").click()
    someone.button("Annuler").click()
    expect(someone.button("Supprimer – Lucie")).to_be_focused()
    someone.page.keyboard.press("Enter")
    someone.button("Oui, supprimer").click()

    expect(someone.widget).to_contain_text("Ce commentaire n’est plus là.")
    expect(someone.widget.get_by_role("heading", level=2)).to_have_text("Commentaires")
    someone.page.reload()
    expect(someone.widget).to_contain_text("Le premier peut être le vôtre.")
    assert someone.trouble == []


def test_the_time_to_change_a_comment_ends(writer):
    someone = writer()
    someone.page.clock.install()
    someone.page.reload()
    someone.write("Une fote.")
    someone.send()
    expect(someone.button("Modifier – Lucie")).to_be_visible()

    someone.page.clock.fast_forward("16:00")

    expect(someone.button("Modifier – Lucie")).to_have_count(0)
    expect(someone.button("Signaler – Lucie")).to_be_visible()


def test_a_comment_is_reported_with_the_keyboard(writer, post):
    someone = writer(captcha=CaptchaMode.UNSURE)
    post("Achetez mes montres !", name="Vendeur")
    someone.page.reload()
    keyboard = someone.page.keyboard

    someone.button("Signaler – Vendeur").focus()
    keyboard.press("Enter")
    expect(someone.widget.get_by_role("radio", name="Publicité ou spam")).to_be_focused()
    someone.button("Envoyer le signalement").click()
    expect(someone.widget).to_contain_text("Ce champ est obligatoire.")
    keyboard.press("ArrowDown")
    someone.field("Précisions").fill("Des montres, ici ?")
    someone.button("Envoyer le signalement").click()
    someone.answer()
    someone.button("Envoyer le signalement").click()

    expect(someone.told).to_have_text("Merci. La rédaction va examiner ce commentaire.")
    assert someone.trouble == []


def test_a_signed_in_reader_gives_no_name(gazette, paper, commenter):
    address = gazette(captcha=CaptchaMode.ALWAYS)
    claims = {"sub": "7", "name": "Zoé Ørsted", "aud": paper.key, "exp": 4e9, "trusted": True}
    token = jwt.encode(claims, paper.site.secret, "HS256")
    someone = commenter()
    someone.open(address)

    someone.page.evaluate(
        "token => { document.querySelector('moderation-comments').identity = token }", token
    )
    expect(someone.widget).to_contain_text("Connecté en tant que Zoé Ørsted")
    someone.field("Votre commentaire").fill("Bonjour.")
    someone.send()

    expect(someone.comment("Bonjour.")).to_contain_text("Zoé Ørsted")


def test_a_closed_discussion_is_read_but_not_written(writer, post, clock):
    someone = writer(close_after=timedelta(days=1))
    post("Juste à temps.")
    clock.move(days=2)

    someone.page.reload()

    expect(someone.widget).to_contain_text("Les commentaires de cet article sont fermés.")
    expect(someone.button("Répondre")).to_have_count(0)


def test_the_preview_shows_what_will_stand_there(writer):
    someone = writer()

    someone.write(f"{TEXT}\n\n<b>Deux</b>")
    someone.widget.get_by_text("Aperçu").click()

    preview = someone.widget.locator("details")
    assert preview.locator("p").all_inner_texts() == [TEXT, "<b>Deux</b>"]
    assert preview.locator("a").count() == 0
