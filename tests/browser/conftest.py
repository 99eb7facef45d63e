"""A real browser in front of the real service."""

import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, sync_playwright
from running import free_port
from solving import solve
from werkzeug.serving import make_server

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no chromium here: install Debian's package chromium to run the browser tests"
SIZES = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
    "narrow": {"width": 320, "height": 640},
}


def pytest_collection_modifyitems(config, items):
    """Mark what needs a browser; without one, skip it all in one line, except in CI."""
    ours = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    if ours and not find_browser() and os.environ.get("CI") != "true":
        ours[0].add_marker(pytest.mark.skip(f"{MISSING} ({len(ours)} tests)"))
        config.hook.pytest_deselected(items=ours[1:])
        items[:] = [item for item in items if item not in ours[1:]]


def find_browser():
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser():
    program = find_browser()
    assert program, MISSING
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


@pytest.fixture
def environment(environment):
    return {**environment, "MODERATION_PORT": str(free_port()), "MODERATION_LIMITS": "off"}


@pytest.fixture
def url(app, services, add_site):
    """Address of a service with the demonstration; `bitume` holds a comment there."""
    url = services.settings.service_url
    leniency = {"minimum_answer": timedelta(0), "hold_above": 1.0, "reject_above": 1.0}
    add_site("demo", origins=(url,), blocked_words=("bitume",), **leniency)
    server = make_server("127.0.0.1", services.settings.port, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Reader:
    """A person at a screen; everything that is said is looked for where a person finds it."""

    page: Page
    url: str

    def open(self, path="/demo"):
        self.page.goto(self.url + path)

    @property
    def answer(self):
        question = self.page.locator(".question")
        return solve(question.inner_text(), question.get_attribute("lang"))

    def write(self, text, name="Lucie Marchand", answer=None):
        self.page.fill("#text", text)
        self.page.fill("#name", name)
        self.page.fill("#answer", answer or self.answer)
        with self.page.expect_navigation():
            self.page.get_by_role("button").click()

    def follow(self, name):
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).click()


@pytest.fixture
def reader(browser, url):
    """Sit somebody down: `reader("phone", scheme="dark")`."""
    contexts = []

    def sit_down(size="desktop", javascript=False, scheme="light", **options):
        context = browser.new_context(
            viewport=SIZES[size], java_script_enabled=javascript, color_scheme=scheme, **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Reader(context.new_page(), url)

    yield sit_down
    for context in contexts:
        context.close()
