"""A site's people try every call there is on another site: nothing changes, nothing is told.

The calls come from the API's own description, so that a new one is tried without a word here. One
with a kind of identifier that is not known yet fails: say in `identifiers` what to try it with,
and in `BODIES` what a good body of it is.
"""

import json
import re
from datetime import UTC, datetime

import pytest
from places import ARTICLE
from sqlalchemy import create_engine, inspect, text

from moderation.domain.comment import Author, Judgement, Submission
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role, Scope
from moderation.review.batches import Selection, decide_all
from moderation.review.claims import claim_next
from moderation.storage.listing import Listing

OTHERS = "Le secret de l’autre rédaction"
BY_AUTHORS = "/v1/comments/{comment_id}"  # their token is for one comment, not for a site
OF_ALL_SITES = ("/v1/models", "/v1/score")  # the installation's, not a site's
WRITING = ("post", "put", "patch", "delete")
BODIES = {
    "/v1/moderation/comments/{comment_id}/decisions": {"verdict": "publish", "version": 1},
    "/v1/moderation/batches": {"verdict": "publish", "ids": ["{comment_id}"]},
    "/v1/moderation/claims": {"site": "{site}"},
    "/v1/score": {"texts": ["Bonjour"]},
}
REFUSED = {403, 404}


def operations(app):
    """Every call that needs a token of moderators or operators: method, path, description."""
    return [
        (method, path, operation)
        for path, item in sorted(app.spec["paths"].items())
        for method, operation in sorted(item.items())
        if operation.get("security") and path != BY_AUTHORS
    ]


@pytest.fixture
def looking(services):
    """A way round the repositories, to see what is really stored."""
    engine = create_engine(services.settings.database_address)
    yield engine
    engine.dispose()


@pytest.fixture
def other(add_site, services, clock):
    """Another site, with something of every kind; its person is a lead."""
    site = add_site("ailleurs")
    with services.database.transaction() as tx:
        token = tx.keys.add(site, Role.OPERATOR, "Autrui", clock())
        person = tx.keys.by_token(token, clock()).holder
    return site, person


@pytest.fixture
def identifiers(other, services, clock, remember_on, looking):
    """What each kind of identifier in a path is tried with: the other site's."""
    site, person = other
    undecided, decided, claimed = (remember_on(site, OTHERS) for _ in range(3))
    batch, _ = decide_all(
        Selection(site.id, (decided.id,)),
        Verdict.REJECT,
        Reason.SPAM,
        OTHERS,
        person,
        services.database,
        clock(),
    )
    lasting = services.settings.claim_lifetime
    claim_next(Listing(site.id), person, services.database, clock(), lasting)
    with services.database.read() as memory:
        (decision,) = memory.decisions.of_batch(batch.id)
        held = memory.claims.about([undecided.id, claimed.id], clock())
    return {
        "site": site.key,
        "comment_id": next(iter(held)),
        "decision_id": decision.id,
        "batch_id": batch.id,
        "version": "unknown",
        **add_rows(looking, site.id, person.id),
    }


def add_rows(engine, site_id, key_id):
    """Store what is no comment's, by its row: its kind of identifier and what it is."""
    moment = "2026-11-23 12:00:00.000000"
    webhook, block, event = (new_id(datetime(2026, 11, 23, 12, tzinfo=UTC)) for _ in range(3))
    rows = {
        "webhooks": {
            "id": webhook, "site_id": site_id, "url": f"https://x.example/{OTHERS}",
            "events": " comment.held ", "secret": "whsec_AAAA", "created_at": moment,
            "disabled_because": "",
        },
        "blocks": {
            "id": block, "site_id": site_id, "kind": "word", "pattern": OTHERS,
            "verdict": "hold", "reason": OTHERS, "moderator": "Autrui", "key_id": key_id,
            "created_at": moment,
        },
        "deliveries": {
            "webhook_id": webhook, "event_id": event, "type": "comment.held",
            "body": json.dumps(OTHERS), "status": "waiting", "attempts": 0, "error": "",
            "created_at": moment,
        },
    }  # fmt: skip
    with engine.begin() as connection:
        for table, row in rows.items():
            names = ", ".join(row)
            places = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row)
    return {
        "webhook_id": webhook,
        "block_id": block,
        "delivery_id": event,
        "event_id": event,
        "key_id": str(key_id),
    }


