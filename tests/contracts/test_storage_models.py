"""The life of models: remembered in order, counted once, and never rewritten where it must not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.model import Action, Drifting, ModelChange, ShadowScore, Training


@pytest.fixture
def change(now):
    def make(version="second", **other):
        fields = {
            "id": new_id(now),
            "action": Action.PROMOTE,
            "previous": "first",
            "version": version,
            "is_forced": False,
            "reason": "",
            "by": "Dominique",
            "key_id": None,
            "created_at": now,
        }
        return ModelChange(**{**fields, **other})

    return make


def test_changes_of_champion_are_read_as_they_were_written(database, change, key_id, now):
    first = change(key_id=key_id, is_forced=True, reason="Vague de spam")
    second = change("third", action=Action.ROLLBACK, previous=None, id=new_id(now + timedelta(1)))
    with database.transaction() as tx:
        tx.model_changes.add(first)
        tx.model_changes.add(second)

    with database.read() as tx:
        assert tx.model_changes.latest() == (second, first)
        assert tx.model_changes.latest(1) == (second,)


@pytest.mark.parametrize(
    "statement", ["UPDATE model_changes SET reason = 'altered'", "DELETE FROM model_changes"]
)
def test_changes_of_champion_cannot_be_changed(engine, database, change, statement):
    with database.transaction() as tx:
        tx.model_changes.add(change())

    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))

    with database.read() as tx:
        assert [one.reason for one in tx.model_changes.latest()] == [""]


def test_the_last_training_is_the_one_that_counts(database, now):
    first = Training("second", "first", 3, 4, now, now)
    second = replace(first, version="third", created_at=now + timedelta(days=1))
    with database.read() as tx:
        assert tx.trainings.latest() is None

    with database.transaction() as tx:
        tx.trainings.add(second)
        tx.trainings.add(first)

    with database.read() as tx:
        assert tx.trainings.latest() == second


@pytest.fixture
def shadow(now):
    def make(comment, verdict=Verdict.HOLD, champion=Verdict.PUBLISH, **other):
        score = ShadowScore(comment.id, "second", 0.6, verdict, champion, now)
        return replace(score, **other)

    return make


def test_shadow_scores_are_counted_by_both_verdicts(database, add, shadow):
    scores = [shadow(add()), shadow(add()), shadow(add(), Verdict.PUBLISH)]
    others = [shadow(add(), model="another")]
    with database.transaction() as tx:
        tx.shadows.add(scores)
        tx.shadows.add(others)
        tx.shadows.add([])

    with database.read() as tx:
        figures = tx.shadows.figures("second")
        nothing = tx.shadows.figures("third")

    assert figures.counts == {
        (Verdict.HOLD, Verdict.PUBLISH): 2,
        (Verdict.PUBLISH, Verdict.PUBLISH): 1,
    }
    assert (figures.comments, figures.agreement) == (3, 1 / 3)
    assert (nothing.comments, nothing.agreement, nothing.champion_share(Verdict.HOLD)) == (
        0,
        None,
        None,
    )


def test_old_shadow_scores_are_forgotten(database, add, shadow, now):
    old, new = (shadow(add(), created_at=now + timedelta(days=days)) for days in (-91, -89))
    with database.transaction() as tx:
        tx.shadows.add([old, new])

        forgotten = tx.shadows.forget_before(now - timedelta(days=90))

    with database.read() as tx:
        assert (forgotten, tx.shadows.figures("second").comments) == (1, 1)


def test_shadow_scores_go_with_their_comment(database, engine, add, shadow):
    comment = add()
    with database.transaction() as tx:
        tx.shadows.add([shadow(comment)])

    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA foreign_keys = ON"))
        connection.execute(text("DELETE FROM comments"))

    with database.read() as tx:
        assert tx.shadows.figures("second").comments == 0


def test_histograms_add_up(database):
    with database.transaction() as tx:
        tx.drift_counts.add({("second", "2026-W48", Drifting.SCORES, 0): 2})
        tx.drift_counts.add(
            {
                ("second", "2026-W48", Drifting.SCORES, 0): 3,
                ("second", "2026-W48", Drifting.SCORES, 9): 1,
                ("second", "2026-W49", Drifting.UNSEEN, 1): 1,
                ("another", "2026-W49", Drifting.UNSEEN, 1): 1,
            }
        )
        tx.drift_counts.add({})

    with database.read() as tx:
        later, earlier = tx.drift_counts.of_model("second")

    assert (later.week, later.kind, later.counts) == ("2026-W49", Drifting.UNSEEN, {1: 1})
    assert (earlier.week, earlier.counts, earlier.comments) == ("2026-W48", {0: 5, 9: 1}, 6)


def test_a_mark_moves_for_one_of_many(database):
    with database.transaction() as tx:
        tx.marks.put("here", "1")
        tx.marks.put("here", "2")

    with database.transaction() as tx:
        moved = [tx.marks.move("here", "2", "3"), tx.marks.move("here", "2", "4")]

    with database.read() as tx:
        assert (moved, tx.marks.get("here"), tx.marks.get("there")) == ([True, False], "3", None)


def test_comments_arrive_in_the_order_of_their_numbers(database, add):
    there = [add() for _ in range(3)]
    with database.read() as tx:
        everything = tx.arrivals.after(0, 10)
        numbers = [number for number, _ in everything]
        rest = tx.arrivals.after(numbers[0], 1)

    assert [comment for _, comment in everything] == there
    assert rest == everything[1:2]
    assert numbers == sorted(numbers)


def test_labels_are_counted_by_what_they_teach(database, site, add, decision, key_id, now):
    rulings = [
        (Verdict.PUBLISH, None),
        (Verdict.REJECT, Reason.SPAM),
        (Verdict.REJECT, Reason.AD),
        (Verdict.REJECT, Reason.ABUSIVE),
        (Verdict.REJECT, Reason.OFF_TOPIC),
        (Verdict.HOLD, None),
    ]
    made = [decision(add(), one, reason=why, key_id=key_id) for one, why in rulings]
    own = decision(add(), Verdict.PUBLISH)
    with database.transaction() as tx:
        for one in (*made, own):
            tx.decisions.decide(one, site.id)

    with database.read() as tx:
        tally, later = tx.labels.tally(), tx.labels.tally(made[0].created_at)
        nothing = tx.labels.tally(now + timedelta(days=9))

    assert (tally.spam, tally.ham, tally.labels, tally.first) == (2, 2, 4, made[0].created_at)
    assert (later.spam, later.ham, later.first) == (2, 1, made[1].created_at)
    assert (nothing.labels, nothing.first) == (0, None)


def test_what_people_published_last_comes_first(database, site, add, decision, key_id, monkeypatch):
    monkeypatch.setattr("moderation.storage.labels.CHUNK", 2)
    comments = [add() for _ in range(6)]
    with database.transaction() as tx:
        for comment in comments[:5]:
            tx.decisions.decide(decision(comment, key_id=key_id), site.id)
        tx.decisions.decide(decision(comments[5]), site.id)
        withdrawn = tx.comments.get(comments[0].id, site.id)
        tx.decisions.decide(decision(withdrawn, Verdict.REJECT, key_id=key_id), site.id)

    with database.read() as tx:
        found = [comment.id for comment in tx.labels.approved(10)]
        three = [comment.id for comment in tx.labels.approved(3)]

    assert found == [comment.id for comment in comments[4:0:-1]]
    assert three == found[:3]


def test_comments_of_all_sites_are_counted(database, add):
    add()
    add(verdict=Verdict.PUBLISH)
    add(verdict=Verdict.PUBLISH)

    with database.read() as tx:
        counted = {status.value: n for status, n in tx.counts.of_all_sites().items()}

    assert counted == {"held": 1, "published": 2, "rejected": 0}
