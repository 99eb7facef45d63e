"""What a reader without JavaScript does on the form's own pages, in a real browser."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from speaking import needs_espeak

from moderation.domain.site import CaptchaDisplay, CaptchaMode

TEXT = "J’ai emprunté la ponceuse en juin ; mes volets attendent toujours."
ENDLESS = "Anticonstitutionnellement" * 12
ARABIC = "مكتبة القرية تعير السلالم أيضا، وهذا خبر سعيد."
TITLE = "À la bibliothèque, l’échelle se rend dans trois semaines"
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
FOCUSED = "document.activeElement.id || document.activeElement.className"
TARGETS = "a, button, summary, .choice, input:not([type=hidden], [type=radio]), textarea"
IN_TEXT = ".beside, .words, h3, .intro, .notice p:not(.own), .when"
SMALL = f"""
[...document.querySelectorAll("{TARGETS}")]
  .filter((one) => !one.closest("{IN_TEXT}"))
  .filter((one) => one.getBoundingClientRect().height < LEAST)
  .map((one) => one.outerHTML.slice(0, 90))
"""


@pytest.fixture
def form(add_site, url, services):
    """Add a site and return the path of a page's form: `form("gazette", captcha=…)`."""

    def path(name="gazette", **policy):
        leniency = {"minimum_answer": timedelta(0), "hold_above": 1.0, "reject_above": 1.0}
        site = add_site(name, origins=(url,), **{**leniency, **policy})
        return f"/form?site={site.key}&thread={url}/village/echelle&title={TITLE}"

    return path


def press(someone, name):
    with someone.page.expect_navigation():
        someone.page.get_by_role("button", name=name, exact=True).click()


def told(someone):
    return someone.page.get_by_role("status").inner_text()


def shown(someone):
    return someone.page.locator("#comments .words").all_inner_texts()


def test_a_comment_is_posted_changed_and_deleted(reader, form):
    someone = reader("phone")
    someone.open(form())
    someone.write(TEXT)
    someone.page.locator("#comments").get_by_role("link", name="Modifier").click()

    someone.page.fill("#text", "  ")
    press(someone, "Enregistrer")
    alert = someone.page.get_by_role("alert").inner_text()
    someone.page.fill("#text", f"{TEXT} Et la peinture ?")
    press(someone, "Enregistrer")
    changed, words = told(someone), shown(someone)
    someone.page.locator("#comments").get_by_role("link", name="Supprimer").click()
    press(someone, "Oui, supprimer")

    assert "n’a pas encore été enregistrée" in alert
    assert "est modifié" in changed
    assert words == [f"{TEXT} Et la peinture ?"]
    assert "est supprimé" in told(someone)
    assert shown(someone) == []


def test_who_comments_below_the_article_can_change_it_too(reader):
    someone = reader("desktop")
    someone.open()
    someone.write(TEXT)

    someone.follow("Modifier")
    someone.page.fill("#text", "Mieux dit.")
    press(someone, "Enregistrer")

    assert someone.page.url.startswith(f"{someone.url}/demo?")
    assert shown(someone) == ["Mieux dit."]


def test_another_reader_reports_a_comment_and_cannot_change_it(reader, form):
    path = form()
    author, other = reader("phone"), reader("desktop")
    author.open(path)
    author.write(TEXT)
    other.open(path)
    foreign = author.page.get_by_role("link", name="Modifier").first.get_attribute("href")

    other.follow("Signaler le commentaire de Lucie Marchand")
    press(other, "Envoyer le signalement")
    alert = other.page.get_by_role("alert").inner_text()
    other.page.get_by_label("Fausse information").check()
    other.page.fill("#details", "Les volets sont peints.")
    press(other, "Une autre question")
    kept = other.page.input_value("#details"), other.page.get_by_label("Fausse info").is_checked()
    other.page.fill("#answer", other.answer)
    press(other, "Envoyer le signalement")
    thanks = told(other)
    other.open(foreign)

    assert "Motif" in alert
    assert kept == ("Les volets sont peints.", True)
    assert "va relire ce commentaire" in thanks
    assert "la personne qui l’a écrit" in other.page.get_by_role("alert").inner_text()


def test_another_question_loses_nothing_and_enter_sends(reader, form):
    someone = reader("desktop")
    someone.open(form())
    someone.page.fill("#text", TEXT)
    someone.page.fill("#name", "Gilles")
    first = someone.page.input_value("[name=token]")

    press(someone, "Une autre question")
    renewed = someone.page.input_value("[name=token]")
    someone.page.fill("#answer", someone.answer)
    with someone.page.expect_navigation():
        someone.page.press("#answer", "Enter")

    assert first != renewed
    assert "est publié" in told(someone)
    assert shown(someone) == [TEXT]


