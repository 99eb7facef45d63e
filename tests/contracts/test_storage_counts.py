"""Counters: always what a recount gives, whatever happened in between."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from moderation.domain.comment import JUDGED, Judgement, Status
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.site import Policy
from moderation.errors import StaleVersion

PAGES = [f"https://journal.example/{n}" for n in range(3)]
RECOUNT = text(
    """
    SELECT comments.status, threads.url, count(*) AS n
    FROM comments JOIN threads ON threads.id = comments.thread_id
    WHERE comments.site_id = :site_id GROUP BY comments.status, threads.url
    """
)


def recount(engine, site_id):
    with engine.connect() as connection:
        return {
            (row.status, row.url): row.n
            for row in connection.execute(RECOUNT, {"site_id": site_id})
        }


def assert_counted(database, engine, site_id):
    counted = recount(engine, site_id)
    by_status = dict.fromkeys(JUDGED, 0)
    for (status, _), n in counted.items():
        by_status[Status(status)] += n
    with database.read() as tx:
        assert tx.counts.of_site(site_id) == by_status
        assert tx.counts.of_threads(site_id, PAGES) == {
            page: counted.get((Status.PUBLISHED, page), 0) for page in PAGES
        }


def test_nothing_is_counted_as_nothing(database, site):
    with database.read() as tx:
        assert tx.counts.of_site(site.id) == dict.fromkeys(JUDGED, 0)
        assert tx.counts.of_threads(site.id, PAGES) == dict.fromkeys(PAGES, 0)
        assert tx.counts.of_threads(site.id, []) == {}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "decide", "decide late", "fail"]),
        st.sampled_from(Verdict),
        st.sampled_from(PAGES),
        st.integers(0, 100),
    ),
    max_size=20,
)


class Newsroom:
    """Comments that come in and are decided about in any order."""

    def __init__(self, database, submission, decision, now):
        self.database, self.submission, self.decision = database, submission, decision
        self.now = now
        with database.transaction() as tx:
            self.site = tx.sites.add(uuid4().hex, [], "fr", Policy(), now)
        self.comments = []

    def perform(self, deed, verdict, page, place):
        if deed == "add":
            self.comments.append(self.add(verdict, page))
        elif deed == "fail":
            with suppress(ZeroDivisionError):
                self.add(verdict, page, after=lambda: 1 / 0)
        elif self.comments:
            self.decide(verdict, place % len(self.comments), is_late=deed == "decide late")

    def add(self, verdict, page, after=lambda: None):
        with self.database.transaction() as tx:
            comment = tx.comments.add(
                self.submission(site=self.site, thread_url=page),
                Judgement(verdict, ()),
                comment_id=new_id(self.now),
                html="",
                fingerprint="",
            )
            after()
        return comment

    def decide(self, verdict, place, *, is_late):
        comment = self.comments[place]
        seen = comment.version - 1 if is_late else comment.version
        ruling = self.decision(comment, verdict, from_version=seen)
        with suppress(StaleVersion), self.database.transaction() as tx:
            self.comments[place] = tx.decisions.decide(ruling, self.site.id)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(steps=STEPS)
def test_counters_agree_with_a_recount(database, engine, submission, decision, now, steps):
    newsroom = Newsroom(database, submission, decision, now)

    for step in steps:
        newsroom.perform(*step)

    assert_counted(database, engine, newsroom.site.id)


def test_counters_agree_after_a_crowd(database, engine, site, add, decision):
    comments = [add(thread_url=PAGES[n % 3]) for n in range(12)]

    def work(comment):
        add(verdict=Verdict.PUBLISH, thread_url=PAGES[0])
        for verdict in (Verdict.PUBLISH, Verdict.REJECT, Verdict.PUBLISH):
            with database.transaction() as tx:
                comment = tx.decisions.decide(decision(comment, verdict), site.id)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, comments))

    assert_counted(database, engine, site.id)


def test_a_deleted_comment_is_not_counted(database, engine, site, add):
    comment = add(verdict=Verdict.PUBLISH, thread_url=PAGES[0])
    add(verdict=Verdict.PUBLISH, thread_url=PAGES[0])

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM comments WHERE id = :id"), {"id": comment.id})

    assert_counted(database, engine, site.id)
