"""The widget for everybody: by keyboard, in the dark, on a small screen, magnified."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from moderation.domain.site import CaptchaMode

WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
ENDLESS = "Anticonstitutionnellement" * 12 + " https://bibliotheque.example/" + "rayon-" * 40
FOCUSED = """(() => {
  const one = document.querySelector("moderation-comments").shadowRoot.activeElement;
  return one && [one.name || one.type || one.textContent, one.matches(":focus-visible")];
})()"""
SMALL = """
[...document.querySelector("moderation-comments").shadowRoot.querySelectorAll(
  "button, summary, input:not([name=website]), textarea")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.textContent || one.name, one.closest("label.choice") || one])
  .filter(([, one]) => one.getBoundingClientRect().height < {least})
  .map(([name]) => name)"""


@pytest.fixture
def reader_of(gazette, post, commenter):
    """Sit somebody down before a conversation: `reader_of("phone", scheme="dark")`."""

    def sit_down(size="phone", scheme="light", body=None, **options):
        policy = {"captcha": CaptchaMode.UNSURE, **({"body": body} if body else {})}
        address = gazette(**policy)
        root = post("La halle rouvre ses portes samedi, venez nombreux.", name="Lucie")
        reply = post("Enfin ! Voir https://halle.example.", name="Ahmed", parent=root["id"])
        post(ENDLESS, name="Wolfeschlegelsteinhausenbergerdorff" * 2, parent=reply["id"])
        someone = commenter(size, scheme, **options)
        someone.open(address)
        expect(someone.comment("La halle rouvre")).to_be_visible()
        return someone

    return sit_down


def test_a_comment_is_written_with_the_keyboard_alone(reader_of):
    someone = reader_of("desktop")
    keyboard, met = someone.page.keyboard, []
    typed = {"text": "Au clavier, tout va bien.", "name": "Gilles"}

    while not met or met[-1] != "submit":
        keyboard.press("Tab")
        name, is_visible = someone.page.evaluate(FOCUSED) or ("", True)
        assert is_visible, name
        met.append(name)
        keyboard.type(typed.get(name, "") if name in typed and met.count(name) == 1 else "")
    keyboard.press("Enter")

    assert met[-5:] == ["text", "Aperçu", "name", "email", "submit"]
    expect(someone.told).to_contain_text("est publié")
    expect(someone.told).to_be_focused()


def as_it_comes(someone):
    pass


def mistaken(someone):
    someone.field("Votre commentaire").click()
    someone.send()
    expect(someone.told).to_be_focused()


def held(someone):
    someone.write("Du bitume.")
    someone.send()
    someone.answer()
    someone.send()
    expect(someone.told).to_contain_text("en attente")


def amending(someone):
    someone.write("Une fote.")
    someone.send()
    expect(someone.told).to_contain_text("est publié")
    someone.button("Modifier").first.click()


def withdrawing(someone):
    amending(someone)
    someone.button("Supprimer").first.click()


def answering(someone):
    someone.button("Répondre – Ahmed").click()


def reporting(someone):
    someone.button("Signaler – Lucie").click()


def away(someone):
    someone.page.route("**/v1/**", lambda route: route.abort())
    someone.page.reload()
    expect(someone.button("Réessayer")).to_be_visible()


STATES = [as_it_comes, mistaken, held, amending, withdrawing, answering, reporting, away]


@pytest.mark.parametrize("state", STATES)
def test_nobody_is_shut_out_by_day_or_by_night(reader_of, state):
    someone = reader_of(bypass_csp=True)
    state(someone)
    someone.page.add_style_tag(content="html { background: Canvas }")  # what axe does not know

    for scheme in ("light", "dark"):
        someone.page.emulate_media(color_scheme=scheme)
        found = Axe().run(someone.page)
        wrong = found.response["violations"]
        told = [(one["id"], [node["target"] for node in one["nodes"]]) for one in wrong]
        assert told == [], [node["failureSummary"] for one in wrong for node in one["nodes"]]


@pytest.mark.parametrize(
    ("zoom", "direction"), [(1, "ltr"), (2, "ltr"), (1, "rtl")], ids=["320 px", "200 %", "RTL"]
)
def test_nothing_needs_scrolling_sideways(reader_of, zoom, direction):
    someone = reader_of("narrow")
    someone.page.evaluate(f"document.documentElement.dir = '{direction}'")
    if zoom == 2:
        someone.page.set_viewport_size({"width": 640, "height": 450})
        someone.page.evaluate("document.documentElement.style.fontSize = '200%'")

    for state in (as_it_comes, answering, reporting):
        state(someone)
        content, window = someone.page.evaluate(WIDTHS)
        assert content == window, state.__name__


@pytest.mark.parametrize(("touch", "least"), [(False, 24), (True, 44)], ids=["mouse", "touch"])
def test_targets_are_large_enough(reader_of, touch, least):
    someone = reader_of(has_touch=touch, is_mobile=touch)
    reporting(someone)
    someone.field("Votre commentaire").click()

    assert someone.page.evaluate(SMALL.replace("{least}", str(least - 0.5))) == []


THEMED = "<moderation-comments data-theme='{}'></moderation-comments>"


@pytest.mark.parametrize(
    ("theme", "scheme", "is_dark"),
    [("dark", "light", True), ("light", "dark", False), ("auto", "dark", True)],
)
def test_a_theme_brings_its_own_paper_and_ink(reader_of, theme, scheme, is_dark):
    someone = reader_of(scheme=scheme, body=THEMED.format(theme))

    colours = someone.page.locator("moderation-comments").evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
    )

    paper, ink = (sum(map(int, colour.strip("rgb()").split(","))) / 3 for colour in colours)
    assert (paper < 60, ink > 180) == (is_dark, is_dark)
