"""The demo site of the first start."""

import json

import pytest

from moderation.access.sign_in import find_visit, sign_in
from moderation.cli.demo import ensure_demo
from moderation.config import read_settings
from moderation.domain.key import Role


@pytest.fixture
def keys(services):
    return json.loads(ensure_demo(services.settings).read_text())


def test_the_first_start_makes_a_site_with_its_keys(keys, services, client):
    site = services.sites.by_key(keys["site_key"])
    headers = {"Authorization": f"Bearer {keys['operator_token']}"}

    assert keys["url"] == "http://127.0.0.1:8000"
    assert site.origins == ("http://127.0.0.1:8000",)
    assert len(keys["akismet_key"]) == 12
    assert client.get("/v1/models", headers=headers).status_code == 200


def test_somebody_may_do_everything_on_the_demo_site_from_the_first_start(keys, services, clock):
    who = keys["console"]

    token = sign_in(who["email"], who["password"], "", services.database, clock())

    (member,) = find_visit(token, services.database, clock()).memberships
    assert who.keys() == {"email", "password"}
    assert (member.site_key, member.role) == (keys["site_key"], Role.OPERATOR)


def test_the_keys_are_for_their_owner_alone(keys, services):
    assert (services.settings.data / "demo.json").stat().st_mode & 0o777 == 0o600


def test_a_later_start_changes_nothing(keys, services):
    assert json.loads(ensure_demo(services.settings).read_text()) == keys


def test_the_demo_follows_the_services_address(keys, services, environment):
    moved = read_settings({**environment, "MODERATION_PORT": "8123"})

    after = json.loads(ensure_demo(moved).read_text())

    assert after == {**keys, "url": "http://127.0.0.1:8123"}
    with services.database.read() as memory:
        assert memory.sites.by_name("demo").origins == ("http://127.0.0.1:8123",)
