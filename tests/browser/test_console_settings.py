"""Blocks, settings and webhooks in a real browser: by keyboard, on a phone, by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from desk import PASSWORD, encoded
from playwright.sync_api import expect

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Role
from moderation.domain.site import CaptchaMode, Policy
from moderation.domain.webhook import Because

WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
LOOKS = [("phone", "light"), ("desktop", "dark"), ("desktop", "light"), ("phone", "dark")]
URL = "https://9.9.9.9/hooks"  # public, and needs no look-up; nothing is sent there
ENDLESS = "anticonstitutionnellement" * 8


@pytest.fixture
def console(reader, site, services, clock):
    """Sign an operator in: `console("phone", scheme="dark")`."""
    with services.database.transaction() as transaction:
        person = transaction.people.add("camille@gazette.example", "Camille", encoded(), clock())
        transaction.keys.add(site, Role.OPERATOR, "Camille", clock(), person_id=person.id)

    def sign_in(size="desktop", **options):
        someone = reader(size, locale="fr-FR", **options)
        someone.base = f"/console/{site.key}"
        someone.open(f"/console/sign-in?then={someone.base}/blocks")
        someone.page.fill("#email", "camille@gazette.example")
        someone.page.fill("#password", PASSWORD)
        press(someone, "Se connecter")
        return someone

    return sign_in


@pytest.fixture
def busy(remember, rule):
    """Comments of the last days, some with a person's word about them."""
    for n in range(20):
        remember(score=n / 20)
    rule(remember("La ponceuse, toujours elle.", score=0.7), Verdict.PUBLISH)
    rule(remember(f"Encore {ENDLESS} de ponceuse.", score=0.8), Verdict.REJECT, Reason.SPAM)


def press(someone, name):
    with someone.page.expect_navigation():
        someone.page.get_by_role("button", name=name, exact=True).click()


def go(someone, path):
    someone.open(someone.base + path)


def is_fine(someone):
    """Check a state of a page: nothing overflows, and axe finds nothing."""
    whole, seen = someone.page.evaluate(WIDTHS)
    assert whole <= seen, someone.page.url
    found = Axe().run(someone.page)
    assert found.violations_count == 0, found.generate_report()


def tab_to(someone, name):
    """Press the tabulator until the element of this name has the focus."""
    for _ in range(60):
        someone.page.keyboard.press("Tab")
        label = someone.page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).innerText ?? ''"
        )
        if label.strip().startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_state_of_the_blocks_is_accessible(console, busy, size, scheme):
    someone = console(size, javascript=True, scheme=scheme)
    is_fine(someone)

    go(someone, f"/blocks?kind=domain&pattern={ENDLESS}&reason=Essai")
    press(someone, "Voir l’effet")
    expect(someone.page.get_by_role("alert")).to_be_visible()
    is_fine(someone)

    go(someone, f"/blocks?kind=word&pattern=ponceuse&reason={ENDLESS[:190]}")
    press(someone, "Voir l’effet")
    expect(someone.page.get_by_text("2 commentaires auraient été mis en attente.")).to_be_visible()
    is_fine(someone)

    press(someone, "Bloquer")
    is_fine(someone)

    someone.follow("Lever ponceuse")
    is_fine(someone)

    press(someone, "Lever")
    someone.page.get_by_text("Anciens blocages").click()
    is_fine(someone)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_state_of_the_settings_is_accessible(console, busy, services, site, size, scheme):
    someone = console(size, javascript=True, scheme=scheme)
    go(someone, "/policy")
    is_fine(someone)

    someone.page.fill("#maximum_links", "500")
    someone.page.fill("#blocked_words", "x" * 300)
    press(someone, "Enregistrer")
    expect(someone.page.locator("#maximum_links-wrong")).to_be_visible()
    is_fine(someone)

    go(someone, "/policy")
    someone.page.fill("#hold_above", "0,3")
    someone.page.fill("#reject_above", "0,6")
    press(someone, "Voir l’effet")
    expect(someone.page.locator("#effect").get_by_text("Écart")).to_be_visible()
    is_fine(someone)

    with services.database.transaction() as transaction:
        policy = Policy(captcha=CaptchaMode.NEVER, blocked_words=(ENDLESS, "bitume"))
        transaction.sites.set_policy(site.id, policy)
    press(someone, "Enregistrer")
    expect(someone.page.get_by_role("heading", name="Ce que votre formulaire")).to_be_visible()
    is_fine(someone)
    press(someone, "Enregistrer")
    expect(someone.page.get_by_role("status")).to_contain_text("enregistrés")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_state_of_the_webhooks_is_accessible(
    console, services, site, clock, rule, remember, size, scheme
):
    someone = console(size, javascript=True, scheme=scheme)
    go(someone, "/webhooks")
    is_fine(someone)

    someone.page.fill("#url", f"{URL}/{ENDLESS}")
    press(someone, "Ajouter et afficher le secret")
    expect(someone.page.get_by_role("alert")).to_be_visible()
    is_fine(someone)

    for box in someone.page.get_by_role("checkbox").all():
        box.check()
    press(someone, "Ajouter et afficher le secret")
    is_fine(someone)

    rule(remember(), Verdict.PUBLISH)
    with services.database.transaction() as transaction:
        (made,) = transaction.webhooks.of_site(site.id)
        transaction.webhooks.disable(made.id, site.id, Because.GONE, clock())
    someone.follow("Je l’ai conservé")
    expect(someone.page.get_by_text("Suspendu")).to_be_visible()
    is_fine(someone)

    someone.follow("Envois")
    someone.page.get_by_text("Message", exact=True).first.click()
    is_fine(someone)

    go(someone, f"/webhooks/{made.id}/remove")
    is_fine(someone)


