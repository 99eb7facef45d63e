"""What somebody wrote is never lost: not by reloading, not by an error, not by a lost answer."""

import json

import pytest
from playwright.sync_api import expect

from moderation.domain.site import CaptchaMode

TEXT = "Un texte auquel on tient."
NOT_SENT = "Votre commentaire n’a pas encore été envoyé"


@pytest.fixture
def writer(gazette, commenter):
    def sit_down(**policy):
        someone = commenter("phone")
        someone.open(gazette(**policy))
        someone.write(TEXT)
        return someone

    return sit_down


def published(client, paper):
    query = {"site": paper.key, "thread": f"{paper.origin}/halle"}
    return client.get("/v1/comments", query_string=query).json["comments"]


def test_a_draft_outlives_the_page_and_ends_when_it_is_sent(writer):
    someone = writer()

    someone.page.reload()  # at once: leaving the page keeps it
    expect(someone.field("Votre commentaire")).to_have_value(TEXT)
    expect(someone.field("Nom")).to_have_value("Lucie Marchand")
    someone.send()
    expect(someone.told).to_contain_text("est publié")

    someone.page.reload()
    expect(someone.field("Votre commentaire")).to_have_value("")
    assert "draft" not in someone.page.evaluate("JSON.stringify(localStorage)")


def test_the_draft_of_a_reply_waits_at_its_comment(writer, post):
    someone = writer()
    post("La halle rouvre.", name="Ahmed")
    someone.page.reload()
    someone.button("Répondre – Ahmed").click()
    form = someone.widget.locator("form").filter(has_text="Répondre à Ahmed")
    someone.field("Votre commentaire", form).fill("À moitié écrite")
    someone.button("Annuler").click()
    expect(someone.button("Répondre – Ahmed")).to_be_focused()

    someone.page.reload()
    someone.button("Répondre – Ahmed").click()

    expect(someone.field("Votre commentaire", form)).to_have_value("À moitié écrite")
    expect(someone.field("Votre commentaire")).to_have_value(TEXT)


def test_an_answer_lost_on_the_way_makes_no_second_comment(writer, client, paper):
    someone = writer(captcha=CaptchaMode.ALWAYS)
    someone.answer()

    def lose(route):
        if route.request.method == "POST":
            route.fetch()  # it arrives, its answer does not
        route.abort()

    someone.page.route("**/v1/comments", lose)
    someone.send()
    expect(someone.told).to_contain_text(NOT_SENT)
    expect(someone.told).to_be_focused()
    someone.page.unroute_all()
    someone.page.reload()
    someone.button("Publier le commentaire").click()

    expect(someone.told).to_contain_text("est publié")
    assert [comment["text"] for comment in published(client, paper)] == [TEXT]


def test_offline_and_back(writer, client, paper):
    someone = writer()

    someone.page.context.set_offline(True)
    someone.send()
    expect(someone.told).to_contain_text(NOT_SENT)
    expect(someone.field("Votre commentaire")).to_have_value(TEXT)
    someone.page.context.set_offline(False)
    someone.button("Envoyer de nouveau").click()

    expect(someone.told).to_contain_text("est publié")
    assert len(published(client, paper)) == 1
    assert someone.trouble == []


def test_who_goes_too_fast_is_told_when_to_come_back(writer):
    someone = writer()
    problem = {"code": "too_many_requests", "detail": "Vous allez un peu vite."}
    refusal = {
        "status": 429,
        "headers": {
            "Retry-After": "2",
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
        },
        "body": json.dumps(problem),
    }
    someone.page.route(
        "**/v1/comments",
        lambda route: (
            route.fallback() if route.request.method != "POST" else route.fulfill(**refusal)
        ),
    )

    someone.send()
    expect(someone.told).to_contain_text("Vous allez un peu vite.")
    waiting = someone.button("Réessayer dans")
    expect(waiting).to_have_attribute("aria-disabled", "true")
    waiting.click(force=True)
    assert len([one for one in someone.asked if one.startswith("POST")]) == 1
    someone.page.unroute_all()
    someone.button("Envoyer de nouveau").click()

    expect(someone.told).to_contain_text("est publié")


