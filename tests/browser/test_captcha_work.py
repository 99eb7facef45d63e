"""The captcha left to the browser: proof of work in the reader's place, told as it goes on."""

import re

import pytest
from panel import DONE, TEXT, endless
from playwright.sync_api import expect

from moderation.domain.site import CaptchaMode


def test_the_browser_works_in_the_readers_place(panel):
    someone = panel().open()

    someone.work()

    expect(someone.field).to_be_hidden()
    expect(someone.button("Faire plutôt le calcul")).to_be_focused()
    assert someone.send() == "published"


def test_work_is_accepted_once(panel):
    someone = panel().open()
    someone.work()
    assert someone.send() == "published"

    assert someone.send() == "captcha_replayed"

    expect(someone.field).to_be_focused()
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_somebody_who_is_typing_is_not_interrupted_by_the_proof(panel):
    someone = panel().open()
    someone.page.evaluate("panel.toggle(); root.querySelector('input').focus()")

    expect(someone.status).to_have_text(DONE)

    expect(someone.field).to_be_focused()


def test_sending_waits_for_the_work(panel):
    someone = panel().open()

    someone.page.evaluate("panel.toggle()")

    assert someone.send() == "published"


def test_work_shows_how_far_it_is_and_can_be_stopped(panel, pass_by):
    someone = panel(changes={"altcha": endless()}).open()
    someone.button("Vérifier sans calcul").click()
    someone.page.wait_for_function("root.querySelector('progress').value > 0.01")
    assert len(someone.page.workers) == 1

    pass_by(someone, seconds=5)
    expect(someone.status).to_have_text(re.compile(r"^[1-9][0-9]?\s%$"))
    someone.button("Arrêter").click()

    expect(someone.page.get_by_role("progressbar")).to_be_hidden()
    expect(someone.status).to_have_text(
        "Vérification arrêtée. Complétez le calcul, ou recommencez."
    )
    expect(someone.button("Vérifier sans calcul")).to_be_focused()
    assert someone.page.workers == []
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_page_that_forbids_workers_works_itself(panel):
    policy = "default-src 'self'; worker-src 'self'; style-src 'unsafe-inline'"
    someone = panel(headers={"Content-Security-Policy": policy}).open()

    someone.work()

    assert someone.send() == "published"


def test_a_page_that_trusts_no_strings_has_a_worker(panel):
    policy = "require-trusted-types-for 'script'"
    someone = panel(headers={"Content-Security-Policy": policy}).open()

    with someone.page.expect_worker():
        someone.work()

    assert someone.send() == "published"


@pytest.mark.parametrize("form", [{"has_pow": True}, {"has_pow": False}], ids=["http", "none"])
def test_no_work_is_offered_where_none_can_be_done(panel, form):
    someone = panel(form=form)
    if form["has_pow"]:  # a page over http
        someone.page.add_init_script(
            "Object.defineProperty(window, 'isSecureContext', { value: false })"
        )

    someone.open()

    expect(someone.field).to_be_visible()
    expect(someone.button("Vérifier sans calcul")).to_be_hidden()


def test_work_that_fails_is_told(panel):
    someone = panel(
        changes={"altcha": {**endless(), "parameters": {"algorithm": "ARGON2ID"}}}
    ).open()

    someone.button("Vérifier sans calcul").click()

    expect(someone.status).to_contain_text("Votre navigateur n’a pas pu terminer.")
    expect(someone.button("Vérifier sans calcul")).to_be_focused()


def test_the_assembled_widget_works_in_the_readers_place(gazette, commenter):
    someone = commenter("phone")
    someone.open(gazette(captcha=CaptchaMode.ALWAYS))
    someone.write(TEXT)

    with someone.page.expect_worker():
        someone.button("Vérifier sans calcul").click()
    expect(someone.widget.get_by_text(DONE)).to_be_visible()
    someone.send()

    expect(someone.comment(TEXT)).to_be_visible()
    assert someone.trouble == []


def test_the_assembled_widget_takes_work_where_the_service_is_unsure(gazette, commenter):
    someone = commenter("phone")
    someone.open(gazette(captcha=CaptchaMode.UNSURE))
    someone.write("Du bitume, encore du bitume.")
    someone.send()

    someone.button("Vérifier sans calcul").click()
    expect(someone.widget.get_by_text(DONE)).to_be_visible()
    someone.send()

    expect(someone.told).to_contain_text("en attente de modération")
