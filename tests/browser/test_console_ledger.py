"""Statistics, audit and models in a real browser: on a phone and a desk, by day and by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from colleagues import EMAIL, PASSWORD
from playwright.sync_api import expect

from moderation.access import passwords
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Role
from moderation.learning.retrain import FEWEST

PAGES = (
    "statistics",
    "audit",
    "audit?check=1",
    "audit?kind=decision&who=Camille",
    "models",
    "models/roll-back",
    "models/second/promote",
)


@pytest.fixture
def busy(services, site, clock, remember, rule, model):
    """A site where something happened, and somebody who may do everything there."""
    with services.database.transaction() as transaction:
        person = transaction.people.add(EMAIL, "Camille", passwords.encode(PASSWORD), clock())
        transaction.keys.add(site, Role.OPERATOR, "Camille", clock(), person_id=person.id)
    for number in range(FEWEST):
        clock.move(hours=5)
        rule(remember(f"Remarque {number}", Verdict.PUBLISH, 0.2), Verdict.PUBLISH)
        rule(remember(f"Pilules {number}", Verdict.HOLD, 0.8), Verdict.REJECT, Reason.SPAM)
    model("second")
    services.models.challenge("second")
    return site


@pytest.fixture
def console(reader, busy):
    """Sit Camille down at the console: `console("phone", "dark")`."""

    def sign_in(size="desktop", scheme="light", **options):
        someone = reader(size, scheme=scheme, locale="fr-FR", **options)
        someone.open(f"/console/sign-in?then=/console/{busy.key}/statistics")
        someone.page.fill("#email", EMAIL)
        someone.page.fill("#password", PASSWORD)
        press(someone, "Se connecter")
        return someone

    return sign_in


def press(someone, name):
    with someone.page.expect_navigation():
        someone.page.get_by_role("main").get_by_role("button", name=name).click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_every_page_is_usable_by_everybody_and_fits(console, busy, size, scheme):
    someone = console(size, scheme, javascript=True)  # axe is a script

    for path in PAGES:
        someone.open(f"/console/{busy.key}/{path}")
        for details in someone.page.locator("main details").all():
            details.evaluate("one => one.open = true")
        found = Axe().run(someone.page)
        wide = someone.page.evaluate("document.documentElement.scrollWidth - innerWidth")

        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert wide <= 0, path


def test_the_door_leads_to_where_one_wanted_to_be_and_the_figures_are_there(console):
    someone = console("phone")

    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Statistiques")
    chart = someone.page.get_by_role("img", name="Commentaires par jour")
    assert chart.bounding_box()["height"] > 100
    someone.page.get_by_text("Les chiffres").first.click()
    expect(someone.page.get_by_role("table").first).to_contain_text("novembre")


def test_the_audit_is_checked_and_leads_to_the_comment(console):
    someone = console()
    someone.follow("Journal")

    press(someone, "Vérifier")
    told = someone.page.get_by_role("status").inner_text()
    with someone.page.expect_navigation():
        someone.page.get_by_role("link", name="le commentaire de Lucie").first.click()

    assert f"Les {2 * FEWEST} dernières entrées" in told
    assert "/comments/" in someone.page.url


def test_a_challenger_is_promoted_and_taken_back(console):
    someone = console()
    someone.follow("Modèles")

    someone.follow("Promouvoir")
    press(someone, "Oui, le mettre en service")
    promoted = someone.page.get_by_role("heading", name="Champion second").count()
    someone.follow("Revenir au champion précédent…")
    press(someone, "Revenir au champion précédent")

    assert promoted == 1
    expect(someone.page.get_by_role("status")).to_contain_text("repris sa place")
    expect(someone.page.get_by_role("heading", name="Champion baseline-2")).to_be_visible()


def test_the_model_is_taught(console):
    someone = console("phone")
    someone.follow("Modèles")

    press(someone, "Entraîner maintenant")

    expect(someone.page.get_by_text("Un entraînement a été demandé")).to_be_visible()
