"""A real browser in front of the real service."""

import os
import shutil
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from desk import PASSWORD
from newspaper import COMMENTS, Newspaper
from panel import Panel
from playwright.sync_api import Page, expect, sync_playwright
from running import free_port
from solving import solve
from werkzeug.serving import make_server

from moderation.domain.key import Role
from moderation.domain.site import CaptchaMode

WHOLE_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NAMES = ("chromium-headless-shell", *WHOLE_BROWSERS)
PATIENCE = 20_000  # milliseconds: a busy machine is not a broken page
STOPPING = 0.02  # seconds between two looks at whether the server shall stop
NETWORK = "Failed to load resource"  # how the browser itself tells of a refusal
FORGOTTEN = "Clear-Site-Data header"  # how it tells that it has done as it was asked
MISSING = "no browser here: install Debian's package chromium-headless-shell to run these tests"
NO_WHOLE_BROWSER = "no whole browser here: install Debian's package chromium"
expect.set_options(timeout=PATIENCE)
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
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright):
    program = find_browser()
    assert program, MISSING
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


@pytest.fixture
def keeping_browser(playwright):
    """A browser that keeps whole pages to go back to, as people's do; the headless shell does not.

    Playwright does not notice when it shows one of them: ask such a page through its own protocol.
    """
    program = next(filter(None, map(shutil.which, WHOLE_BROWSERS)), None)
    if program is None and os.environ.get("CI") != "true":
        pytest.skip(NO_WHOLE_BROWSER)
    assert program, NO_WHOLE_BROWSER
    kept = playwright.chromium.launch(
        executable_path=program,
        args=["--no-sandbox", "--headless=new"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield kept
    kept.close()


@pytest.fixture
def environment(environment):
    return {**environment, "MODERATION_PORT": str(free_port()), "MODERATION_LIMITS": "off"}


@pytest.fixture
def url(app, services, add_site):
    """Address of a service with the demonstration; `bitume` holds a comment there."""
    url = services.settings.service_url
    leniency = {"minimum_answer": timedelta(0), "hold_above": 1.0, "reject_above": 1.0}
    add_site("demo", origins=(url,), blocked_words=("bitume",), **leniency)
    server = make_server("127.0.0.1", services.settings.port, whole(app), threaded=True)
    thread = Thread(target=server.serve_forever, args=[STOPPING])
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


def whole(app):
    """Read every answer to its end before any of it is sent.

    When a browser hangs up half-way, werkzeug's server does not close the file it was sending.
    """

    def answer(environ, start_response):
        body = app(environ, start_response)
        with closing(body) if hasattr(body, "close") else nullcontext():
            return [b"".join(body)]

    return answer


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
            self.page.locator(".comment-form .main").click()

    def follow(self, name):
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).click()


@pytest.fixture
def reader(browser, url):
    """Sit somebody down: `reader("phone", scheme="dark")`.

    Even with JavaScript the widget's script does not arrive, unless a test asks for it: what
    stands in its place has to do.
    """
    contexts = []

    def sit_down(size="desktop", javascript=False, scheme="light", widget=False, **options):
        context = browser.new_context(
            viewport=SIZES[size], java_script_enabled=javascript, color_scheme=scheme, **options
        )
        context.set_default_timeout(PATIENCE)
        if not widget:
            context.route("**/embed.js", lambda route: route.abort())
        contexts.append(context)
        return Reader(context.new_page(), url)

    yield sit_down
    for context in contexts:
        context.close()


@dataclass
class Commenter:
    """A person in front of the widget on a newspaper's page; finds things by their names."""

    page: Page
    _console: list[str]
    _requests: list[str]

    @property
    def trouble(self):
        """What the page's console complained about, apart from the network."""
        return [
            told for told in self._console if not told.startswith(NETWORK) and "net::" not in told
        ]

    @property
    def asked(self):
        """What was asked of the service's API: method and address."""
        return [one for one in self._requests if "/v1/" in one]

    @property
    def widget(self):
        return self.page.locator("moderation-comments section:visible").first

    @property
    def told(self):
        """Whatever was last said in a notice."""
        return self.widget.locator(".notice:visible").last

    def open(self, address):
        self.page.goto(address)

    def button(self, name, **options):
        return self.widget.get_by_role("button", name=name, **options)

    def field(self, name, within=None):
        return (within or self.widget).get_by_role("textbox", name=name).first

    def comment(self, text):
        return self.widget.get_by_role("article").filter(has_text=text).last

    def answer(self, within=None):
        """Work out the sum, once it is there."""
        question = (within or self.widget).locator(".captcha-question")
        expect(question).to_contain_text("=")
        sum_ = (within or self.widget).get_by_role("textbox", name="Complétez le calcul")
        sum_.fill(solve(question.inner_text(), "fr"))

    def write(self, text, name="Lucie Marchand"):
        self.field("Votre commentaire").fill(text)
        self.field("Nom").fill(name)

    def send(self):
        self.button("Publier le commentaire").click()


@pytest.fixture
def paper(url):
    """A newspaper on another origin than the service."""
    paper = Newspaper(url)
    yield paper
    paper.close()


@pytest.fixture
def gazette(paper, add_site):
    """Open the newspaper's site: `gazette(captcha=CaptchaMode.ALWAYS)`; `bitume` holds a comment.

    Without captcha unless a test asks for one. Returns the address of an article with comments.
    """

    def found(body=COMMENTS, lang="fr", **policy):
        lenient = {"minimum_answer": timedelta(0), "hold_above": 1.0, "reject_above": 1.0}
        asked = {"captcha": CaptchaMode.NEVER, "blocked_words": ("bitume",), **lenient, **policy}
        paper.site = add_site("gazette", origins=(paper.origin,), **asked)
        paper.key = paper.site.key
        return paper.print(body=body, lang=lang)

    return found


@pytest.fixture
def post(client, paper, clock):
    """Let somebody comment on a page, a minute after the one before: returns the receipt."""

    def send(text, name="Ahmed Benali", parent=None, path="/halle"):
        clock.move(minutes=1)
        body = {
            "site": paper.key,
            "thread": {"url": paper.origin + path},
            "parent": parent,
            "author": {"name": name},
            "text": text,
        }
        reply = client.post("/v1/comments", json=body)
        assert reply.status_code in (201, 202), reply.json
        return reply.json

    return send


@pytest.fixture
def commenter(browser):
    """Sit somebody down before the widget: `commenter("phone", scheme="dark")`."""
    contexts = []

    def sit_down(size="desktop", scheme="light", **options):
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page, trouble, asked = context.new_page(), [], []
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda entry: trouble.append(entry.text))
        page.on("request", lambda one: asked.append(f"{one.method} {one.url}"))
        return Commenter(page, trouble, asked)

    yield sit_down
    for context in contexts:
        context.close()


