"""Invented comments: as many as asked for, and everything that keeps step with comments does."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise
from random import Random

import pytest
from sqlalchemy import text

from moderation.domain.audit import START, digest
from moderation.domain.comment import JUDGED, Status
from moderation.domain.site import Moderation, Policy
from moderation.newsroom.fill import STEP, fill
from moderation.newsroom.texts import Nature, on_shelves, stock_up
from moderation.spam import SpamModel, install_baseline, signing_keys
from moderation.storage.listing import Listing, Order
from moderation.storage.search import fold

NUMBER = 600


@pytest.fixture(scope="session")
def stock(tmp_path_factory):
    """Texts scored by the model that ships."""
    data = tmp_path_factory.mktemp("data")
    keys = signing_keys(data)
    install_baseline(data / "models", keys)
    return on_shelves(stock_up(NUMBER, SpamModel(data / "models", keys), Random(1)))


@pytest.fixture
def sites(database, site, now):
    with database.transaction() as tx:
        return [site, tx.sites.add("post", ["https://post.example"], "en", Policy(), now)]


@pytest.fixture
def seeded(database, sites, stock, now):
    added = list(fill(NUMBER, sites, stock, database, now, Random(2)))
    assert sum(added) == NUMBER
    return sites


def rows(engine, statement):
    with engine.connect() as connection:
        return connection.execute(text(statement)).all()


def of_all(database, sites, **criteria):
    with database.read() as tx:
        return [
            one
            for site in sites
            for one in tx.comments.find(Listing(site.id, limit=NUMBER, **criteria)).items
        ]


def test_every_invented_comment_is_in_the_lists(database, seeded):
    found = of_all(database, seeded)

    assert len({one.id for one in found}) == NUMBER


def test_pages_lead_through_all_of_them(database, seeded):
    listing, seen = Listing(seeded[0].id, order=Order.OLDEST, limit=50), []
    with database.read() as tx:
        total = sum(tx.counts.of_site(seeded[0].id).values())
        for _ in count():
            page = tx.comments.find(listing)
            seen += [one.id for one in page.items]
            if page.next is None:
                break
            listing = replace(listing, cursor=page.next)

    assert seen == sorted(set(seen))
    assert len(seen) == total


def test_the_counts_are_kept(database, seeded):
    listed = Counter((one.site_id, one.status) for one in of_all(database, seeded))

    with database.read() as tx:
        counted = {
            (site.id, status): n
            for site in seeded
            for status, n in tx.counts.of_site(site.id).items()
        }
    assert counted == {(site.id, s): listed[site.id, s] for site in seeded for s in JUDGED}


def test_about_one_in_twenty_waits_and_some_are_rejected(database, seeded):
    found = Counter(one.status for one in of_all(database, seeded))

    assert 0.025 <= found[Status.HELD] / NUMBER <= 0.085
    assert 0.03 <= found[Status.REJECTED] / NUMBER <= 0.1


def test_they_are_of_the_last_90_days_and_on_many_pages(database, seeded, now):
    found = of_all(database, seeded)

    assert all(now - timedelta(days=90) <= one.created_at < now for one in found)
    assert len({one.thread_url for one in found}) >= 6
    assert len({one.locale for one in found}) >= 4
    assert any(one.member for one in found)


def test_replies_stand_in_the_conversation_of_what_they_answer(database, seeded):
    found = {one.id: one for one in of_all(database, seeded)}

    replies = [one for one in found.values() if one.parent]
    assert len(replies) > NUMBER / 10
    for one in replies:
        assert one.root == found[one.parent].root
        assert one.thread_url == found[one.parent].thread_url
        assert one.created_at > found[one.parent].created_at


def test_every_decision_has_its_entry_in_a_whole_chain(database, engine, seeded):
    decided = {row.id for row in rows(engine, "SELECT id FROM decisions")}

    entered = []
    for site in seeded:
        previous = START
        with database.read() as tx:
            for number, entry in enumerate(tx.audit.all(site.id), 1):
                assert entry.number == number
                assert entry.content["previous"] == previous
                assert digest(entry.line) == entry.hash
                entered.append(entry.content["id"])
                previous = entry.hash
    assert len(decided) > NUMBER / 40
    assert len(entered) == len(decided)
    assert set(entered) == decided


def test_a_comment_stands_where_its_last_decision_has_put_it(database, seeded):
    with database.read() as tx:
        for site in seeded:
            for comment in tx.comments.find(Listing(site.id, limit=NUMBER)).items:
                history = tx.decisions.history(comment.id)
                before = [one.from_version for one in history]
                assert before == list(range(1, len(history) + 1))
                assert comment.version == len(history) + 1
                if history:
                    assert comment.status is Status.after(history[-1].verdict)
                for earlier, later in pairwise(history):
                    assert later.from_status is Status.after(earlier.verdict)
                    assert later.created_at > earlier.created_at


def test_only_a_persons_decision_answers_reports(database, seeded):
    with database.read() as tx:
        for comment in of_all(database, seeded):
            reports = tx.reports.about(comment.id)
            assert comment.reports == sum(one.resolved_at is None for one in reports)


def test_the_search_finds_them_by_the_words_they_hold(database, engine, seeded):
    wrong = [
        row.id
        for row in rows(engine, "SELECT id, author_name, text, search FROM comments")
        if row.search != fold(f"{row.author_name} {row.text}")
    ]
    wanted = next(one for one in of_all(database, seeded) if len(one.author.name) > 8)

    assert wrong == []
    found = of_all(database, seeded, q=wanted.author.name)
    assert wanted.id in {one.id for one in found}


def test_scores_are_the_models_own(database, seeded, stock):
    known = {
        written.text: written.opinion.score
        for shelf in stock.values()
        for texts in shelf.values()
        for written in texts
    }

    assert all(one.score == known[one.text] for one in of_all(database, seeded))


def test_the_stock_tells_spam_from_what_is_none(stock):
    spam, ham = ([w.opinion.score for w in stock["fr"][n]] for n in (Nature.SPAM, Nature.HAM))

    assert sum(spam) / len(spam) > 0.7
    assert sum(ham) / len(ham) < 0.3


def test_stopping_between_two_steps_leaves_whole_comments(database, engine, sites, stock, now):
    for _ in fill(2 * STEP + 1, sites, stock, database, now, Random(3)):
        break

    ((kept,),) = rows(engine, "SELECT count(*) FROM comments")
    ((counted,),) = rows(engine, "SELECT sum(n) FROM counts WHERE thread_id = 0")
    ((decided,),) = rows(engine, "SELECT count(*) FROM decisions")
    ((entered,),) = rows(engine, "SELECT count(*) FROM audit")
    assert kept == counted == STEP
    assert decided == entered > 0


def test_filling_twice_reuses_the_moderators(database, seeded, stock, now):
    list(fill(20, seeded, stock, database, now, Random(4)))

    with database.read() as tx:
        labels = [key.holder.label for key in tx.keys.of_site(seeded[0].id)]
    assert len(labels) == len(set(labels))


def test_batches_hold_as_many_decisions_as_they_say(database, engine, site, stock, now):
    list(fill(3 * STEP, [site], stock, database, now, Random(5)))

    batches = rows(engine, "SELECT id, n FROM batches")
    held = dict(
        tuple(row)
        for row in rows(
            engine,
            "SELECT batch_id, count(*) FROM decisions WHERE batch_id IS NOT NULL GROUP BY batch_id",
        )
    )
    assert batches
    assert {row.id: row.n for row in batches} == held


def test_what_is_found_fits_the_sites_policy_and_the_readers_history(database, site, stock, now):
    with database.transaction() as tx:
        careful = tx.sites.add(
            "c", ["https://c.example"], "fr", Policy(moderation=Moderation.PRE), now
        )
    list(fill(NUMBER, [site, careful], stock, database, now, Random(2)))

    known, newcomers = set(), 0
    for one in of_all(database, [careful], order=Order.OLDEST):
        codes = {finding.code for finding in one.findings}
        newcomers += "first_comment" in codes
        assert "first_comment" not in codes or one.author.email not in known
        if not codes:
            known.add(one.author.email or None)
    assert newcomers
    found = {f.code for one in of_all(database, [site]) for f in one.findings}
    assert "too_fast" in found
    assert "first_comment" not in found
