"""What tests of the moderators' API share: two moderators, their calls, and what was put out."""

import json

import pytest
from sqlalchemy import create_engine, text

from moderation.domain.event import EventType
from moderation.domain.identifier import new_id
from moderation.domain.key import Role

API = "/v1/moderation"


@pytest.fixture
def camille(as_moderator):
    return as_moderator


@pytest.fixture
def noor(add_key, site):
    """Another moderator of the same site."""
    return add_key(site, Role.MODERATOR, "Noor")


@pytest.fixture
def lead(add_key, site):
    return add_key(site, Role.LEAD, "Inès")


@pytest.fixture
def ask(client, camille):
    """Look something up as a moderator: `ask("/comments", status="held")`."""

    def get(path, by=camille, **query):
        return client.get(f"{API}{path}", query_string=query, headers=by)

    return get


@pytest.fixture
def order(client, camille):
    """Have something done as a moderator: `order("/batches", verdict="publish", …)`."""

    def post(path, by=camille, **body):
        return client.post(f"{API}{path}", json=body, headers=by)

    return post


@pytest.fixture
def outbox(services, site, clock):
    """What a webhook of the site that asked for everything is to be told, the first first."""
    values = {
        "id": new_id(clock()),
        "site": site.id,
        "url": "https://x.example",
        "events": f" {' '.join(EventType)} ",
        "now": "2026-11-23 12:00:00.000000",
    }
    engine = create_engine(services.settings.database_address)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO webhooks (id, site_id, url, events, secret, created_at,"
                " disabled_because) VALUES (:id, :site, :url, :events, 'whsec_AAAA', :now, '')"
            ),
            values,
        )

    def read():
        with engine.connect() as connection:
            found = connection.execute(text("SELECT body FROM deliveries ORDER BY number"))
            return [json.loads(row.body) for row in found]

    yield read
    engine.dispose()
