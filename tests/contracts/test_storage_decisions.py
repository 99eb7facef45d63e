"""Decisions: each about one version of a comment, exactly one wins, all stay in the audit."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from threading import Barrier

import pytest

from moderation.domain.comment import Judgement, Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Finding, Verdict
from moderation.domain.site import Policy
from moderation.errors import InvalidRequest, NotFound, StaleVersion
from moderation.storage import labels
from moderation.storage.excerpts import Excerpt


def decide(database, decision, site_id):
    with database.transaction() as tx:
        return tx.decisions.decide(decision, site_id)


def test_a_decision_moves_the_comment_and_is_remembered(database, add, decision, key_id):
    comment = add()
    ruling = decision(comment, Verdict.REJECT, reason=Reason.HATE_SPEECH, note="§ 3", key_id=key_id)

    after = decide(database, ruling, comment.site_id)

    assert after == replace(comment, status=Status.REJECTED, version=2)
    with database.read() as tx:
        assert tx.comments.get(comment.id, comment.site_id) == after
        assert tx.decisions.history(comment.id) == (ruling,)
        assert tx.decisions.get(ruling.id, comment.site_id) == ruling


def test_a_stale_decision_changes_nothing(database, add, decision):
    comment = add()
    published = decide(database, decision(comment, Verdict.PUBLISH), comment.site_id)

    with pytest.raises(StaleVersion) as refusal:
        decide(database, decision(comment, Verdict.REJECT), comment.site_id)

    assert refusal.value.current == published
    with database.read() as tx:
        assert tx.comments.get(comment.id, comment.site_id) == published
        assert len(tx.decisions.history(comment.id)) == 1
        assert tx.counts.of_site(comment.site_id)[Status.PUBLISHED] == 1


def test_a_version_that_does_not_exist_yet_is_stale_too(database, add, decision):
    comment = add()

    with pytest.raises(StaleVersion):
        decide(database, decision(comment, from_version=2), comment.site_id)


def test_of_many_decisions_at_the_same_moment_one_wins(database, add, decision):
    comment = add()
    rulings = [decision(comment, verdict) for verdict in [Verdict.PUBLISH, Verdict.REJECT] * 4]
    start = Barrier(len(rulings))

    def outcome(ruling):
        start.wait()
        try:
            return True, decide(database, ruling, comment.site_id)
        except StaleVersion as stale:
            return False, stale.current

    with ThreadPoolExecutor(len(rulings)) as pool:
        outcomes = list(pool.map(outcome, rulings))

    winners = [after for is_winner, after in outcomes if is_winner]
    assert len(winners) == 1
    assert all(current == winners[0] for _, current in outcomes)
    with database.read() as tx:
        assert [tx.comments.get(comment.id, comment.site_id)] == winners
        assert len(tx.decisions.history(comment.id)) == 1


def test_a_comment_of_another_site_cannot_be_decided_about(database, add, decision, now):
    comment = add()
    with database.transaction() as tx:
        other = tx.sites.add("L'autre", [], "fr", Policy(), now)

    with pytest.raises(NotFound):
        decide(database, decision(comment), other.id)
    with database.read() as tx, pytest.raises(NotFound):
        tx.decisions.get("unknown", other.id)


def test_a_history_is_in_the_order_of_what_happened(database, add, decision):
    comment = add()
    rulings = []
    for verdict in (Verdict.PUBLISH, Verdict.REJECT, Verdict.HOLD):
        rulings.append(decision(comment, verdict))
        comment = decide(database, rulings[-1], comment.site_id)

    with database.read() as tx:
        assert tx.decisions.history(comment.id) == tuple(rulings)
    assert [ruling.from_version for ruling in rulings] == [1, 2, 3]


def test_the_audit_has_one_entry_a_decision_newest_first(database, site, add, decision):
    rulings = [decision(add()) for _ in range(5)]
    for ruling in rulings:
        decide(database, ruling, site.id)

    found, cursor = [], None
    for _ in range(3):
        with database.read() as tx:
            page = tx.audit.page(Excerpt(site.id, cursor=cursor, limit=2))
        found.extend(entry.content["id"] for entry in page.items)
        cursor = page.next

    assert (found, cursor) == ([ruling.id for ruling in rulings[::-1]], None)
    with database.read() as tx, pytest.raises(InvalidRequest):
        tx.audit.page(Excerpt(site.id, cursor="A" * 43))


def test_a_comment_judged_again_has_the_new_findings_only(database, add, decision):
    comment = add(findings=(Finding("unscored", Verdict.HOLD), Finding("links", Verdict.HOLD)))
    spam = Finding("spam", Verdict.REJECT, {"score": 0.97})
    judgement = Judgement(Verdict.REJECT, (spam,), 0.97, "model-2")
    ruling = decision(comment, Verdict.REJECT, reason=None, moderator="worker")

    with database.transaction() as tx:
        after = tx.decisions.rejudge(ruling, comment, judgement)

    assert (after.status, after.version, after.findings) == (Status.REJECTED, 2, (spam,))
    with database.read() as tx:
        assert tx.comments.get(comment.id, comment.site_id) == after
        assert tx.decisions.history(comment.id) == (ruling,)
        assert tx.arrivals.unscored(10) == ()


def test_a_person_who_decides_first_is_not_overruled_by_a_model(database, add, decision):
    comment = add(findings=(Finding("unscored", Verdict.HOLD),))
    by_a_person = decide(database, decision(comment, Verdict.PUBLISH), comment.site_id)

    with pytest.raises(StaleVersion), database.transaction() as tx:
        tx.decisions.rejudge(
            decision(comment, Verdict.REJECT), comment, Judgement(Verdict.REJECT, (), 0.99, "m")
        )

    with database.read() as tx:
        assert tx.comments.get(comment.id, comment.site_id) == by_a_person


def test_labels_are_peoples_latest_decisions(database, site, add, decision, key_id):
    first, second, untouched, by_service = (add(f"numero {n}") for n in range(4))
    assert untouched
    changed_mind = decision(first, Verdict.PUBLISH, key_id=key_id)
    first = decide(database, changed_mind, site.id)
    service_before = decision(second, Verdict.PUBLISH)
    second = decide(database, service_before, site.id)
    final = decision(first, Verdict.REJECT, key_id=key_id)
    other = decision(second, Verdict.PUBLISH, key_id=key_id)
    first, second = decide(database, final, site.id), decide(database, other, site.id)
    decide(database, decision(by_service, Verdict.REJECT), site.id)
    second = decide(database, decision(second, Verdict.HOLD), site.id)

    with database.read() as tx:
        assert list(tx.labels.since()) == [(final, first), (other, second)]
        assert list(tx.labels.since(other.created_at)) == [(other, second)]
        assert list(tx.labels.since(site_id=site.id + 1)) == []


def test_labels_come_in_pieces_and_completely(database, site, add, decision, key_id, monkeypatch):
    monkeypatch.setattr(labels, "LATEST_BY_A_PERSON", labels.LATEST_BY_A_PERSON.limit(3))
    rulings = [decision(add(), key_id=key_id) for _ in range(8)]
    for ruling in rulings:
        decide(database, ruling, site.id)

    with database.read() as tx:
        found = [ruling for ruling, _ in islice(tx.labels.since(), len(rulings) + 1)]
    assert found == rulings
