"""A reader in front of the form, without JavaScript."""

from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import Page, follow
from places import ARTICLE
from solving import solve

TEXT = "La halle a retrouvé son marché du samedi.\n\nC’est une bonne nouvelle."


@pytest.fixture
def rates():
    """How often anybody may do anything."""
    return "1000 per minute"


@pytest.fixture
def site(add_site, rates):
    """A site that leaves the model out of it: these tests are about the form."""
    return add_site(
        comments_per_client=rates, challenges_per_client=rates, hold_above=1.0, reject_above=1.0
    )


@pytest.fixture
def show(client, site):
    """Open the form: `show(parent=…)`."""

    def get(**changes):
        query = {"site": site.key, "thread": ARTICLE, "title": "La halle rouvre", **changes}
        return Page(client.get("/form", query_string=query))

    return get


@pytest.fixture
def write(show):
    """Fill the form in as a reader does, the sum included: `write(text=…)`."""

    def fill(page=None, **changes):
        page = page or show()
        typed = {"name": "Lucie Marchand", "text": TEXT}
        if "question" in page.texts:
            typed["answer"] = solve(page.question)
        return page.filled(**{**typed, **changes})

    return fill


@pytest.fixture
def post(client, write):
    """Send the form in: `post(text=…)`."""

    def send(headers=None, **changes):
        return client.post("/form", data=write(**changes), headers=headers)

    return send


@pytest.fixture
def sent(client, post):
    """Send a comment: the page that tells what became of it, and the comment's id."""

    def send(**changes):
        reply = post(**changes)
        page = follow(client, reply)
        page.id = parse_qs(urlsplit(reply.headers["Location"]).query)["sent"][0]
        return page

    return send


@pytest.fixture
def lose_database(services):
    """Take the database away from the running service."""

    def lose():
        services.database.close()
        for path in services.settings.data.glob("moderation.sqlite3*"):
            path.unlink()

    return lose
