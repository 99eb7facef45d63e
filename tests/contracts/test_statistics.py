"""What the console shows as figures: counted by hand here, from what is stored."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.site import Policy
from moderation.review.statistics import Share, statistics
from moderation.review.thresholds import Thresholds, Word, effect_of

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def decide(database, site, decision, key_id):
    """Let a person decide about a comment; name only what matters."""

    def carry_out(comment, verdict, moment, **other):
        made = decision(
            comment,
            verdict,
            **{"key_id": key_id, "id": new_id(moment), "created_at": moment, **other},
        )
        with database.transaction() as tx:
            return made, tx.decisions.decide(made, site.id)

    return carry_out


@pytest.fixture
def undo(database, site, decision, key_id):
    def take_back(former, comment, moment):
        made = decision(
            comment,
            former.from_status.verdict,
            key_id=key_id,
            id=new_id(moment),
            created_at=moment,
            undoes=former.id,
            reason=None,
        )
        with database.transaction() as tx:
            return tx.decisions.undo_all([(former, comment, made)])[0]

    return take_back


def test_comments_are_counted_by_the_day_in_the_sites_zone(database, site, add, now):
    add(received_at=datetime(2026, 11, 22, 22, 59, tzinfo=UTC), verdict=Verdict.PUBLISH)
    add(received_at=datetime(2026, 11, 22, 23, 1, tzinfo=UTC), verdict=Verdict.HOLD)
    add(received_at=now - 40 * DAY)

    found = statistics(site.id, database, now, PARIS)

    counted = {
        day.date.isoformat(): day.comments for day in found.days if any(day.comments.values())
    }
    assert counted == {
        "2026-11-22": {Status.HELD: 0, Status.PUBLISHED: 1, Status.REJECTED: 0},
        "2026-11-23": {Status.HELD: 1, Status.PUBLISHED: 0, Status.REJECTED: 0},
    }
    assert len(found.days) == 30
    assert found.days[-1].date.isoformat() == "2026-11-23"


def test_the_load_is_told_by_weekday_and_hour_in_the_sites_zone(database, site, add, now):
    add(received_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))  # a Sunday; Monday in Paris

    load = statistics(site.id, database, now, PARIS).load

    assert load[0][0] == 1
    assert sum(map(sum, load)) == 1
    assert {len(hours) for hours in load} == {24}


def test_a_zone_of_half_hours_is_counted_right(database, site, add, now):
    add(received_at=datetime(2026, 11, 22, 18, 29, tzinfo=UTC))
    add(received_at=datetime(2026, 11, 22, 18, 31, tzinfo=UTC))

    load = statistics(site.id, database, now, ZoneInfo("Asia/Kolkata")).load

    assert (load[6][23], load[0][0]) == (1, 1)


def test_the_first_decision_is_timed_from_the_arrival(database, site, add, decide, now):
    comments = [add(received_at=now - DAY) for _ in range(3)]
    for comment, hours in zip(comments, (1, 2, 9), strict=True):
        _, after = decide(comment, Verdict.PUBLISH, now - DAY + hours * HOUR)
        decide(after, Verdict.REJECT, now - DAY + 10 * HOUR)

    assert statistics(site.id, database, now, PARIS).first_decision == 2 * HOUR


def test_the_services_own_decisions_are_no_persons(database, site, add, decide, now):
    decide(add(received_at=now - DAY), Verdict.PUBLISH, now - HOUR, key_id=None)

    found = statistics(site.id, database, now, PARIS)

    assert found.first_decision is None
    assert found.moderators == ()


def test_moderators_are_told_the_busiest_first(database, site, add, decide, now):
    for name, verdict in (
        ("Ana", "reject"),
        ("Ana", "publish"),
        ("Bo", "hold"),
        ("Ana", "publish"),
    ):
        decide(add(received_at=now - DAY), Verdict(verdict), now - HOUR, moderator=name)

    found = statistics(site.id, database, now, PARIS).moderators

    assert [(one.moderator, one.total) for one in found] == [("Ana", 3), ("Bo", 1)]
    assert found[0].decisions == {Verdict.PUBLISH: 2, Verdict.HOLD: 0, Verdict.REJECT: 1}


def test_what_people_overturned_is_a_share_of_what_they_looked_at(database, site, add, decide, now):
    for said, verdict in (
        (Verdict.HOLD, Verdict.PUBLISH),
        (Verdict.HOLD, Verdict.REJECT),
        (Verdict.PUBLISH, Verdict.REJECT),
        (Verdict.REJECT, Verdict.REJECT),
    ):
        decide(add(verdict=said, received_at=now - DAY), verdict, now - HOUR)
    add(received_at=now - DAY)

    found = statistics(site.id, database, now, PARIS).overturned

    assert found == {
        Status.HELD: Share(2, 2),
        Status.PUBLISHED: Share(1, 1),
        Status.REJECTED: Share(0, 1),
    }


def test_a_decision_taken_back_counts_as_undone_and_overturns_nothing(
    database, site, add, decide, undo, now
):
    made, after = decide(
        add(verdict=Verdict.PUBLISH, received_at=now - DAY), Verdict.REJECT, now - 2 * HOUR
    )
    undo(made, after, now - HOUR)
    decide(add(verdict=Verdict.PUBLISH, received_at=now - DAY), Verdict.PUBLISH, now - HOUR)

    found = statistics(site.id, database, now, PARIS)

    assert found.undone == Share(1, 2)
    assert found.overturned[Status.PUBLISHED] == Share(0, 1)


def test_a_batch_that_is_taken_back_counts_once_and_for_no_time(
    database, site, add, decide, undo, now
):
    decide(add(received_at=now - DAY), Verdict.PUBLISH, now - DAY + HOUR)
    old = [add(received_at=now - 20 * DAY) for _ in range(3)]
    made = [decide(one, Verdict.REJECT, now - 2 * HOUR, batch="one-batch") for one in old]
    for decision, after in made:
        undo(decision, after, now - HOUR)

    found = statistics(site.id, database, now, PARIS)

    assert found.undone == Share(1, 2)
    assert found.first_decision == HOUR


def test_no_site_is_in_another_sites_figures(database, add, now):
    add(received_at=now - DAY)
    with database.transaction() as tx:
        other = tx.sites.add("Autre", [], "fr", Policy(), now)

    found = statistics(other.id, database, now, PARIS)

    assert sum(sum(day.comments.values()) for day in found.days) == 0


def test_the_bound_is_told(database, site, add, decide, now):
    for _ in range(3):
        decide(add(received_at=now - DAY), Verdict.PUBLISH, now - HOUR)

    with database.read() as tx:
        cut, whole = (
            tx.figures.received(site.id, [now - 2 * DAY, now - DAY, now], limit=limit)
            for limit in (2, 3)
        )
        some, all_scores = (
            tx.figures.scores(site.id, now - 2 * DAY, [0.5], limit=limit) for limit in (2, 3)
        )
        made, is_cut = tx.figures.made(site.id, now - 2 * DAY, limit=2)

    assert (cut.is_cut, cut.counts[Status.PUBLISHED]) == (True, [0, 2])
    assert (whole.is_cut, whole.counts[Status.PUBLISHED]) == (False, [0, 3])
    assert (some.is_cut, sum(some.counts.values())) == (True, 2)
    assert (all_scores.is_cut, sum(all_scores.counts.values())) == (False, 3)
    assert (is_cut, len(made)) == (True, 2)
    assert made[0].id < made[1].id


def test_thresholds_are_held_against_the_scores(database, site, add, now):
    for score in (0.1, 0.4, 0.6, 0.95, None):
        add(score=score, received_at=now - DAY)
    add(score=0.9, received_at=now - 31 * DAY)

    found = effect_of(site.id, 0.5, 0.95, database, now, model=Thresholds(0.3, 0.5))

    assert found.proposed.verdicts == {
        Verdict.PUBLISH: 2,
        Verdict.HOLD: 1,
        Verdict.REJECT: 1,
    }
    assert found.present.verdicts == {Verdict.PUBLISH: 1, Verdict.HOLD: 1, Verdict.REJECT: 2}
    assert found.difference == {Verdict.PUBLISH: 1, Verdict.HOLD: 0, Verdict.REJECT: -1}
    assert found.unscored == 1


def test_the_sites_own_thresholds_come_before_the_models(database, add, site, now):
    with database.transaction() as tx:
        tx.sites.set_policy(site.id, Policy(hold_above=0.2))

    found = effect_of(site.id, 0.5, 0.9, database, now, model=Thresholds(0.3, 0.5))

    assert found.present.thresholds == Thresholds(0.2, 0.5)
    assert effect_of(site.id, 0.5, 0.9, database, now).present is None
    assert effect_of(site.id, 0.5, 0.9, database, now).difference == {}


def test_what_people_said_is_held_against_the_thresholds(database, site, add, decide, undo, now):
    published = add(score=0.7, received_at=now - DAY)
    decide(published, Verdict.PUBLISH, now - 3 * HOUR)
    spam = add(score=0.2, received_at=now - DAY)
    decide(spam, Verdict.REJECT, now - 3 * HOUR)
    abuse = add(score=0.2, received_at=now - DAY)
    decide(abuse, Verdict.REJECT, now - 3 * HOUR, reason=Reason.ABUSIVE)
    made, after = decide(add(score=1.0, received_at=now - DAY), Verdict.PUBLISH, now - 3 * HOUR)
    undo(made, after, now - 2 * HOUR)

    found = effect_of(site.id, 0.5, 0.9, database, now)

    assert found.proposed.published_kept == 1
    assert found.proposed.spam_passed == 1
    assert len(found.histogram) == 20
    assert [(one.low, one.words) for one in found.histogram if any(one.words.values())] == [
        (0.2, {Word.PUBLISHED: 0, Word.SPAM: 1, Word.OTHER: 1, Word.NONE: 0}),
        (0.7, {Word.PUBLISHED: 1, Word.SPAM: 0, Word.OTHER: 0, Word.NONE: 0}),
        (0.95, {Word.PUBLISHED: 0, Word.SPAM: 0, Word.OTHER: 0, Word.NONE: 1}),
    ]
