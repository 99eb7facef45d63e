"""Moderators at work at the same moment: nothing is done twice, nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event
from types import SimpleNamespace

import pytest

from moderation.domain.block import BlockKind
from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.report import Report
from moderation.errors import InvalidRequest, NotFound, NotUndoable, StaleVersion
from moderation.review.audit import verify
from moderation.review.batches import Selection, decide_all
from moderation.review.blocks import Wanted, block
from moderation.review.claims import claim_next, release
from moderation.review.decide import Ruling, decide, ruled
from moderation.review.policy import change_policy
from moderation.review.undo import undo, undo_batch
from moderation.storage.database import Database
from moderation.storage.listing import Listing, Order
from moderation.submission.amend import Own, amend

LASTING = timedelta(minutes=10)
PUBLISH = Ruling(Verdict.PUBLISH, None, "", 1)


@pytest.fixture
def database(database_url):
    """As patient as a busy machine asks for: nothing here may fail for its slowness."""
    opened = Database(database_url, busy_timeout=timedelta(seconds=20))
    yield opened
    opened.close()


@pytest.fixture
def people(database, site, now):
    """Eight moderators of the site."""
    with database.transaction() as tx:
        tokens = [tx.keys.add(site, Role.MODERATOR, f"P{n}", now) for n in range(8)]
        return [tx.keys.by_token(token, now).holder for token in tokens]


@pytest.fixture
def queue(site):
    return Listing(site.id, status=Status.HELD, order=Order.OLDEST)


@pytest.fixture
def at_once():
    """Let several begin at the same moment: returns what became of each, errors included."""

    def begin(*deeds):
        together = Barrier(len(deeds))

        def one(deed):
            together.wait(10)
            try:
                return deed()
            except (StaleVersion, NotUndoable, NotFound, InvalidRequest) as refusal:
                return refusal

        with ThreadPoolExecutor(len(deeds)) as hands:
            return list(hands.map(one, deeds))

    return begin


@pytest.fixture
def books_agree(database, site):
    """Check counters and the audit once all is done."""
    yield
    with database.read() as memory:
        counted = memory.counts.of_site(site.id)
        found = memory.comments.find(Listing(site.id, limit=1000)).items
    assert verify(site, database, None, lambda _: None).misfit is None
    for status in (Status.HELD, Status.PUBLISHED, Status.REJECTED):
        assert counted[status] == sum(one.status is status for one in found)


def kinds(outcomes):
    return sorted(type(one).__name__ for one in outcomes)


@pytest.mark.parametrize("order", [Order.OLDEST, Order.UNCERTAIN])
def test_eight_moderators_never_share_a_comment(at_once, database, people, queue, add, now, order):
    comments = {add(score=number / 100).id for number in range(100)}
    queue = replace(queue, order=order)

    def claim_all(person):
        claimed = []
        while found := claim_next(queue, person, database, now, LASTING):
            claimed.append(found.comment.id)
        return claimed

    found = at_once(*(lambda p=p: claim_all(p) for p in people))

    handed_out = [one for claimed in found for one in claimed]
    assert len(handed_out) == 100
    assert set(handed_out) == comments


def test_whoever_asks_again_gets_the_next(database, people, queue, add, now):
    first, second = add(), add()

    claimed = [claim_next(queue, people[0], database, now, LASTING) for _ in range(3)]

    assert [one and one.comment.id for one in claimed] == [first.id, second.id, None]


@pytest.mark.parametrize("words", [None, "bonjour"])
def test_the_uncertain_are_handed_out_from_the_threshold_outwards(
    database, people, queue, add, now, words
):
    scores = [0.99, None, 0.5, 0.8, 0.71, 0.1, 0.65]
    for score in scores:
        add(score=score, text="Bonjour à tous")
    listing = replace(queue, order=Order.UNCERTAIN, pivot=0.7, q=words)

    claimed = [claim_next(listing, people[0], database, now, LASTING) for _ in range(8)]

    found = [one.comment.score if one else "none left" for one in claimed]
    assert found == [0.71, 0.65, 0.8, 0.5, 0.99, 0.1, None, "none left"]


def test_a_claim_that_runs_out_goes_to_the_next_one(database, people, queue, add, now):
    comment = add()
    claim_next(queue, people[0], database, now, LASTING)

    early = claim_next(queue, people[1], database, now + LASTING * 0.99, LASTING)
    late = claim_next(queue, people[1], database, now + LASTING, LASTING)

    assert early is None
    assert (late.comment.id, late.claim.key_id) == (comment.id, people[1].id)
    with pytest.raises(NotFound):
        release(comment.id, people[0], database, now + LASTING)


def test_a_decision_ends_a_claim(database, people, queue, add, now):
    comment = add()
    claim_next(queue, people[0], database, now, LASTING)

    decide(comment.id, Ruling(Verdict.HOLD, None, "", 1), people[1], database, now)

    again = claim_next(queue, people[1], database, now, LASTING)
    assert again.comment.id == comment.id


def test_a_revoked_token_holds_nothing(database, site, people, queue, add, now):
    comment = add()
    claim_next(queue, people[0], database, now, LASTING)

    with database.transaction() as tx:
        tx.keys.revoke(people[0].id, site.id, now)

    assert claim_next(queue, people[1], database, now, LASTING).comment.id == comment.id


def test_claims_run_out_beside_a_batch(at_once, database, site, people, queue, add, now):
    ids = tuple(add().id for _ in range(30))
    for _ in ids:
        claim_next(queue, people[0], database, now, LASTING)

    def forget():
        with database.transaction() as tx:
            tx.claims.forget_expired(now + LASTING)

    selection = Selection(site.id, ids)
    outcomes = at_once(
        lambda: decide_all(selection, Verdict.PUBLISH, None, "", people[1], database, now),
        *[forget] * 3,
    )

    assert outcomes[0][0].count == 30
    assert outcomes[1:] == [None] * 3


def test_of_decisions_about_one_version_one_is_carried_out(
    at_once, database, people, add, now, books_agree
):
    comment = add()

    outcomes = at_once(*(lambda p=p: decide(comment.id, PUBLISH, p, database, now) for p in people))

    assert kinds(outcomes) == ["StaleVersion"] * 7 + ["tuple"]


def test_of_undos_at_once_one_is_carried_out(at_once, database, people, add, now, books_agree):
    comment = add()
    made, _ = decide(comment.id, PUBLISH, people[0], database, now)

    outcomes = at_once(*(lambda p=p: undo(made.id, p, database, now) for p in people))

    assert kinds(outcomes) == ["NotUndoable"] * 7 + ["tuple"]
    with database.read() as memory:
        assert memory.comments.get(comment.id, comment.site_id).status is Status.HELD


def test_of_undos_of_a_batch_at_once_one_is_carried_out(
    at_once, database, site, people, add, now, books_agree
):
    selection = Selection(site.id, tuple(add().id for _ in range(20)))
    batch, _ = decide_all(selection, Verdict.PUBLISH, None, "", people[0], database, now)

    outcomes = at_once(*(lambda p=p: undo_batch(batch.id, p, database, now) for p in people[:4]))

    assert kinds(outcomes) == ["NotUndoable"] * 3 + ["tuple"]


def test_batches_over_the_same_comments_are_carried_out_one_after_the_other(
    at_once, database, site, people, add, now, books_agree
):
    verdicts = [Verdict.HOLD, Verdict.PUBLISH]
    ids = [add(verdict=verdicts[n % 2]).id for n in range(60)]
    halves = ids[:40], ids[:19:-1]

    outcomes = at_once(
        *(
            lambda part=part, verdict=verdict: decide_all(
                Selection(site.id, tuple(part)), verdict, Reason.SPAM, "", people[0], database, now
            )
            for part in halves
            for verdict in (Verdict.REJECT, Verdict.PUBLISH)
        )
    )

    assert [batch.count for batch, _ in outcomes] == [40] * 4
    with database.read() as memory:
        histories = memory.decisions.histories(ids)
    assert sum(map(len, histories.values())) == 160


def test_batches_over_different_comments_and_pages_do_not_wait_for_each_other_for_ever(
    at_once, database, site, people, add, now, books_agree
):
    """On PostgreSQL the counters of site and pages are what they could come to wait for."""
    pages = [f"https://journal.example/{n}" for n in range(4)]
    verdicts = [Verdict.HOLD, Verdict.PUBLISH, Verdict.REJECT]
    ids = [add(verdict=verdicts[n % 3], thread_url=pages[n % 4]).id for n in range(120)]
    parts = ids[::2], ids[1::2][::-1]

    def repeat(part):
        for verdict in (Verdict.PUBLISH, Verdict.HOLD, Verdict.REJECT):
            selection = Selection(site.id, tuple(part))
            decide_all(selection, verdict, Reason.SPAM, "", people[0], database, now)

    outcomes = at_once(*(lambda part=part: repeat(part) for part in parts))

    assert outcomes == [None] * 2


def batches_over(comments, database, site, person, now):
    for verdict in (Verdict.REJECT, Verdict.PUBLISH, Verdict.HOLD):
        selection = Selection(site.id, tuple(one.id for one in comments))
        decide_all(selection, verdict, Reason.SPAM, "", person, database, now)


def decisions_about(comments, database, site, person, now):
    for comment in comments:
        with database.read() as memory:
            seen = memory.comments.get(comment.id, site.id).version
        with suppress(StaleVersion):
            decide(comment.id, replace(PUBLISH, version=seen), person, database, now)


def edits_of(comments, database, site, now):
    model = SimpleNamespace(opinion=lambda *_: None)
    desk = SimpleNamespace(
        database=database, model=model, checks=(), fold=str.lower, fence_of=lambda _: None
    )
    for comment in comments:
        amend(Own(comment, site, ""), f"Nouveau {comment.id}", desk, now)


def reports_about(comments, database, now):
    for comment in comments:
        with database.transaction() as tx:
            tx.reports.add(Report(new_id(now), comment.id, Reason.SPAM, "", "r", now))


def test_everything_at_once_on_one_page_ends(
    at_once, database, site, people, add, now, books_agree
):
    verdicts = [Verdict.HOLD, Verdict.PUBLISH] * 12
    comments = [add(verdict=verdict) for verdict in verdicts]

    outcomes = at_once(
        lambda: batches_over(comments, database, site, people[0], now),
        lambda: decisions_about(comments[::-1], database, site, people[1], now),
        lambda: edits_of(comments, database, site, now),
        lambda: reports_about(comments, database, now),
        lambda: [add(verdict=verdict) for verdict in verdicts],
    )

    assert outcomes[:4] == [None] * 4
    assert len(outcomes[4]) == 24


def test_a_report_beside_a_decision_is_settled_or_counted(
    at_once, database, site, people, add, now
):
    comments = [add() for _ in range(20)]

    for comment in comments:
        at_once(
            lambda c=comment: reports_about([c], database, now),
            lambda c=comment: decide(c.id, PUBLISH, people[0], database, now),
        )

    with database.read() as memory:
        for comment in comments:
            waiting = [r for r in memory.reports.about(comment.id) if r.resolved_at is None]
            assert memory.comments.get(comment.id, site.id).reports == len(waiting)


def test_a_batch_leaves_alone_what_was_decided_while_it_waited(
    database, site, people, add, now, queue
):
    comments = [add() for _ in range(3)]
    is_locked = Event()

    def batch():
        is_locked.wait(10)
        selection = Selection(site.id, listing=queue)
        return decide_all(selection, Verdict.REJECT, Reason.SPAM, "", people[0], database, now)

    with ThreadPoolExecutor(1) as hand:
        with database.transaction() as tx:
            held = tx.comments.hold_still(comments[1].id)
            waiting = hand.submit(batch)
            is_locked.set()
            made = ruled(held, PUBLISH, Verdict.PUBLISH, people[1], now)
            tx.decisions.decide_all([(made, held)])
        made, _ = waiting.result(20)

    assert made.count == 2
    with database.read() as memory:
        assert memory.comments.get(comments[1].id, site.id).status is Status.PUBLISHED


def test_what_several_block_at_once_is_blocked_once(at_once, database, people, site, now):
    wanted = Wanted(BlockKind.DOMAIN, "spam.example", Verdict.HOLD, "Publicité")

    outcomes = at_once(*(lambda p=p: block(wanted, p, database, str.lower, now) for p in people))

    with database.read() as memory:
        assert len(memory.blocks.in_force(site.id, now)) == 1
    assert kinds(outcomes) == ["Block"] + ["InvalidRequest"] * 7


def test_policies_changed_at_once_each_tell_what_was_before(at_once, database, people, site, now):
    wanted = [replace(site.policy, maximum_links=20 + n) for n in range(8)]
    pairs = list(zip(people, wanted, strict=True))

    at_once(*(lambda p=p, w=w: change_policy(site.id, w, p, database, now) for p, w in pairs))

    with database.read() as memory:
        entries = [entry.content for entry in memory.audit.all(site.id)]
    told = [entry["changes"]["maximum_links"] for entry in entries]
    assert [one["from"] for one in told[1:]] == [one["to"] for one in told[:-1]]
