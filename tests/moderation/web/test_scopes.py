"""Tokens narrower than their role, tokens that end, and what is known of their use."""

from datetime import timedelta

import pytest

from moderation.domain.key import Role, Scope


@pytest.fixture
def key(services, site, clock):
    """Make a token: `key(Role.LEAD, scopes=[Scope.READ])`."""

    def make(role=Role.MODERATOR, **other):
        with services.database.transaction() as tx:
            token = tx.keys.add(site, role, "Essai", clock(), **other)
        return {"Authorization": f"Bearer {token}"}

    return make


@pytest.fixture
def known(services, site):
    """What operators see of the site's latest token."""

    def read():
        with services.database.read() as memory:
            return memory.keys.of_site(site.id)[-1]

    return read


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        (Scope.READ, {"read"}),
        (Scope.DECIDE, {"decide"}),
        (Scope.LEARN, {"learn"}),
        (Scope.MODELS, {"models"}),
        (Scope.BLOCK, set()),
        (Scope.WEBHOOKS, set()),
    ],
)
def test_a_scope_opens_its_own_calls_alone(client, key, scope, allowed):
    token = key(Role.OPERATOR, scopes=[scope])
    calls = {
        "read": client.get("/v1/moderation/comments", headers=token),
        "decide": client.post("/v1/moderation/claims", json={}, headers=token),
        "learn": client.get("/v1/labels.jsonl", headers=token),
        "models": client.get("/v1/models", headers=token),
    }

    assert {name for name, reply in calls.items() if reply.status_code != 403} == allowed


def test_a_scope_gives_nothing_that_the_role_has_not(client, key):
    token = key(Role.READER, scopes=[Scope.DECIDE, Scope.MODELS])

    assert client.post("/v1/moderation/claims", json={}, headers=token).status_code == 403
    assert client.get("/v1/models", headers=token).status_code == 403


def test_scopes_add_up(ask, order, key):
    token = key(scopes=[Scope.READ, Scope.DECIDE])

    assert ask("/counts", by=token).status_code == 200
    assert order("/claims", by=token).status_code == 204


def test_a_token_opens_nothing_from_its_end_on(ask, key, clock):
    token = key(expires_at=clock() + timedelta(days=1))

    clock.move(hours=23, minutes=59)
    before = ask("/counts", by=token)
    clock.move(minutes=1)
    after = ask("/counts", by=token)

    assert before.status_code == 200
    assert (after.status_code, after.json["code"]) == (401, "unauthenticated")


def test_a_revoked_token_opens_nothing_and_its_decisions_stay(
    ask, order, key, known, remember, services, site, clock
):
    comment, token = remember(), key()
    order(f"/comments/{comment.id}/decisions", by=token, verdict="publish", version=1)

    with services.database.transaction() as tx:
        tx.keys.revoke(known().holder.id, site.id, clock())

    assert ask("/counts", by=token).status_code == 401
    assert ask("/audit").json["entries"][0]["moderator"] == "Essai"


def test_a_revoked_token_lets_go_of_what_it_held(
    order, key, known, remember, services, site, clock
):
    comment, token = remember(), key()
    order("/claims", by=token)
    assert order("/claims").status_code == 204
    with services.database.transaction() as tx:
        tx.keys.revoke(known().holder.id, site.id, clock())

    assert order("/claims").json["id"] == comment.id


def test_the_last_use_is_known_to_the_minute(ask, key, known, clock):
    token = key()
    assert known().last_used_at is None
    first = clock()

    ask("/counts", by=token)
    clock.move(seconds=59)
    ask("/counts", by=token)
    assert known().last_used_at == first

    clock.move(seconds=1)
    ask("/counts", by=token)
    assert known().last_used_at == clock()


def test_a_token_that_opens_nothing_is_not_in_use(ask, key, known, clock):
    token = key(expires_at=clock())

    ask("/counts", by=token)

    assert known().last_used_at is None
