"""What the widget says of what it does: why it asks, what is missing, what waits."""

import json
import re

import pytest
from playwright.sync_api import expect

from moderation.domain.site import CaptchaMode

WAITING = "en attente de modération"
COMPLETE = "Complétez le calcul"


@pytest.fixture
def writer(gazette, commenter):
    """Sit somebody down at an article: `writer(captcha=CaptchaMode.UNSURE)`."""

    def sit_down(**policy):
        someone = commenter()
        someone.open(gazette(**policy))
        expect(someone.field("Votre commentaire")).to_be_visible()
        return someone

    return sit_down


def test_a_sum_that_comes_late_says_why(writer):
    someone = writer(captcha=CaptchaMode.UNSURE)
    someone.write("Du bitume, encore du bitume.")

    someone.send()

    expect(someone.field(COMPLETE)).to_be_focused()
    expect(someone.told).to_contain_text("n’a pas encore été envoyé")
    expect(someone.told).to_contain_text("la réponse à un petit calcul")
    expect(someone.told).not_to_have_class("notice problem")
    expect(someone.widget.get_by_role("status").first).to_contain_text("petit calcul")
    someone.answer()
    someone.send()
    expect(someone.told).to_contain_text(WAITING)
    expect(someone.widget.get_by_text("petit calcul").locator("visible=true")).to_have_count(0)


def test_the_browser_works_in_the_readers_place_on_a_strict_page(writer):
    someone = writer(captcha=CaptchaMode.ALWAYS)
    someone.write("Sans calcul.")

    someone.button("Vérifier sans calcul").click()
    expect(someone.widget).to_contain_text("C’est fait.", timeout=20_000)
    someone.send()

    expect(someone.told).to_contain_text("est publié")
    assert someone.trouble == []


def test_a_held_comment_says_so_as_long_as_it_is_shown(writer):
    someone = writer()
    someone.write("Du bitume, encore du bitume.")
    someone.send()
    expect(someone.told).to_contain_text(WAITING)

    someone.button("Modifier – Lucie").click()
    someone.button("Annuler").click()

    expect(someone.widget.locator(".notice:visible")).to_have_count(0)
    expect(someone.comment("Du bitume").get_by_text(WAITING)).to_be_visible()


def test_a_change_says_what_is_missing_and_what_is_too_much(writer):
    someone = writer()
    someone.write("Une fote.")
    someone.send()
    someone.button("Modifier – Lucie").click()
    form = someone.widget.get_by_role("form", name="Modifier – Lucie")
    field = someone.field("Votre commentaire", form)

    for text, told in {" ": "Ce champ est obligatoire.", "é" * 10_001: "10\u202f001 cara"}.items():
        field.fill(text)
        someone.button("Enregistrer").click()
        expect(form).to_contain_text(told)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_be_focused()

    assert not [one for one in someone.asked if one.startswith("PATCH")]


def test_a_report_is_a_form_with_a_name_and_asks_for_a_reason(writer, post):
    someone = writer()
    post("Achetez mes montres !", name="Vendeur")
    someone.page.reload()
    someone.button("Signaler – Vendeur").click()
    form = someone.widget.get_by_role("form", name="Signaler – Vendeur")
    reasons = form.get_by_role("radiogroup", name="Pourquoi signaler ce commentaire")

    someone.button("Envoyer le signalement").click()

    expect(reasons).to_have_attribute("aria-invalid", "true")
    expect(reasons.get_by_role("radio").first).to_have_attribute("required", "")
    someone.page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(someone.button("Signaler – Vendeur")).to_be_focused()
    expect(someone.widget.get_by_role("list", name="Réponses")).to_have_count(0)


def test_an_order_that_could_not_be_had_changes_nothing(writer, post):
    someone = writer()
    for number in range(22):
        post(f"Remarque {number}.")
    someone.page.reload()
    expect(someone.comment("Remarque 2.")).to_be_visible()
    someone.page.context.set_offline(True)
    someone.button("Plus anciens").click()
    expect(someone.told).to_contain_text("momentanément")
    someone.page.context.set_offline(False)

    someone.button("Afficher d’autres commentaires").click()

    expect(someone.comment("Remarque 0.")).to_be_visible()
    expect(someone.button("Plus récents")).to_have_attribute("aria-pressed", "true")
    expect(someone.widget.get_by_role("article")).to_have_count(22)


def test_characters_are_counted_as_the_service_counts_them(writer):
    someone = writer()

    someone.write("🙂" * 9_990)
    expect(someone.widget.get_by_role("status").first).to_contain_text("9\u202f990 caractères")
    someone.send()

    expect(someone.told).to_contain_text("est publié")


def test_who_reads_english_is_asked_and_answered_in_english(gazette, commenter):
    someone = commenter()
    someone.open(gazette(lang="ar", captcha=CaptchaMode.ALWAYS))
    someone.page.evaluate("document.documentElement.dir = 'rtl'")

    someone.field("Your comment").fill("A comment.")
    someone.field("Name").fill("Lucy")
    expect(someone.widget.locator(".captcha-question")).to_have_attribute("lang", "en")
    someone.field("Complete the calculation").fill("999")
    someone.button("Post comment").click()

    expect(someone.widget.locator(".captcha .error")).to_contain_text("calculation")
    assert someone.widget.evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_an_address_that_is_none_is_taken_for_the_page_itself(gazette, paper, post, commenter):
    gazette()
    body = "<moderation-comments data-thread='http://['></moderation-comments>"
    someone = commenter()
    post("La halle rouvre.")

    someone.open(paper.print(body=body))
    expect(someone.comment("La halle rouvre.")).to_be_visible()
    someone.page.evaluate("document.querySelector('moderation-comments').dataset.title = 'Halle'")
    someone.write("Sous son titre.")
    with someone.page.expect_request("**/v1/comments") as sent:
        someone.send()

    assert sent.value.post_data_json["thread"]["title"] == "Halle"
    assert someone.trouble == []


@pytest.mark.parametrize(("seconds", "told"), [(40, "secondes"), (600, r"10\sminutes")])
def test_a_wait_is_told_as_people_do(writer, seconds, told):
    someone = writer()
    refusal = {
        "status": 429,
        "headers": {
            "Retry-After": str(seconds),
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
        },
        "body": json.dumps({"code": "too_many_requests", "detail": "Vous allez un peu vite."}),
    }
    someone.page.route("**/v1/comments", lambda route: route.fulfill(**refusal))
    someone.page.clock.install()
    someone.write("Trop vite.")

    someone.send()

    expect(someone.button(re.compile(f"Réessayer dans .*{told}"))).to_be_visible()
    expect(someone.told).to_contain_text("Votre texte est conservé")
    someone.page.clock.fast_forward(600_000)
    expect(someone.button("Envoyer de nouveau")).to_be_visible()
