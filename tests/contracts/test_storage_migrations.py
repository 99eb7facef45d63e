"""The schema: made by migrations, the same as the tables in the code, on both databases."""

import subprocess
import sys

import pytest
from alembic import command
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError

from moderation.errors import ConfigurationError, StoreUnavailable
from moderation.review.audit import verify
from moderation.storage.database import Database
from moderation.storage.migrate import configuration, migrate
from moderation.storage.urls import parse


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # compared on PostgreSQL alone
def test_migrations_make_the_tables_the_code_knows(empty_url):
    migrate(empty_url)

    engine = create_engine(parse(empty_url), poolclass=NullPool)
    with engine.begin() as connection:
        command.check(configuration(connection))


def test_a_database_is_unavailable_until_it_is_migrated(empty_url):
    database = Database(empty_url)
    with pytest.raises(StoreUnavailable):
        database.ping()
    with pytest.raises(StoreUnavailable), database.read() as tx:
        tx.sites.all()

    migrate(empty_url)

    database.ping()
    database.close()


def test_migrating_again_changes_nothing(database_url, database, site):
    migrate(database_url)

    with database.read() as tx:
        assert tx.sites.all() == (site,)


def test_processes_may_migrate_at_the_same_time(empty_url):
    program = "import sys; from moderation.storage.migrate import migrate; migrate(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]

    assert [process.communicate()[1] for process in started] == [b""] * 3
    database = Database(empty_url)
    database.ping()
    database.close()


def test_a_database_of_a_newer_version_is_left_alone(empty_url):
    migrate(empty_url)
    engine = create_engine(parse(empty_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ConfigurationError, match="9999"):
        migrate(empty_url)


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://localhost/moderation", "sqlite://", "sqlite:///:memory:"]
)
def test_a_database_we_cannot_use_is_a_matter_of_configuration(url):
    with pytest.raises(ConfigurationError):
        Database(url)


def test_sqlite_writes_ahead_and_waits_for_the_disk(sqlite_url):
    database = Database(sqlite_url)
    with database.transaction() as tx:
        wal, synchronous, foreign_keys, limit = (
            tx._connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "journal_size_limit")
        )
    database.close()

    assert (wal, synchronous, foreign_keys, limit) == ("wal", 2, 1, 16 * 1024 * 1024)


@pytest.mark.parametrize(
    "change", ["UPDATE decisions SET note = 'altered'", "DELETE FROM decisions"]
)
def test_the_audit_cannot_be_changed(engine, database, add, decision, change):
    comment = add()
    with database.transaction() as tx:
        tx.decisions.decide(decision(comment, note="as it was"), comment.site_id)

    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))

    with database.read() as tx:
        assert [one.note for one in tx.decisions.history(comment.id)] == ["as it was"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["decisions", "audit"])
def test_sqlite_lets_nobody_replace_what_was_decided(engine, database, add, decision, table):
    comment = add()
    with database.transaction() as tx:
        tx.decisions.decide(decision(comment, note="as it was"), comment.site_id)

    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


BEFORE = (
    "INSERT INTO sites (name, key, secret, akismet_key, origins, locale, policy, created_at)"
    " VALUES ('a', 'k', 's', 'x', '[]', 'fr', '{}', '2026-11-23 09:30:00')",
    "INSERT INTO threads (site_id, url, url_digest, title, created_at)"
    " VALUES (1, 'u', 'd', '', '2026-11-23 09:30:00')",
)
COMMENT = (
    "INSERT INTO comments (id, parent_id, site_id, thread_id, author_name, author_email,"
    " author_url, text, html, locale, status, version, client, fingerprint, created_at, search)"
    " VALUES (:id, :parent, 1, 1, '', '', '', '', '', '', 'held', 1, '', '',"
    " '2026-11-23 09:30:00', '')"
)


def fill(empty_url, revision, comments):
    """Make a database of an older version with comments: pairs of an id and a parent's."""
    engine = create_engine(parse(empty_url), poolclass=NullPool)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), revision)
        for statement in BEFORE:
            connection.execute(text(statement))
        for comment_id, parent in comments:
            connection.execute(text(COMMENT), {"id": comment_id, "parent": parent})
    return engine


def test_comments_from_before_are_not_observed(empty_url):
    engine = fill(empty_url, "0004", [("c", None)])

    migrate(empty_url)

    with engine.begin() as connection:
        assert connection.execute(text("SELECT value FROM marks")).scalar() == "1"


def test_comments_from_before_find_their_conversation(empty_url):
    chain = [(f"c{n}", f"c{n - 1}" if n else None) for n in range(6)]
    engine = fill(empty_url, "0006", [*chain, ("d0", None), ("d1", "d0"), ("d2", "d0")])

    migrate(empty_url)

    with engine.begin() as connection:
        found = dict(connection.execute(text("SELECT id, root_id FROM comments")).all())
    assert found == {**{name: "c0" for name, _ in chain}, "d0": "d0", "d1": "d0", "d2": "d0"}


def test_decisions_from_before_are_chained_and_fit(empty_url):
    engine = fill(empty_url, "0007", [("c1", None), ("c2", None)])
    decided = (
        "INSERT INTO decisions (id, comment_id, site_id, verdict, reason, note, moderator,"
        " from_version, created_at) VALUES (:id, :comment, 1, 'reject', 'SPAM', 'vu « été »',"
        " 'Zoé', :version, '2026-11-23 09:30:00.123456')"
    )
    with engine.begin() as connection:
        for n, (comment, version) in enumerate([("c1", 1), ("c2", 1), ("c1", 2)]):
            values = {"id": f"d{n}", "comment": comment, "version": version}
            connection.execute(text(decided), values)

    migrate(empty_url)

    database = Database(empty_url)
    with database.read() as tx:
        (site,) = tx.sites.all()
    found = verify(site, database, None, lambda _: None)
    database.close()
    assert (found.length, found.misfit) == (3, None)
