"""A database in trouble: callers hear `StoreUnavailable` in bounded time, and it passes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from threading import Barrier, Event
from time import monotonic

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import IntegrityError

from moderation.domain.comment import Judgement
from moderation.domain.finding import Verdict
from moderation.errors import StoreUnavailable
from moderation.storage.database import Database

SHORT = timedelta(milliseconds=200)


@pytest.fixture
def impatient(database_url):
    opened = Database(database_url, busy_timeout=SHORT)
    yield opened
    opened.close()


def test_a_locked_file_is_unavailable_within_the_time_limit(sqlite_url):
    database = Database(sqlite_url, busy_timeout=SHORT)
    with closing(sqlite3.connect(make_url(sqlite_url).database)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = monotonic()

        with pytest.raises(StoreUnavailable), database.transaction():
            pass

        assert 0.15 <= monotonic() - began <= 1
        database.ping()
        with database.read() as tx:
            assert tx.sites.all() == ()
    with database.transaction() as tx:
        assert tx.sites.all() == ()
    database.close()


def test_a_writer_that_takes_too_long_keeps_nobody_waiting_for_ever(impatient, site):
    begun, done = Event(), Event()

    def work():
        with impatient.transaction() as tx:
            tx.sites.set_policy(site.id, site.policy)
            begun.set()
            done.wait(5)

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        begun.wait()
        began = monotonic()
        with pytest.raises(StoreUnavailable), impatient.transaction() as tx:
            tx.sites.set_policy(site.id, site.policy)
        assert monotonic() - began < 2
        with impatient.read() as tx:
            assert tx.sites.by_id(site.id) == site
        done.set()
        working.result()


def test_a_failed_transaction_leaves_nothing_behind(database, site, now):
    with suppress(ZeroDivisionError), database.transaction() as tx:
        tx.threads.ensure(site.id, "https://journal.example/a", "", now)
        raise ZeroDivisionError

    with database.read() as tx:
        assert tx.threads.by_url(site.id, "https://journal.example/a") is None


def test_reading_cannot_write(database, site, now):
    with pytest.raises(StoreUnavailable), database.read() as tx:
        tx.threads.ensure(site.id, "https://journal.example/a", "", now)

    with database.transaction() as tx:
        assert tx.threads.by_url(site.id, "https://journal.example/a") is None


def test_a_mistake_of_ours_is_not_taken_for_an_outage(database, add, submission):
    comment = add()

    with pytest.raises(IntegrityError) as mistake, database.transaction() as tx:
        tx.comments.add(
            submission("secret words"),
            Judgement(Verdict.HOLD, ()),
            comment_id=comment.id,
            html="",
            fingerprint="",
        )
    assert "secret words" not in str(mistake.value)
    with database.read() as tx:
        assert tx.comments.get(comment.id, comment.site_id)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/moderation.db",
        "postgresql://nobody@127.0.0.1:1/nothing",
        "postgresql://nobody@/nothing?host=/nowhere",
    ],
)
def test_a_database_that_is_away_is_unavailable(url):
    database = Database(url)

    for use in (database.ping, database.transaction().__enter__, database.read().__enter__):
        with pytest.raises(StoreUnavailable):
            use()
    database.close()


def test_a_file_that_is_not_a_database_is_unavailable(tmp_path):
    path = tmp_path / "moderation.db"
    path.write_bytes(b"not a database, however long it is" * 100)
    database = Database(f"sqlite:///{path}")

    with pytest.raises(StoreUnavailable):
        database.ping()
    database.close()


def test_after_a_restart_of_postgresql_nobody_notices(postgresql_url, postgresql_server, now):
    database = Database(postgresql_url)
    in_use = Barrier(5)

    def hold(_):
        with database.read() as tx:
            in_use.wait()
            return tx.sites.all()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(hold, range(5)))
    hang_up(postgresql_server, postgresql_url)

    for _ in range(6):
        with database.transaction() as tx:
            assert tx.sites.all() == ()
    database.close()


def test_a_connection_lost_in_the_middle_is_unavailable_once(postgresql_url, postgresql_server):
    database = Database(postgresql_url)

    def work():
        with database.transaction() as tx:
            tx.sites.all()
            hang_up(postgresql_server, postgresql_url)
            tx.sites.all()

    with pytest.raises(StoreUnavailable):
        work()

    with database.transaction() as tx:
        assert tx.sites.all() == ()
    database.close()


def hang_up(server, url):
    """Close all connections to a database from the server's side, as a restart does."""
    engine = create_engine(
        make_url(server).set(drivername="postgresql+psycopg"), poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name"
            ),
            {"name": make_url(url).database},
        )