def test_a_text_that_is_too_long_is_kept_whole(writer):
    someone = writer()
    long = "a" * 10_012

    someone.field("Votre commentaire").fill(long)
    someone.send()

    expect(someone.told).to_contain_text("10\u202f012 caractères sur 10\u202f000")
    expect(someone.field("Votre commentaire")).to_have_value(long)
    expect(someone.widget.get_by_role("status").first).to_contain_text("caractères sur")


def stored(someone):
    drafts = someone.page.evaluate("JSON.stringify(localStorage)")
    return [json.loads(value) for key, value in json.loads(drafts).items() if "draft" in key]


@pytest.mark.parametrize(
    ("before", "typed", "rest"),
    [("", " Et la suite.", "Et la suite."), ("Avant. ", "", f"Avant. {TEXT}")],
    ids=["after", "in the middle"],
)
def test_what_is_typed_while_a_comment_is_sent_stays(writer, client, paper, before, typed, rest):
    someone = writer()
    field = someone.field("Votre commentaire")
    someone.widget.get_by_text("Aperçu").click()
    held = hold(someone)
    with someone.page.expect_request("**/v1/comments"):
        someone.send()
    field.press("Control+Home")
    someone.page.keyboard.type(before)
    field.press("Control+End")
    someone.page.keyboard.type(typed)
    held[0].continue_()

    expect(someone.told).to_contain_text("est publié")
    expect(field).to_have_value(rest)
    expect(field).to_be_focused()
    assert [one["text"] for one in published(client, paper)] == [TEXT]
    someone.page.reload()
    expect(field).to_have_value(rest)


def hold(someone):
    """Let nothing that is sent arrive for now; returns the routes that wait."""
    held = []
    someone.page.route(
        "**/v1/comments",
        lambda route: held.append(route) if route.request.method == "POST" else route.fallback(),
    )
    return held


def test_after_sending_the_form_is_as_new(writer):
    someone = writer()
    someone.field("Votre commentaire").fill("a" * 9_900)
    expect(someone.widget.get_by_text("9\u202f900 caractères sur")).to_have_count(2)
    someone.widget.get_by_text("Aperçu").click()
    someone.page.context.set_offline(True)
    someone.send()
    expect(someone.told).to_contain_text("Votre texte est conservé\u202f; réessayez")
    someone.page.context.set_offline(False)
    someone.button("Envoyer de nouveau").click()
    expect(someone.told).to_contain_text("est publié")

    someone.field("Votre commentaire").click()

    expect(someone.button("Publier le commentaire")).to_be_visible()
    expect(someone.widget.locator("form").get_by_text("caractères sur")).to_have_count(0)
    expect(someone.widget.locator("details")).not_to_have_attribute("open", "")


def test_a_change_and_a_report_in_the_making_are_kept(writer, post):
    someone = writer()
    someone.send()
    expect(someone.told).to_contain_text("est publié")
    post("Achetez mes montres !", name="Vendeur")
    someone.page.reload()
    comment = someone.comment("Lucie")
    someone.button("Modifier – Lucie").click()
    someone.field("Votre commentaire", comment).fill("À moitié changé")
    someone.page.keyboard.press("Escape")
    expect(someone.button("Modifier – Lucie")).to_be_focused()
    someone.button("Signaler – Vendeur").click()
    someone.widget.get_by_role("radio", name="Hors sujet").check()
    someone.field("Précisions").fill("Des montres ?")
    someone.button("Annuler").click()

    someone.button("Signaler – Vendeur").click()
    expect(someone.widget.get_by_role("radio", name="Hors sujet")).to_be_checked()
    expect(someone.field("Précisions")).to_have_value("Des montres ?")
    someone.page.reload()
    someone.button("Modifier – Lucie").click()
    expect(someone.field("Votre commentaire", comment)).to_have_value("À moitié changé")
    someone.button("Enregistrer").click()

    expect(someone.comment("À moitié changé")).to_be_visible()
    assert [one.get("reason") for one in stored(someone)] == ["OFF_TOPIC"]