def test_an_unsure_site_asks_only_when_in_doubt(reader, form):
    someone = reader("phone")
    someone.open(form(captcha=CaptchaMode.UNSURE, blocked_words=("bitume",)))
    asked = someone.page.locator("#answer").count()
    someone.page.fill("#text", "Du bitume, encore du bitume.")
    someone.page.fill("#name", "Gilles")
    press(someone, "Publier le commentaire")

    friendly = told(someone)
    someone.page.fill("#answer", someone.answer)
    press(someone, "Publier le commentaire")

    assert asked == 0
    assert "dernière vérification" in friendly
    assert "en attente de modération" in told(someone)


@needs_espeak
def test_a_picture_is_seen_and_can_be_heard(reader, form):
    someone = reader("narrow", javascript=True)
    someone.open(form(captcha_display=CaptchaDisplay.IMAGE))

    someone.page.locator("summary").click()
    picture = someone.page.locator(".picture")
    width = picture.evaluate("image => image.decode().then(() => image.naturalWidth)")
    length = someone.page.locator("audio").evaluate(
        "sound => new Promise((done) => {"
        " sound.onloadedmetadata = () => done(sound.duration); sound.onerror = () => done(0);"
        " sound.load(); })"
    )

    assert width > 100
    assert "écouter" in picture.get_attribute("alt")
    assert length > 0.5
    assert someone.page.locator(".question").count() == 0


def test_a_comment_is_written_with_the_keyboard_alone(reader, form):
    someone = reader(javascript=True)
    someone.open(form())
    keyboard, met = someone.page.keyboard, []
    typed = {"text": "Au clavier, tout va bien.", "name": "Gilles", "answer": someone.answer}

    while not met or met[-1] != "answer":
        keyboard.press("Tab")
        met.append(someone.page.evaluate(FOCUSED))
        assert someone.page.evaluate("document.activeElement.matches(':focus-visible')")
        keyboard.type(typed.get(met[-1], ""))
    keyboard.press("Enter")
    someone.page.wait_for_selector("#result")

    assert met[-5:] == ["text", "name", "email", "url", "answer"]
    assert "est publié" in told(someone)
    expect(someone.page.locator("#result")).to_be_focused()


def test_a_mistake_takes_the_keyboard_to_what_is_wrong(reader, form):
    someone = reader(javascript=True)
    someone.open(form())

    someone.write("Sans nom.", name="")

    expect(someone.page.locator("#result")).to_be_focused()
    someone.page.keyboard.press("Tab")
    someone.page.keyboard.press("Enter")
    expect(someone.page.locator("#name")).to_be_focused()


def sheets(someone, path):
    """Open each page in turn, with what makes it hardest to lay out."""
    someone.open(path)
    yield "empty"
    someone.write(f"{TEXT}\n\n{ENDLESS}", name="Wolfeschlegelsteinhausenbergerdorff" * 2)
    yield "published"
    someone.write("", name="", answer="beaucoup")
    yield "refused"
    someone.write(ARABIC, name="ليلى")
    yield "from right to left"
    edit, delete = (
        someone.page.locator(".own").get_by_role("link", name=name).get_attribute("href")
        for name in ("Modifier", "Supprimer")
    )
    someone.open(edit)
    yield "edit"
    someone.page.fill("#text", " ")
    press(someone, "Enregistrer")
    yield "edit refused"
    someone.open(delete)
    yield "delete"
    someone.open(re.sub(r"/delete\b", "/report", delete))
    yield "report"
    press(someone, "Envoyer le signalement")
    yield "report refused"
    someone.open("/form/edit?comment=nobodys")
    yield "not yours"


def test_nobody_is_shut_out_by_day_or_by_night(reader, form):
    someone = reader("phone", javascript=True, has_touch=True)

    for name in sheets(someone, form()):
        for scheme in ("light", "dark"):
            someone.page.emulate_media(color_scheme=scheme)
            found = Axe().run(someone.page)
            assert found.violations_count == 0, (name, found.generate_report())
        assert someone.page.evaluate(SMALL.replace("LEAST", "44")) == [], name


def test_nothing_needs_scrolling_sideways_or_a_fine_hand(reader, form):
    someone = reader("narrow", javascript=True)

    for name in sheets(someone, form()):
        for width, size in ((640, "225%"), (320, "112.5%")):
            someone.page.set_viewport_size({"width": width, "height": 450})
            someone.page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
            content, window = someone.page.evaluate(WIDTHS)
            assert content == window, (name, width)
        assert someone.page.evaluate(SMALL.replace("LEAST", "24")) == [], name
