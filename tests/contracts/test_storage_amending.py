"""What authors and readers do to comments that are there: amend, withdraw, report."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from moderation.domain.comment import Judgement, Status
from moderation.domain.decision import AUTHOR, Reason, automatic
from moderation.domain.finding import Finding, Verdict
from moderation.domain.identifier import new_id
from moderation.domain.report import Report
from moderation.errors import NotFound, StaleVersion
from moderation.storage.listing import Listing, Order
from moderation.storage.steps import Amendment

LATER = timedelta(minutes=5)
NEW = Amendment("Une autre phrase, avec du nougat", "<p>Une autre phrase</p>", "f" * 32)


@pytest.fixture
def amend(database, now):
    def change(comment, verdict=Verdict.PUBLISH, findings=()):
        decision = automatic(comment, verdict, AUTHOR, now + LATER)
        judgement = Judgement(verdict, findings, 0.25, "model-2")
        with database.transaction() as tx:
            return tx.decisions.amend(decision, comment, judgement, NEW)

    return change


@pytest.fixture
def report(database, now):
    def tell(comment, client="reader", reason=Reason.SPAM):
        made = Report(new_id(now), comment.id, reason, "Encore eux.", client, now)
        with database.transaction() as tx:
            return tx.reports.add(made)

    return tell


def test_a_changed_text_replaces_the_former_one_which_is_kept(database, site, add, amend, now):
    comment = add("Le premier texte", Verdict.PUBLISH)

    after = amend(comment, Verdict.HOLD, (Finding("too_many_links", Verdict.HOLD, {}),))

    with database.read() as memory:
        kept = memory.comments.get(comment.id, site.id)
        (former,) = memory.revisions.of(comment.id)
        (decision,) = memory.decisions.history(comment.id)
    assert kept == after
    assert (kept.text, kept.html, kept.status, kept.version) == (
        NEW.text, NEW.html, Status.HELD, 2,
    )  # fmt: skip
    assert kept.edited_at == now + LATER
    assert [finding.code for finding in kept.findings] == ["too_many_links"]
    assert (former.version, former.text) == (1, "Le premier texte")
    assert (decision.moderator, decision.key_id) == (AUTHOR, None)


def test_the_words_of_a_changed_text_are_found_and_the_former_are_not(database, site, add, amend):
    amend(add("Le premier texte", Verdict.PUBLISH))

    with database.read() as memory:
        assert memory.comments.find(Listing(site.id, q="nougat")).items
        assert not memory.comments.find(Listing(site.id, q="premier")).items


def test_a_text_is_not_changed_when_somebody_decided_meanwhile(
    database, site, add, amend, decision
):
    comment = add("Le premier texte")
    with database.transaction() as tx:
        tx.decisions.decide(decision(comment), site.id)

    with pytest.raises(StaleVersion):
        amend(comment)

    with database.read() as memory:
        assert memory.comments.get(comment.id, site.id).text == "Le premier texte"
        assert memory.revisions.of(comment.id) == ()


def test_readers_see_by_the_state_that_a_text_has_changed(database, site, add, amend):
    comment = add("Le premier texte", Verdict.PUBLISH)
    with database.read() as memory:
        before = memory.threads.state(site.id, comment.thread_url)

    amend(comment)

    with database.read() as memory:
        assert memory.threads.state(site.id, comment.thread_url) != before


def test_nothing_of_a_withdrawn_comment_is_left_but_its_place(database, site, add, amend, now):
    comment = amend(add("Le premier texte", Verdict.PUBLISH))
    reply = add("Une réponse", Verdict.PUBLISH, parent=comment.id)

    with database.transaction() as tx:
        tx.decisions.withdraw(comment, now)

    with database.read() as memory:
        left = memory.comments.get(comment.id, site.id)
        assert left.status is Status.WITHDRAWN
        assert (left.text, left.html, left.author.name, left.author.email) == ("",) * 4
        assert left.findings == ()
        assert memory.revisions.of(comment.id) == ()
        assert memory.comments.get(reply.id, site.id).root == comment.id
        assert memory.counts.of_site(site.id)[Status.PUBLISHED] == 1
        with pytest.raises(NotFound):
            memory.comments.get_anywhere(comment.id)


def test_nobody_decides_about_a_withdrawn_comment(database, site, add, decision, now):
    comment = add("Le premier texte")
    with database.transaction() as tx:
        tx.decisions.withdraw(comment, now)
        left = tx.comments.get(comment.id, site.id)

    with pytest.raises(NotFound), database.transaction() as tx:
        tx.decisions.decide(decision(left), site.id)
    with database.read() as memory:
        assert not memory.comments.find(Listing(site.id)).items


def test_a_withdrawn_comment_teaches_no_model(database, site, add, decision, key_id, now):
    comment = add("Le premier texte")
    with database.transaction() as tx:
        after = tx.decisions.decide(decision(comment, key_id=key_id), site.id)
        tx.decisions.withdraw(after, now)

    with database.read() as memory:
        assert list(memory.labels.since()) == []
        assert memory.labels.approved(10) == ()


def test_only_that_something_is_illegal_takes_the_place_of_what_a_reader_said(
    database, site, add, report, decision
):
    comment = add(verdict=Verdict.PUBLISH)
    report(comment, reason=Reason.OFFENSIVE)
    with database.transaction() as tx:
        tx.decisions.decide(decision(comment), site.id)

    counts = [report(comment, reason=reason) for reason in (Reason.SPAM, Reason.ILLEGAL_CONTENT)]
    with database.read() as tx:
        first = tx.reports.by_reader(comment.id, "reader")
    again = [report(comment, reason=reason) for reason in (Reason.ILLEGAL_CONTENT, Reason.SPAM)]

    with database.read() as tx:
        found = tx.reports.get(first.id)
        assert tx.reports.about(comment.id) == (first,)
        with pytest.raises(NotFound):
            tx.reports.get(comment.id)
    assert counts + again == [0, 1, 1, 1]
    assert (found.report, found.status) == (first, Status.PUBLISHED)
    assert (first.reason, first.resolved_at) == (Reason.ILLEGAL_CONTENT, None)
    assert found.thread_url == comment.thread_url


def test_a_reader_counts_once_however_often_they_report(add, report):
    comment = add(verdict=Verdict.PUBLISH)

    assert [report(comment), report(comment), report(comment, "another")] == [1, 1, 2]


def test_reports_at_the_same_moment_are_all_counted(add, report):
    comment = add(verdict=Verdict.PUBLISH)

    with ThreadPoolExecutor(4) as readers:
        counts = list(readers.map(lambda n: report(comment, f"reader {n}"), range(8)))

    assert max(counts) == 8


def test_the_most_reported_come_first_until_a_person_has_looked(
    database, site, add, report, decision
):
    once, twice, never = (add(verdict=Verdict.PUBLISH) for _ in range(3))
    report(once)
    report(twice, "one")
    report(twice, "two")
    listing = Listing(site.id, order=Order.REPORTS, limit=1)

    with database.read() as memory:
        first = memory.comments.find(listing)
        second = memory.comments.find(Listing(site.id, order=Order.REPORTS, cursor=first.next))
    assert [first.items[0].id, *(one.id for one in second.items)] == [twice.id, once.id]

    with database.transaction() as tx:
        tx.decisions.decide(decision(twice), site.id)
    with database.read() as memory:
        (left,) = memory.comments.find(Listing(site.id, order=Order.REPORTS)).items
        resolved = memory.reports.about(twice.id)
    assert left.id == once.id
    assert all(one.resolved_at for one in resolved)
    assert never.reports == 0


def test_a_persons_decision_counts_for_the_text_they_saw(
    database, site, add, amend, decision, key_id
):
    def is_decided():
        with database.read() as memory:
            return memory.decisions.is_text_decided_by_a_person(comment.id)

    def decide(by):
        with database.transaction() as tx:
            return tx.decisions.decide(decision(comment, key_id=by), site.id)

    comment = add("Le premier texte", Verdict.PUBLISH)
    comment = decide(None)
    assert not is_decided()
    comment = decide(key_id)
    assert is_decided()

    comment = amend(comment)
    assert not is_decided()
    comment = decide(key_id)
    assert is_decided()


def test_replies_belong_to_the_conversation_of_what_they_answer(add):
    root = add(verdict=Verdict.PUBLISH)
    reply = add(verdict=Verdict.PUBLISH, parent=root.id)
    answer = add(verdict=Verdict.PUBLISH, parent=reply.id)

    assert {root.root, reply.root, answer.root} == {root.id}
