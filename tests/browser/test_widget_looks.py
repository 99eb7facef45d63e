"""What of the page's look the widget takes over, and what it leaves outside."""

import pytest
from playwright.sync_api import expect

from moderation.domain.site import CaptchaMode

SHOUTING = {
    "text-transform": "uppercase",
    "letter-spacing": "3px",
    "word-spacing": "9px",
    "text-indent": "48px",
    "text-align": "center",
    "font-style": "italic",
    "font-variant-caps": "small-caps",
    "text-shadow": "rgb(255, 0, 0) 1px 1px 1px",
    "white-space": "pre",
    "word-break": "break-all",
    "cursor": "wait",
}
TAKEN = {
    "color": "rgb(20, 40, 60)",
    "font-family": "monospace",
    "font-size": "19px",
    "visibility": "visible",
}
PAINT = """(look) => {
  for (const one of [document.body, document.querySelector("moderation-comments")])
    for (const [name, value] of Object.entries(look)) one.style.setProperty(name, value);
}"""
LOOK = """(one, names) => {
  const look = getComputedStyle(one);
  return Object.fromEntries(names.map((name) => [name, look.getPropertyValue(name)]));
}"""


def test_the_pages_way_of_setting_text_stays_outside(gazette, post, commenter):
    address = gazette()
    post("La halle rouvre.", name="Lucie")
    someone = commenter()
    someone.open(address)
    words = someone.comment("La halle rouvre").locator(".words p")
    before = words.evaluate(LOOK, list(SHOUTING))

    someone.page.evaluate(PAINT, SHOUTING | TAKEN)

    assert words.evaluate(LOOK, list(SHOUTING)) == before
    assert not before.items() & SHOUTING.items()
    assert words.evaluate(LOOK, list(TAKEN)) == TAKEN


def test_a_page_that_hides_the_widget_hides_it_all(gazette, commenter):
    someone = commenter()
    someone.open(gazette())
    expect(someone.widget.get_by_role("heading", level=2)).to_be_visible()

    someone.page.evaluate(PAINT, {"visibility": "hidden"})

    expect(someone.page.locator("moderation-comments section h2")).to_be_hidden()


@pytest.mark.parametrize(
    ("locale", "lang", "written"),
    [
        ("en-GB", "en", "23 November 2026 at 13:01"),
        ("en-US", "en", "November 23, 2026 at 1:01 PM"),
        ("en-GB", "fr", "23 novembre 2026 à 13\u00a0h\u00a001"),
        ("fr-FR", "fr", "23 novembre 2026 à 13\u00a0h\u00a001"),
        ("pt-PT", "pt", "23 de novembro de 2026 às 13h01"),
    ],
)
def test_a_date_is_written_as_where_the_reader_lives(
    gazette, post, commenter, locale, lang, written
):
    address = gazette(lang=lang)
    post("La halle rouvre.")
    someone = commenter(timezone_id="Europe/Paris", locale=locale)

    someone.open(address)

    expect(someone.widget.locator("time")).to_have_attribute("title", written)


def test_fields_are_of_kinds_there_are(gazette, commenter):
    someone = commenter()
    someone.open(gazette(captcha=CaptchaMode.NEVER))
    kinds = someone.widget.locator("form input:not(.beside)")
    expect(kinds).to_have_count(2)

    assert [one.get_attribute("type") for one in kinds.all()] == [None, "email"]


def test_what_is_chosen_has_the_colour_of_the_widget(gazette, post, commenter):
    address = gazette()
    post("La halle rouvre.", name="Lucie")
    someone = commenter()
    someone.open(address)

    someone.comment("La halle rouvre").get_by_role("button", name="Signaler").click()

    choice = someone.widget.get_by_role("radio").first
    link = someone.widget.get_by_role("button", name="Envoyer le signalement")
    colour = link.evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert choice.evaluate("(one) => getComputedStyle(one).accentColor") == colour
