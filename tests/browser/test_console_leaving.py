"""Going back in the browser: what was typed is there while one is signed in, and nothing later."""

import pytest
from desk import PASSWORD
from playwright.sync_api import Error

from moderation.domain.key import Role

LONGEST, PAUSE = 10_000, 50  # milliseconds
PLACE = "document.readyState === 'complete' && location.href"
SHOWN = "document.body.innerText"
TYPED = "document.getElementById('blocked_words').value"


class Reader:
    """Somebody in front of a browser that may show a whole page it has kept.

    Playwright does not notice that; what is there is asked for through the browser's own protocol.
    """

    def __init__(self, page, console):
        self.page, self.console = page, console
        self._protocol = page.context.new_cdp_session(page)

    def open(self, *paths):
        for path in paths:
            self.page.goto(self.console + path)

    def leave(self):
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Se déconnecter").click()
        self.page.wait_for_load_state("networkidle")

    def go_back(self):
        history = self._protocol.send("Page.getNavigationHistory")
        before = history["entries"][history["currentIndex"] - 1]
        left = self.look(PLACE)
        self._protocol.send("Page.navigateToHistoryEntry", {"entryId": before["id"]})
        for _ in range(LONGEST // PAUSE):
            if self.look(PLACE) not in (False, None, left):
                return
            self.page.wait_for_timeout(PAUSE)
        raise AssertionError("there is nothing to go back to")

    def look(self, expression):
        try:
            asked = self._protocol.send("Runtime.evaluate", {"expression": expression})
        except Error:  # between two pages
            return None
        return asked["result"].get("value")


@pytest.fixture(params=["browser", "keeping_browser"])
def sit_down(request, site, let_in, url):
    """Sit an operator down, signed in, before either kind of browser."""

    def sit_down(javascript):
        browser = request.getfixturevalue(request.param)
        context = browser.new_context(java_script_enabled=javascript, locale="fr-FR")
        sent = {"email": let_in(site, Role.OPERATOR), "password": PASSWORD}
        assert context.request.post(f"{url}/console/sign-in", form=sent).ok
        return Reader(context.new_page(), f"{url}/console/{site.key}")

    return sit_down


@pytest.mark.parametrize("javascript", [True, False])
def test_nothing_can_be_read_by_going_back_after_signing_out(sit_down, remember, javascript):
    comment, someone = remember("Le marché rouvre."), sit_down(javascript)
    someone.open(f"/comments/{comment.id}", "/audit", "/queue")
    someone.leave()

    for _ in range(3):
        someone.go_back()

        assert "Se connecter" in someone.look(SHOWN)
        assert comment.text not in someone.look(SHOWN)


def test_what_was_typed_is_still_there_for_who_goes_back_while_signed_in(sit_down):
    someone = sit_down(javascript=True)
    someone.open("/policy")
    someone.page.fill("#blocked_words", "bitume")
    someone.open("/audit")

    someone.go_back()

    assert someone.look(TYPED) == "bitume"