def test_a_word_is_blocked_with_the_keyboard_alone_and_without_javascript(console, busy, services):
    someone = console()
    keys = someone.page.keyboard
    go(someone, "/blocks")

    tab_to(someone, "Auteur")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    tab_to(someone, "Nom, domaine")
    keys.type("ponceuse")
    tab_to(someone, "Motif")
    keys.type("Hors sujet")
    with someone.page.expect_navigation():
        keys.press("Enter")
    tab_to(someone, "Bloquer")
    with someone.page.expect_navigation():
        keys.press("Enter")

    expect(someone.page.get_by_role("status")).to_have_text(
        "C’est bloqué. Le blocage vaut dès maintenant."
    )
    expect(someone.page.locator(".row .pattern")).to_have_text("ponceuse")


def test_the_effect_is_shown_as_thresholds_are_typed_and_nothing_is_saved(
    console, busy, services, site
):
    someone = console(javascript=True)
    go(someone, "/policy")
    effect, asked = someone.page.locator("#effect"), someone.page.url

    someone.page.fill("#reject_above", "0,6")
    someone.page.fill("#hold_above", "0,3")

    expect(effect.get_by_text("rejet dès 0,6", exact=True)).to_be_visible()
    expect(effect.get_by_text("attente dès 0,3", exact=True)).to_be_visible()
    expect(effect.get_by_role("row", name="Mis en attente")).to_contain_text("6")
    expect(someone.page.locator("#hold_above")).to_be_focused()
    assert someone.page.url == asked
    with services.database.read() as memory:
        assert memory.sites.by_id(site.id).policy.hold_above is None


def test_thresholds_are_tried_and_saved_without_javascript(console, busy, services, site):
    someone = console("phone")
    go(someone, "/policy")

    someone.page.fill("#hold_above", "0,3")
    someone.page.fill("#reject_above", "0,6")
    press(someone, "Voir l’effet")
    expect(someone.page.get_by_text("rien n’est encore enregistré")).to_be_visible()
    press(someone, "Enregistrer")

    expect(someone.page.get_by_role("status")).to_have_text("Les réglages sont enregistrés.")
    with services.database.read() as memory:
        policy = memory.sites.by_id(site.id).policy
    assert (policy.hold_above, policy.reject_above) == (0.3, 0.6)


def test_a_secret_is_copied(console, services, site):
    someone = console(javascript=True, permissions=["clipboard-read", "clipboard-write"])
    go(someone, "/webhooks")
    someone.page.fill("#url", URL)
    someone.page.get_by_label("un commentaire est publié").check()
    press(someone, "Ajouter et afficher le secret")

    someone.page.get_by_role("button", name="Copier").click()

    expect(someone.page.get_by_text("Copié.")).to_be_visible()
    with services.database.read() as memory:
        (made,) = memory.webhooks.of_site(site.id)
    assert someone.page.evaluate("navigator.clipboard.readText()") == made.secret
