"""An author's changes at the same moment: each is carried out, one after the other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest

from moderation.domain.comment import Judgement, Status
from moderation.domain.decision import AUTHOR, automatic
from moderation.domain.finding import Verdict
from moderation.errors import NotFound, StaleVersion
from moderation.storage.steps import Amendment
from moderation.submission.amend import Own, amend, withdraw

HANDS = 16


@pytest.fixture
def desk(database):
    """A desk that finds nothing against any text; the database is real."""
    model = SimpleNamespace(opinion=lambda *_: None)
    return SimpleNamespace(
        database=database, model=model, checks=(), fold=str.lower, fence_of=lambda _: None
    )


@pytest.fixture
def at_once(desk):
    """Let so many begin at the same moment: returns what became of each."""

    def begin(do):
        together = Barrier(HANDS)

        def one(n):
            together.wait(10)
            return do(n)

        with ThreadPoolExecutor(HANDS) as hands:
            return list(hands.map(one, range(HANDS)))

    return begin


def test_changes_at_the_same_moment_are_all_carried_out(at_once, database, site, add, desk, now):
    own = Own(add("Le premier texte", Verdict.PUBLISH), site, "token")

    receipts = at_once(lambda n: amend(own, f"Version {n}", desk, now))

    with database.read() as memory:
        after = memory.comments.get(own.comment.id, site.id)
        former = memory.revisions.of(own.comment.id)
    assert sorted(one.comment.version for one in receipts) == list(range(2, HANDS + 2))
    assert [one.version for one in former] == list(range(1, HANDS + 1))
    written = {"Le premier texte", *(f"Version {n}" for n in range(HANDS))}
    assert {after.text, *(one.text for one in former)} == written


def test_a_change_beside_a_withdrawal_finds_the_comment_or_does_not(
    at_once, database, site, add, desk, now
):
    own = Own(add("Le premier texte", Verdict.PUBLISH), site, "token")

    def change(n):
        try:
            return withdraw(own, desk, now) if n == 0 else amend(own, f"Version {n}", desk, now)
        except NotFound:
            return None

    at_once(change)

    with database.read() as memory:
        left = memory.comments.get(own.comment.id, site.id)
        assert (left.status, left.text) == (Status.WITHDRAWN, "")
        assert memory.revisions.of(own.comment.id) == ()


def test_a_decision_about_the_former_text_comes_too_late(database, site, add, decision, now):
    comment = add("Le premier texte", Verdict.PUBLISH)
    by_author = automatic(comment, Verdict.PUBLISH, AUTHOR, now)
    judgement = Judgement(Verdict.PUBLISH, (), None, None)

    def decide():
        with database.transaction() as tx:
            return tx.decisions.decide(decision(comment), site.id)

    with ThreadPoolExecutor(1) as moderator:
        with database.transaction() as tx:
            held = tx.comments.hold_still(comment.id)
            decided = moderator.submit(decide)
            tx.decisions.amend(by_author, held, judgement, Amendment("Nouveau", "", ""))

        with pytest.raises(StaleVersion):
            decided.result(10)
