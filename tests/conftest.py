"""The whole service in one process: real SQLite, real Valkey, the real baseline model."""

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import pytest
from desk import encoded
from modelling import add_model
from places import ARTICLE, ORIGIN
from solving import solve
from valkeys import ValkeyProcess

from classifier.registry import Registry
from moderation.app import create_app
from moderation.config import read_settings
from moderation.domain.comment import Author, Judgement, Submission
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.site import Policy
from moderation.review.decide import Ruling, decide
from moderation.services import build_services
from moderation.spam import install_baseline, signing_keys
from moderation.storage.migrate import migrate


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def shared_valkey(tmp_path_factory):
    server = ValkeyProcess(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(shared_valkey):
    """A running Valkey with nothing in it."""
    with shared_valkey.client() as client:
        client.flushall()
    return shared_valkey


@pytest.fixture
def environment(tmp_path, valkey):
    """Settings of one service, as environment variables."""
    return {
        "MODERATION_DATA": str(tmp_path / "data"),
        "MODERATION_REDIS_URL": valkey.url,
        "MODERATION_REDIS_TIMEOUT_MS": "5000",  # a busy machine is not an absent Redis
    }


@pytest.fixture
def start(clock):
    """Start a service with an environment; it is closed at the end of the test."""
    started = []

    def build(environment):
        settings = read_settings(environment)
        settings.data.mkdir(mode=0o700, exist_ok=True)
        migrate(settings.database_address)
        install_baseline(settings.models, signing_keys(settings.data))
        services = build_services(settings, clock, Random(20261123))
        started.append(services)
        return services

    yield build
    for services in started:
        services.close()


@pytest.fixture
def services(start, environment):
    return start(environment)


@pytest.fixture
def add_site(services, clock):
    """Add a site: `add_site(name, moderation=Moderation.PRE, …)`."""

    def add(name="gazette", locale="fr", origins=(ORIGIN,), **policy):
        with services.database.transaction() as transaction:
            return transaction.sites.add(name, origins, locale, Policy(**policy), clock())

    return add


@pytest.fixture
def site(add_site):
    return add_site(comments_per_client="1000 per minute", challenges_per_client="1000 per minute")


@pytest.fixture
def add_key(services, clock):
    """Make a token's header: `add_key(site, Role.MODERATOR)`."""

    def add(site, role=Role.MODERATOR, label="Camille"):
        with services.database.transaction() as transaction:
            token = transaction.keys.add(site, role, label, clock())
        return {"Authorization": f"Bearer {token}"}

    return add


@pytest.fixture
def let_in(services, clock):
    """Let somebody sign in: `let_in(site, role, name)` returns their address."""

    def add(site, role=Role.MODERATOR, name="Camille"):
        email = f"{name.lower()}@gazette.example"
        with services.database.transaction() as transaction:
            person = transaction.people.add(email, name, encoded(), clock())
            transaction.keys.add(site, role, name, clock(), person_id=person.id)
        return email

    return add


@pytest.fixture
def as_moderator(add_key, site):
    return add_key(site)


@pytest.fixture
def as_operator(add_key, site):
    return add_key(site, Role.OPERATOR, "Dominique")


@pytest.fixture
def app(services):
    return create_app(services)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def challenge(client, site):
    """Ask a question: returns its token and the right answer."""

    def ask(key=None, locale="fr"):
        body = {"site": key or site.key, "locale": locale}
        reply = client.post("/v1/challenges", json=body)
        assert reply.status_code == 201, reply.json
        return {"token": reply.json["token"], "answer": solve(reply.json["question"], locale)}

    return ask


@pytest.fixture
def comment(challenge, site):
    """A comment's body, to be changed as a test needs: `comment(text=…)`."""

    def make(**changes):
        body = {
            "site": site.key,
            "thread": {"url": ARTICLE, "title": "La halle rouvre ses portes"},
            "author": {"name": "Lucie Marchand", "email": "lucie@courriel.example"},
            "text": "La halle a retrouvé son marché du samedi, et c’est une bonne nouvelle.",
            **changes,
        }
        if "captcha" not in body:
            body["captcha"] = challenge(body["site"] if isinstance(body["site"], str) else None)
        return {name: value for name, value in body.items() if value is not None}

    return make


@pytest.fixture
def send(client, comment):
    """Send a comment and return the reply: `send(text=…)`."""

    def post(headers=None, **changes):
        return client.post("/v1/comments", json=comment(**changes), headers=headers)

    return post


@pytest.fixture
def registry(services):
    """The registry of the service, with the shipped model as champion."""
    return Registry(services.settings.models, signing_keys(services.settings.data))


@pytest.fixture
def model(registry):
    """Add a version that gives every comment the same score: `model("second", 0.9)`."""

    def add(version, score=0.1, **other):
        return add_model(registry, version, score, **other)

    return add


@pytest.fixture
def remember(services, site, clock):
    """Put a comment into the database without a captcha: `remember(score=0.9)`."""
    numbers = count()

    def put(
        text=None,
        verdict=Verdict.HOLD,
        score=None,
        version="model-1",
        findings=(),
        name="Lucie",
        title="",
    ):
        moment = clock()
        sent = Submission(
            site=site,
            thread_url=ARTICLE,
            thread_title=title,
            parent=None,
            author=Author(name),
            text=text or f"Remarque numéro {next(numbers)}.",
            honeypot="",
            client="client",
            locale="fr",
            is_from_page=True,
            received_at=moment,
        )
        judgement = Judgement(verdict, findings, score, None if score is None else version)
        with services.database.transaction() as transaction:
            return transaction.comments.add(
                sent, judgement, comment_id=new_id(moment), html="", fingerprint=""
            )

    return put


@pytest.fixture
def rule(services, site, add_key, clock):
    """Let a person decide about a comment: `rule(comment, Verdict.REJECT, Reason.SPAM)`."""
    token = add_key(site)["Authorization"].removeprefix("Bearer ")
    with services.database.read() as memory:
        person = memory.keys.by_token(token, clock()).holder

    def decide_about(comment, verdict=Verdict.PUBLISH, reason=None):
        ruling = Ruling(verdict, reason, "", comment.version)
        return decide(comment.id, ruling, person, services.database, clock())[1]

    return decide_about


@pytest.fixture
def labelled(remember, rule):
    """Make people's labels: `labelled(spam=10, ham=10)`."""

    def make(spam=10, ham=10):
        for _ in range(spam):
            rule(remember(), Verdict.REJECT, Reason.SPAM)
        for _ in range(ham):
            rule(remember(), Verdict.PUBLISH)

    return make
