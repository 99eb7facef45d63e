"""The desk for everybody: small screens, dark rooms, other senses, no script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from moderation.domain.comment import Status
from moderation.domain.finding import Finding, Verdict
from moderation.domain.key import Role

ENDLESS = "Anticonstitutionnellement" * 12
SPAM = "Gagnez 3000 euros par semaine depuis chez vous, écrivez-moi sur WhatsApp !"
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
FOUND = (
    Finding("spam_score", Verdict.REJECT, {"score": 0.98, "threshold": 0.5}),
    Finding("too_many_links", Verdict.HOLD, {"links": 3, "allowed": 2}),
)


@pytest.fixture
def desk(remember, clock, moderator_at):
    """Sit somebody down before comments of every kind."""

    def sit_down(*args, **options):
        for text, findings in ((SPAM, FOUND), (ENDLESS, ()), ("مكتبة القرية تعير السلالم.", ())):
            clock.move(minutes=1)
            remember(text, score=0.98, findings=findings, version="baseline-2")
        remember("Une fleur.", Verdict.PUBLISH)
        return moderator_at(*args, **options)

    return sit_down


def queue(someone):
    someone.open()


def everything(someone):
    someone.open("/queue?status=all&q=une&reported=true&order=newest")


def filters(someone):
    someone.open("/queue?thread=nowhere")


def decided(someone):
    someone.open()
    someone.page.locator(".row").nth(0).get_by_role("button", name="Publier").click()
    expect(someone.page.locator(".result")).to_be_visible()


def rejecting(someone):
    someone.open()
    someone.page.get_by_role("link", name="Rejeter…").first.click()


def veiled(someone):
    someone.open()
    someone.button("Voiler les textes non publiés").click()


def one(someone):
    someone.open()
    someone.button("Suivant").click()
    expect(someone.page.locator("mark.s4").first).to_be_visible()


def led_on(someone):
    one(someone)
    someone.button("Mettre en attente").click()
    expect(someone.page.locator("[data-notice]")).to_be_visible()


def stale(someone):
    one(someone)
    someone.page.evaluate("document.querySelector('[name=version]').value = '7'")
    someone.button("Publicité").click()
    expect(someone.page.get_by_role("alert").first).to_be_visible()


def helped(someone):
    one(someone)
    someone.button("Raccourcis clavier").click()


def batch(someone):
    someone.open()
    someone.button("Traiter toute la liste").click()


def batches(someone):
    batch(someone)
    someone.page.get_by_label("Mettre en attente").check()
    someone.button("Appliquer").click()


STATES = [
    queue, everything, filters, decided, rejecting, veiled, one, led_on, stale, helped, batch,
    batches,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_nobody_is_shut_out_by_day_by_night_or_by_a_small_screen(desk, state):
    someone = desk(bypass_csp=True, reduced_motion="reduce")
    state(someone)

    for size in ({"width": 1280, "height": 900}, {"width": 320, "height": 640}):
        someone.page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            someone.page.emulate_media(color_scheme=scheme)
            wrong = Axe().run(someone.page).response["violations"]
            told = [(one["id"], [node["target"] for node in one["nodes"]]) for one in wrong]
            assert told == [], [node["failureSummary"] for one in wrong for node in one["nodes"]]
        content, window = someone.page.evaluate(WIDTHS)
        assert content <= window
    assert someone.trouble == []


def test_the_page_tells_the_tints_apart_by_more_than_colour(desk):
    someone = desk()
    one(someone)

    style = "one => getComputedStyle(one).textDecorationStyle"
    assert someone.page.locator(".text mark.spam").first.evaluate(style) == "solid"
    assert someone.page.locator(".legend mark.ham").evaluate(style) == "dotted"
    title = someone.page.locator(".text mark.s4").first.get_attribute("title")
    assert title.startswith("+")
    assert title.endswith("rapproche du spam")


def test_a_whole_morning_without_javascript(desk, services, site):
    someone = desk("phone", javascript=False)
    page = someone.page
    someone.open()

    someone.button("Suivant").click()
    expect(page.locator(".text")).to_have_text(SPAM)
    expect(someone.button("Raccourcis clavier")).to_be_hidden()
    someone.button("Spam", exact=True).click()
    expect(page.locator("[data-notice]")).to_contain_text("Rejeté.")
    someone.button("Annuler").first.click()
    expect(page.locator(".text")).to_have_text(SPAM)
    page.get_by_role("link", name="Revenir à la liste").click()

    page.locator(".row").first.get_by_role("button", name="Publier").click()
    expect(page.locator("[data-notice]")).to_contain_text("Publié.")
    page.locator(".row").first.get_by_role("link", name="Rejeter…").click()
    someone.button("Hors sujet").click()
    expect(page.locator("[data-notice]")).to_contain_text("Rejeté.")
    page.locator(".pick").first.check()
    someone.button("Traiter la sélection").click()
    page.get_by_label("Publier").check()
    someone.button("Appliquer").click()
    expect(page.get_by_role("status")).to_contain_text("C’est fait")

    someone.open()
    expect(page.get_by_text("Rien n’attend. Tout a été lu.")).to_be_visible()
    someone.button("Voiler les textes").click()
    someone.open("/queue?status=rejected")
    expect(page.locator(".excerpt")).to_be_hidden()
    page.get_by_text("Montrer le texte").click()
    expect(page.locator(".excerpt")).to_be_visible()
    with services.database.read() as memory:
        counts = memory.counts.of_site(site.id)
    assert counts == {Status.HELD: 0, Status.PUBLISHED: 3, Status.REJECTED: 1}


SMALL = """tall => [...document.querySelectorAll(
    "main :is(button, input, select, summary, .button), .frame nav a, .person a")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < tall)
  .filter((one) => !one.matches("[type=checkbox], [type=radio]"))
  .map((one) => `${one.localName} ${one.name || one.textContent.trim()}`)"""


@pytest.mark.parametrize(
    "path", ["/queue?q=une", "/statistics", "/audit", "/blocks", "/policy", "/webhooks"]
)
def test_fingers_find_what_they_want_on_a_telephone(desk, path):
    someone = desk("phone", role=Role.OPERATOR, has_touch=True, is_mobile=True)
    someone.open(path)

    assert someone.page.evaluate(SMALL, 44) == []
    current = someone.page.locator(".frame nav [aria-current]").bounding_box()
    assert current["x"] >= -1
    assert current["x"] + current["width"] <= someone.page.viewport_size["width"] + 1
