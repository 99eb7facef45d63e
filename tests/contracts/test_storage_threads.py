"""Threads: one per page, made once, whoever comments first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from moderation.domain.comment import Status
from moderation.domain.finding import Verdict
from moderation.storage.threads import ThreadState

PAGE = "https://journal.example/autre"


def test_a_thread_is_made_once(database, site, now):
    with database.transaction() as tx:
        assert tx.threads.by_url(site.id, PAGE) is None
        made = tx.threads.ensure(site.id, PAGE, "Un titre", now)

    with database.transaction() as tx:
        again = tx.threads.ensure(site.id, PAGE, "Un autre titre", now + timedelta(days=1))
    with database.read() as tx:
        assert tx.threads.by_url(site.id, PAGE) == made == again
    assert (made.url, made.title, made.created_at) == (PAGE, "Un titre", now)


def test_a_thread_without_title_takes_the_first_it_is_given(database, site, now):
    with database.transaction() as tx:
        untitled = tx.threads.ensure(site.id, PAGE, "", now)
        titled = tx.threads.ensure(site.id, PAGE, "Un titre", now + timedelta(days=1))

    assert (untitled.title, titled.title) == ("", "Un titre")
    assert (titled.id, titled.created_at) == (untitled.id, now)


@pytest.mark.parametrize("page", ["", "\x00", "\ud800", "' OR 1=1 --"])
def test_an_address_nobody_commented_on_has_no_thread(database, site, add, page):
    add()

    with database.read() as tx:
        assert tx.threads.by_url(site.id, page) is None
        assert tx.threads.state(site.id, page) == ThreadState(0, 0)


def test_of_many_first_comments_all_get_the_same_thread(database, site, now):
    start = Barrier(8)

    def ensure(_):
        start.wait()
        with database.transaction() as tx:
            return tx.threads.ensure(site.id, PAGE, "Un titre", now)

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(ensure, range(8)))

    assert len(made) == 1


def test_the_state_of_a_thread_changes_with_what_readers_see(database, add, decision):
    states = []

    def look():
        with database.read() as tx:
            states.append(tx.threads.state(comment.site_id, comment.thread_url))

    def decide(verdict):
        with database.transaction() as tx:
            current = tx.comments.get(comment.id, comment.site_id)
            tx.decisions.decide(decision(current, verdict), comment.site_id)
        look()

    comment = add(verdict=Verdict.PUBLISH)
    look()
    for verdict in (Verdict.REJECT, Verdict.PUBLISH, Verdict.HOLD, Verdict.PUBLISH):
        decide(verdict)

    assert len(set(states)) == len(states)
    assert [state.published for state in states] == [1, 0, 1, 0, 1]


def test_the_state_of_a_thread_changes_with_an_edit(database, engine, add):
    comment = add(verdict=Verdict.PUBLISH)
    with database.read() as tx:
        before = tx.threads.state(comment.site_id, comment.thread_url)

    with engine.begin() as connection:
        connection.execute(text("UPDATE comments SET html = 'edited'"))

    with database.read() as tx:
        after = tx.threads.state(comment.site_id, comment.thread_url)
    assert (after.published, after.changes) == (before.published, before.changes + 1)


def test_the_state_of_a_thread_is_not_touched_by_what_readers_do_not_see(database, add, decision):
    shown = add(verdict=Verdict.PUBLISH)
    with database.read() as tx:
        before = tx.threads.state(shown.site_id, shown.thread_url)

    hidden = add(verdict=Verdict.HOLD)
    add(verdict=Verdict.PUBLISH, thread_url=PAGE)
    with database.transaction() as tx:
        rejected = tx.decisions.decide(decision(hidden, Verdict.REJECT), hidden.site_id)

    assert rejected.status is Status.REJECTED
    with database.read() as tx:
        assert tx.threads.state(shown.site_id, shown.thread_url) == before
