"""What a reader meets on the demonstration page, with and without keyboard, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from solving import solve

TEXT = "J’ai emprunté la ponceuse en juin ; mes volets attendent toujours."
HELD = "Du bitume, encore du bitume."
ENDLESS = "Anticonstitutionnellement" * 12 + " https://bibliotheque.example/" + "rayon-" * 40
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
FOCUSED = "document.activeElement.id || document.activeElement.className"


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_comment_is_written_and_read_without_javascript(reader, size):
    someone = reader(size)
    someone.open()

    someone.write(TEXT)

    assert "est publié" in someone.page.get_by_role("status").inner_text()
    assert TEXT in someone.page.locator("#comments .words").inner_text()
    assert someone.page.locator("time").inner_text() == "23 novembre 2026 à 13\u00a0h\u00a000"


def test_a_reply_is_written_without_javascript(reader, clock):
    someone = reader("phone")
    someone.open()
    someone.write(TEXT)
    clock.move(minutes=1)

    someone.follow("Répondre à Lucie Marchand")
    someone.write("Et la peinture ?", name="Gilles")

    replies = someone.page.get_by_role("list", name="Réponses à Lucie Marchand")
    assert "Et la peinture ?" in replies.inner_text()


def test_a_wrong_answer_keeps_what_was_written(reader):
    someone = reader("phone")
    someone.open()

    someone.write(TEXT, answer="99")

    page = someone.page
    assert "n’est pas la bonne" in page.get_by_role("alert").inner_text()
    assert page.input_value("#text") == TEXT
    assert page.input_value("#name") == "Lucie Marchand"
    someone.write(TEXT)
    assert "est publié" in page.get_by_role("status").inner_text()


def test_a_held_comment_says_so(reader):
    someone = reader("desktop")
    someone.open()

    someone.write(HELD)

    assert "en attente de modération" in someone.page.get_by_role("status").inner_text()
    assert someone.page.locator(".comment").count() == 0


def test_the_sum_has_a_name_that_can_be_spoken(reader):
    someone = reader()
    someone.open()

    field = someone.page.get_by_role("textbox", name="complétez le calcul")

    name = field.evaluate("field => field.labels[0].querySelector('.unseen').textContent")
    assert someone.page.get_by_role("textbox", name=name).count() == 1
    assert someone.page.get_by_role("textbox").count() == 5  # the honeypot is not one of them


def test_a_comment_is_written_with_the_keyboard_alone(reader):
    someone = reader(javascript=True)
    someone.open()
    keyboard, met = someone.page.keyboard, []
    typed = {"text": "Au clavier, tout va bien.", "name": "Gilles", "answer": someone.answer}

    while not met or met[-1] != "answer":
        keyboard.press("Tab")
        met.append(someone.page.evaluate(FOCUSED))
        assert someone.page.evaluate("document.activeElement.matches(':focus-visible')")
        keyboard.type(typed.get(met[-1], ""))
    keyboard.press("Enter")

    assert met[0] == "skip"
    assert met[-5:] == ["text", "name", "email", "url", "answer"]
    assert "est publié" in someone.page.get_by_role("status").inner_text()
    expect(someone.page.locator("#result")).to_be_focused()


def test_a_mistake_takes_the_keyboard_to_what_is_wrong(reader):
    someone = reader(javascript=True)
    someone.open()

    someone.write("Sans nom.", name="")

    expect(someone.page.locator("#result")).to_be_focused()
    someone.page.keyboard.press("Tab")
    someone.page.keyboard.press("Enter")
    expect(someone.page.locator("#name")).to_be_focused()


@pytest.mark.parametrize("zoom", [1, 2], ids=["320 px", "200 %"])
def test_nothing_needs_scrolling_sideways(reader, zoom):
    someone = reader("narrow", javascript=True)
    someone.open()
    someone.write(ENDLESS, name="Wolfeschlegelsteinhausenbergerdorff" * 2)

    for path in ("/demo", "/demo?lang=en", "/docs"):
        someone.open(path)
        if zoom == 2:
            someone.page.set_viewport_size({"width": 640, "height": 450})
            someone.page.evaluate("document.documentElement.style.fontSize = '225%'")
        content, window = someone.page.evaluate(WIDTHS)
        assert content == window, path


def test_a_text_too_long_to_be_read_is_still_there_one_page_back(reader):
    someone = reader("phone")
    someone.open()
    text = "€" * 10_000  # 90 kB on the wire

    someone.write(text)
    advice = someone.page.get_by_role("alert").inner_text()
    someone.page.go_back()

    assert "page précédente" in advice
    assert someone.page.input_value("#text") == text


def test_with_javascript_the_widget_takes_the_place_of_the_form(reader):
    someone = reader("phone", javascript=True, widget=True)
    complaints = []
    someone.page.on("console", lambda entry: complaints.append(entry.text))
    someone.open()
    widget = someone.page.locator("moderation-comments")
    widget.scroll_into_view_if_needed()

    widget.get_by_role("textbox", name="Votre commentaire").fill(TEXT)
    widget.get_by_role("textbox", name="Nom").fill("Lucie")
    question = widget.locator(".captcha-question")
    expect(question).to_contain_text("=")
    widget.get_by_role("textbox", name="Complétez le calcul").fill(solve(question.inner_text()))
    widget.get_by_role("button", name="Publier le commentaire").click()

    expect(widget.get_by_role("article")).to_contain_text(TEXT)
    assert someone.page.get_by_role("heading", name="Laisser un commentaire").count() == 1
    assert complaints == []


def test_the_page_is_dark_at_night(reader):
    def paper(scheme):
        someone = reader(javascript=True, scheme=scheme)
        someone.open()
        colour = someone.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, colour.strip("rgb()").split(","))) / 3

    assert paper("light") > 230
    assert paper("dark") < 40


def empty(someone):
    someone.open()


def wrong(someone):
    someone.open()
    someone.write("", name="", answer="beaucoup")


def published(someone):
    someone.open()
    someone.write(TEXT)
    someone.follow("Répondre à")
    someone.write("Merci !", name="Gilles")


def held(someone):
    someone.open("/demo?lang=en")
    someone.write(HELD)


def answering(someone):
    published(someone)
    someone.follow("Répondre à Gilles")


def lost(someone):
    someone.open("/form?site=nobody&thread=https://gazette.example/")


def described(someone):
    someone.open("/docs")


@pytest.mark.parametrize("state", [empty, wrong, published, held, answering, lost, described])
def test_nobody_is_shut_out_by_day_or_by_night(reader, state):
    someone = reader("phone", javascript=True)
    state(someone)

    for scheme in ("light", "dark"):
        someone.page.emulate_media(color_scheme=scheme)
        found = Axe().run(someone.page)
        assert found.violations_count == 0, found.generate_report()