@pytest.fixture
def remember_on(services, clock):
    """Put a held comment on a site: `remember_on(site, text)`."""

    def put(site, words):
        sent = Submission(
            site=site,
            thread_url=ARTICLE,
            thread_title="",
            parent=None,
            author=Author("Lucie"),
            text=words,
            honeypot="",
            client="client",
            locale="fr",
            is_from_page=True,
            received_at=clock(),
        )
        with services.database.transaction() as tx:
            judged = Judgement(Verdict.HOLD, (), None, None)
            return tx.comments.add(
                sent, judged, comment_id=new_id(clock()), html="", fingerprint=""
            )

    return put


@pytest.fixture
def stored(looking):
    """Everything that is stored, but for when tokens were used."""

    def read():
        found = {}
        with looking.connect() as connection:
            for table in inspect(looking).get_table_names():
                if not table.startswith("comments_search"):
                    rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
                    found[table] = sorted(
                        repr({k: v for k, v in row.items() if k != "last_used_at"}) for row in rows
                    )
        return found

    return read


@pytest.fixture
def attempt(app):
    """Make a call: `attempt(method, path, identifiers, headers)`."""
    client = app.test_client()

    def call(method, path, identifiers, headers, body=None, **query):
        asked = fill(json.dumps(BODIES.get(path, {}) if body is None else body), identifiers)
        return client.open(
            fill(path, identifiers),
            method=method.upper(),
            headers=headers,
            query_string=query,
            json=json.loads(asked) if method in WRITING else None,
        )

    return call


def fill(template, identifiers):
    for kind in re.findall(r"{(\w+)}", template):
        assert kind in identifiers, f"{template}: say what to try {{{kind}}} with"
        template = template.replace(f"{{{kind}}}", identifiers[kind])
    return template


def test_nothing_of_another_site_is_told_or_changed(app, attempt, identifiers, as_operator, stored):
    before = stored()

    for method, path, operation in operations(app):
        if path.startswith(OF_ALL_SITES):
            continue
        reply = attempt(method, path, identifiers, as_operator)
        told = reply.text + json.dumps(reply.json, ensure_ascii=False) if reply.is_json else ""
        assert OTHERS not in told, path
        if "{" in path:
            assert reply.status_code in REFUSED, (method, path, reply.text)
        if any(one["name"] == "site" for one in operation.get("parameters", [])):
            named = attempt(method, path, identifiers, as_operator, site=identifiers["site"])
            assert named.status_code in REFUSED, (method, path, named.text)

    assert stored() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/moderation/claims", {"site": "{site}"}),
        *(
            ("/v1/moderation/batches", {"verdict": "publish", "dry_run": is_dry, **choice})
            for is_dry in (False, True)
            for choice in ({"ids": ["{comment_id}"]}, {"filter": {"site": "{site}"}})
        ),
    ],
    ids=str,
)
def test_a_body_that_names_another_site_is_refused(
    attempt, identifiers, as_operator, stored, path, body
):
    before = stored()

    reply = attempt("post", path, identifiers, as_operator, body)

    assert reply.status_code in REFUSED
    assert stored() == before


def test_without_a_good_token_no_call_is_let_in(app, attempt, identifiers, stored):
    before = stored()

    for method, path, _ in operations(app):
        for headers in ({}, {"Authorization": "Bearer mod_unknown"}):
            reply = attempt(method, path, identifiers, headers)
            assert (reply.status_code, reply.json["code"]) == (401, "unauthenticated"), path

    assert stored() == before


@pytest.mark.parametrize("narrowed", [False, True], ids=["reader", "operator who may read"])
def test_who_may_only_read_changes_nothing(
    app, attempt, identifiers, add_key, services, site, clock, stored, narrowed
):
    token = add_key(site, Role.READER, "Stagiaire")
    if narrowed:
        with services.database.transaction() as tx:
            made = tx.keys.add(site, Role.OPERATOR, "Écran", clock(), scopes=[Scope.READ])
        token = {"Authorization": f"Bearer {made}"}
    before = stored()

    for method, path, _ in operations(app):
        reply = attempt(method, path, identifiers, token)
        if method in WRITING or not path.startswith("/v1/moderation"):
            assert (reply.status_code, reply.json["code"]) == (403, "forbidden"), (method, path)

    assert stored() == before


def test_what_a_role_may_the_roles_above_it_may_too(app, attempt, identifiers, add_key, site):
    ladder = [add_key(site, role, role.value) for role in Role]

    for method, path, _ in operations(app):
        let_in = [attempt(method, path, identifiers, t).status_code != 403 for t in ladder]
        assert let_in == sorted(let_in), (method, path)
        assert let_in[-1], (method, path)