@dataclass
class AtConsole:
    """A moderator in front of the console; addresses are those below their site."""

    page: Page
    url: str
    base: str
    _console: list[str]

    @property
    def trouble(self):
        """What the page's console complained about, apart from the network."""
        return [told for told in self._console if not told.startswith((NETWORK, FORGOTTEN))]

    @property
    def focused(self):
        """The row that has the focus."""
        return self.page.locator(".row:focus")

    def open(self, path="/queue"):
        self.page.goto(self.url + self.base + path)

    def settle(self):
        """Wait until the page's script is there: it hears keys, and takes clicks over."""
        self.page.wait_for_load_state()

    def press(self, *keys):
        self.settle()
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, name, **options):
        return self.page.get_by_role("button", name=name, **options)


@pytest.fixture
def moderator_at(browser, url, site, let_in):
    """Sit a moderator down, signed in: `moderator_at("phone", name="Ahmed", scheme="dark")`."""
    contexts = []

    def sit_down(
        size="desktop",
        name="Camille",
        role=Role.MODERATOR,
        scheme="light",
        javascript=True,
        **options,
    ):
        context = browser.new_context(
            viewport=SIZES[size],
            color_scheme=scheme,
            java_script_enabled=javascript,
            locale="fr-FR",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        sent = {"email": let_in(site, role, name), "password": PASSWORD}
        assert context.request.post(f"{url}/console/sign-in", form=sent).ok
        page, trouble = context.new_page(), []
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda entry: trouble.append(entry.text))
        return AtConsole(page, url, f"/console/{site.key}", trouble)

    yield sit_down
    for context in contexts:
        context.close()


@pytest.fixture
def panel(reader, url, add_site, clock):
    """Put somebody in front of the panel: `panel("phone", policy={…}, form={…}).open()`."""

    def make(size="desktop", policy=None, **options):
        lenient = {"minimum_answer": timedelta(0), "hold_above": 1.0, "reject_above": 1.0}
        site = add_site("gazette", origins=(url,), **lenient, **(policy or {}))
        page = reader(size, javascript=True).page
        page.clock.install(time=clock())
        return Panel(page, url, site, **options)

    return make


@pytest.fixture
def pass_by(clock):
    """Let time pass for the service, and for somebody's browser: `pass_by(someone, minutes=5)`."""

    def move(someone, **by):
        clock.move(**by)
        someone.page.clock.fast_forward(int(timedelta(**by).total_seconds() * 1000))

    return move
