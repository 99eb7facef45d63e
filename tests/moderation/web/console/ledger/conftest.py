"""People at the console, in browsers without JavaScript."""

from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from browsing import Page
from colleagues import EMAIL, PASSWORD

from moderation.domain.key import Role

ORIGIN = "http://localhost"


@pytest.fixture(scope="session")
def encoded():
    """The password as it is kept, hashed cheaply: there are many tests."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def add_person(services, clock, encoded):
    """Add somebody with a role on some sites: `add_person(site, role=Role.LEAD)`."""

    def add(*sites, role=Role.MODERATOR, email=EMAIL, name="Camille"):
        with services.database.transaction() as transaction:
            person = transaction.people.add(email, name, encoded, clock())
            for one in sites:
                transaction.keys.add(one, role, name, clock(), person_id=person.id)
        return person

    return add


class Browser:
    """A browser, and how a person finds their way with it."""

    def __init__(self, client):
        self.client = client

    def open(self, path, **options):
        return Page(self.client.get(path, **options))

    def sign_in(self, email=EMAIL, password=PASSWORD, then="", address="192.0.2.1", **other):
        form = {"email": email, "password": password, "then": then, **other}
        return self.client.post(
            "/console/sign-in", data=form, environ_base={"REMOTE_ADDR": address}
        )

    def send(self, path, **form):
        """Post a form of the page at `path`'s own frame: with what proves that it is ours."""
        return self.client.post(path, data={"csrf": self.csrf, **form})

    @property
    def csrf(self):
        return Page(self.client.get("/console/account")).typed("csrf")

    @property
    def token(self):
        """What the browser holds of its session, "" without one."""
        cookie = self.client.get_cookie("moderation_session", path="/console")
        return cookie.value if cookie else ""


@pytest.fixture
def browser(client):
    return Browser(client)


@pytest.fixture
def another_browser(app):
    return Browser(app.test_client())


@pytest.fixture
def come_in(browser, add_person, site):
    """Sign somebody in with a role on the site: `come_in(Role.OPERATOR)`."""

    def enter(role=Role.MODERATOR, **options):
        add_person(site, role=role, **options)
        reply = browser.sign_in(options.get("email", EMAIL))
        assert reply.status_code == 303, reply.text
        return browser

    return enter


def place(reply):
    """Where an answer leads, without the host."""
    parts = urlsplit(reply.headers["Location"])
    return parts.path + (f"?{parts.query}" if parts.query else "")
