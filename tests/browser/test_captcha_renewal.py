"""Questions end and services go away: what the captcha panel does as time passes."""

from datetime import timedelta

from panel import DONE, SLOW, TEXT
from playwright.sync_api import expect


def test_a_question_is_renewed_before_it_expires(panel, pass_by):
    someone = panel().open()
    before = someone.question
    someone.field.fill("douze")
    someone.page.focus("#text")

    pass_by(someone, minutes=4, seconds=50)

    expect(someone.status).to_contain_text("La question a changé")
    assert someone.question != before
    assert someone.field.input_value() == ""
    assert someone.page.input_value("#text") == TEXT
    assert someone.focused == "text"
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_computer_that_wakes_up_asks_again(panel, clock):
    someone = panel().open()
    before = someone.question
    clock.move(hours=8)
    someone.page.clock.set_system_time(clock())  # and no timer fired

    someone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(someone.status).to_contain_text("La question a changé")
    assert someone.question != before


def test_an_answer_that_comes_too_late_is_not_sent(panel, clock):
    someone = panel().open()
    someone.field.fill(someone.answer)
    clock.move(minutes=6)
    someone.page.clock.set_system_time(clock())

    assert someone.send().startswith("La question a changé")

    expect(someone.field).to_be_focused()
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_nothing_is_asked_for_while_nobody_looks(panel, pass_by):
    someone = panel().open()
    before = someone.question
    hide = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true })"
    someone.page.evaluate(hide % "true")
    pass_by(someone, minutes=20)
    assert someone.question == before

    someone.page.evaluate(hide % "false")
    someone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(someone.status).to_contain_text("La question a changé")


def test_a_question_with_a_short_life_is_renewed_in_time(panel, pass_by):
    someone = panel(changes={"expires_in": 10}).open()
    before = someone.question

    pass_by(someone, seconds=6)
    assert someone.question == before
    with someone.page.expect_response("**/v1/challenges"):
        pass_by(someone, seconds=3)

    expect(someone.status).to_contain_text("La question a changé")
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_clock_that_is_wrong_does_not_ask_all_the_time(panel, clock):
    someone = panel()
    someone.page.clock.set_system_time(clock() + timedelta(days=400))
    asked = []
    someone.page.on("request", lambda request: asked.append(request.url))
    someone.open()

    someone.page.clock.fast_forward(60_000)

    assert sum("/v1/challenges" in url for url in asked) == 1


def test_work_is_done_again_before_it_expires(panel, pass_by):
    someone = panel().open()
    someone.work()

    with someone.page.expect_response("**/v1/challenges"):
        pass_by(someone, minutes=4, seconds=50)
    pass_by(someone, seconds=30)

    expect(someone.status).to_have_text(DONE)
    expect(someone.field).to_be_hidden()
    assert someone.send() == "published"


def test_too_many_questions_are_told_calmly(panel):
    someone = panel().open()
    before = someone.question
    someone.refuse(429, **{"Retry-After": "40"})

    someone.button("Une autre question").click()

    expect(someone.status).to_have_text(SLOW)
    expect(someone.button("Une autre question")).to_be_focused()
    assert someone.question == before
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_service_that_is_away_is_asked_again(panel, pass_by):
    someone = panel()
    someone.refuse(503)
    someone.open()
    expect(someone.status).to_contain_text("Impossible d’obtenir une question")
    assert someone.send().startswith("Impossible d’obtenir une question")
    expect(someone.button("Réessayer")).to_be_focused()

    someone.accept()
    someone.button("Réessayer").click()

    expect(someone.field).to_be_focused()
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_service_that_comes_back_is_noticed(panel, pass_by):
    someone = panel()
    someone.refuse(503)
    someone.open()
    someone.page.focus("#text")

    someone.accept()
    pass_by(someone, seconds=40)

    expect(someone.field).to_be_visible()
    expect(someone.status).to_be_empty()
    assert someone.focused == "text"
