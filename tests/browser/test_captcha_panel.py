"""The captcha panel: questions to read, to see and to hear, in front of the real service."""

import re
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from panel import DONE, WRONG, endless
from playwright.sync_api import expect

from moderation.domain.site import CaptchaDisplay


def test_the_sum_is_answered_by_text(panel):
    someone = panel().open()

    someone.field.fill(f" {someone.answer} ")

    assert someone.send() == "published"


def test_the_field_is_named_by_the_question_as_it_is_spoken(panel):
    someone = panel().open()

    heard = someone.page.locator("label .unseen")

    assert heard.get_attribute("lang") == "fr"
    assert someone.page.get_by_role(
        "textbox", name=f"Complétez le calcul {heard.inner_text()}"
    ).count()
    assert someone.question not in someone.page.locator("label[for]").aria_snapshot()


def test_a_wrong_answer_is_told_beside_a_new_question(panel):
    someone = panel().open()
    before = someone.question

    someone.field.fill("999")

    assert someone.send() == "captcha_failed"
    assert someone.question != before
    assert someone.field.input_value() == ""
    expect(someone.field).to_be_focused()
    expect(someone.field).to_have_accessible_description(f"{WRONG} En chiffres ou en lettres.")
    expect(someone.field).to_have_attribute("aria-invalid", "true")
    someone.field.fill(someone.answer)
    expect(someone.field).not_to_have_attribute("aria-invalid", "true")
    assert someone.send() == "published"


def test_no_answer_is_told_beside_the_field(panel):
    someone = panel().open()
    before = someone.question

    assert someone.send() == "Il manque votre réponse."

    assert someone.question == before
    expect(someone.field).to_be_focused()
    expect(someone.field).to_have_accessible_description(re.compile("Il manque votre réponse"))


def test_a_picture_says_what_it_is_and_beside_it_stands_what_else_there_is(panel):
    someone = panel(policy={"captcha_display": CaptchaDisplay.IMAGE}).open()

    expect(someone.page.get_by_role("img")).to_have_accessible_name(
        "Image d’un calcul à compléter."
    )
    expect(someone.page.get_by_text("Choisissez la manière qui vous convient.")).to_be_visible()
    expect(someone.page.locator(".captcha-question")).to_be_hidden()
    someone.page.wait_for_function("root.querySelector('img').naturalWidth > 0")
    expect(someone.status).to_be_empty()


def test_a_picture_that_does_not_show_is_told(panel):
    someone = panel(changes={"question": None, "speech": None, "image_url": "/none.svg"})
    someone.page.route("**/none.svg", lambda route: route.abort())

    someone.open()

    expect(someone.status).to_have_text("L’image ne s’affiche pas. Essayez une autre question.")


def test_the_question_is_heard_when_somebody_wants_to(panel):
    someone = panel(changes={"audio_url": "/panel/sound.wav"}).open()
    assert someone.page.evaluate("root.querySelector('audio').paused")

    someone.button("Écouter la question").click()

    someone.page.wait_for_function("root.querySelector('audio').currentTime > 0")
    someone.button("Arrêter l’écoute").click()
    expect(someone.button("Écouter la question")).to_be_focused()
    assert someone.page.evaluate("root.querySelector('audio').paused")


def test_a_new_question_silences_the_old_one(panel):
    someone = panel(changes={"audio_url": "/panel/sound.wav"}).open()
    someone.button("Écouter la question").click()
    expect(someone.button("Arrêter l’écoute")).to_be_visible()

    someone.button("Une autre question").click()

    expect(someone.button("Écouter la question")).to_be_visible()
    assert someone.page.evaluate("root.querySelector('audio').paused")


def test_sound_that_cannot_be_played_is_told(panel):
    someone = panel(changes={"audio_url": "/none.wav"})
    someone.page.route("**/none.wav", lambda route: route.abort())
    someone.open()

    someone.button("Écouter la question").click()

    expect(someone.status).to_have_text("Le son ne peut pas être lu ici.")


def test_a_service_without_a_voice_offers_no_sound(panel):
    someone = panel(changes={"audio_url": None}).open()

    expect(someone.button("Écouter la question")).to_be_hidden()


def test_everything_is_done_with_the_keyboard(panel):
    someone = panel(changes={"audio_url": "/panel/sound.wav"}).open()
    someone.page.focus("#text")
    met = []

    for _ in range(4):
        someone.page.keyboard.press("Tab")
        met.append(someone.focused)
    someone.page.keyboard.press("Space")
    expect(someone.status).to_have_text(DONE)
    someone.page.keyboard.press("Tab")

    assert met[1:] == ["Une autre question", "Écouter la question", "Vérifier sans calcul"]
    assert someone.focused == "send"


def test_the_panel_speaks_english(panel):
    someone = panel(locale="en").open()

    someone.page.get_by_role("textbox", name="Complete the calculation").fill(someone.answer)

    assert someone.send() == "published"


def asked(panel):
    return panel().open()


def drawn(panel):
    return panel(policy={"captcha_display": CaptchaDisplay.IMAGE}).open()


def refused(panel):
    someone = panel().open()
    someone.send()
    return someone


def working(panel):
    someone = panel(changes={"altcha": endless()}).open()
    someone.button("Vérifier sans calcul").click()
    expect(someone.page.get_by_role("progressbar")).to_be_visible()
    return someone


def worked(panel):
    someone = panel().open()
    someone.work()
    return someone


def away(panel):
    someone = panel()
    someone.refuse(503)
    return someone.open()


@pytest.mark.parametrize("state", [asked, drawn, refused, working, worked, away])
def test_nobody_is_shut_out(panel, state):
    page = state(partial(panel, "phone")).page

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        nodes = [node for one in found.response["violations"] for node in one["nodes"]]
        assert not nodes, [(node["html"], node["failureSummary"]) for node in nodes]
