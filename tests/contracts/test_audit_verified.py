"""The audit checked: whoever changes what was decided, round the service, is found out."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from moderation.domain.audit import Kind, Note, chained, digest
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.site import Policy
from moderation.review.audit import Head, verify
from moderation.review.batches import Selection, decide_all
from moderation.review.decide import Ruling, decide
from moderation.review.undo import undo, undo_batch


@pytest.fixture
def person(database, site, key_id):
    with database.read() as memory:
        return next(key.holder for key in memory.keys.of_site(site.id) if key.holder.id == key_id)


@pytest.fixture
def decided(database, site, add, person, now):
    """Everything that makes entries: decisions, an undo, a batch and its undo; nine in all."""
    first, *rest = [add() for _ in range(3)]
    ruling = Ruling(Verdict.REJECT, Reason.SPAM, "déjà vu", 1)
    made, _ = decide(first.id, ruling, person, database, now)
    undo(made.id, person, database, now + timedelta(seconds=1))
    decide(first.id, Ruling(Verdict.PUBLISH, None, "", 3), person, database, now)
    selection = Selection(site.id, tuple(one.id for one in [first, *rest]))
    batch, _ = decide_all(selection, Verdict.HOLD, None, "", person, database, now)
    undo_batch(batch.id, person, database, now + timedelta(seconds=2))
    return [first, *rest]


@pytest.fixture
def check(database, site):
    def run(head=None):
        return verify(site, database, head, lambda _: None)

    return run


@pytest.fixture
def tamper(engine):
    """Change the tables as somebody with the database's password could: no trigger refuses."""

    def run(statement, **values):
        is_sqlite = engine.dialect.name == "sqlite"
        with engine.begin() as connection:
            if is_sqlite:
                triggers = connection.execute(
                    text("SELECT name, sql FROM sqlite_master WHERE name LIKE '%_keep_%'")
                ).all()
                for name, _ in triggers:
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                triggers = []
                connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(statement), values)
            for _, made in triggers:
                connection.execute(text(made))

    return run


def test_an_audit_that_nobody_touched_fits(decided, check, database, site):
    found = check()

    with database.read() as memory:
        last = memory.audit.last(site.id)
    assert (found.length, found.hash, found.misfit) == (9, last.hash, None)


def test_an_empty_audit_fits(check):
    assert (check().length, check().misfit) == (0, None)


def test_a_noted_head_that_is_still_there_fits(decided, check, database, site):
    with database.read() as memory:
        fourth = list(memory.audit.all(site.id))[3]

    assert check(Head(4, fourth.hash)).misfit is None


def test_the_head_of_a_chain_that_had_no_entry_fits_with_its_own_hash_alone(decided, check):
    assert check(Head(0, "0" * 64)).misfit is None
    assert check(Head(0, "a" * 64)).misfit == "No chain begins with the hash that was noted."


def test_a_changed_line_is_found(decided, check, tamper):
    tamper("UPDATE audit SET line = replace(line, 'déjà vu', 'jamais vu') WHERE number = 1")

    found = check()

    assert found.misfit == "Entry 1 has been changed: its hash is not that of its line."
    assert found.length == 0


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'policy'",
        "moderator = 'Personne'",
        "comment_id = NULL",
        "created_at = '2020-01-01 00:00:00'",
    ],
)
def test_an_entry_that_lists_would_not_find_any_more_is_found(decided, check, tamper, change):
    tamper(f"UPDATE audit SET {change} WHERE number = 3")

    assert check().misfit == "Lists find entry 3 by what it does not tell."


def test_a_changed_hash_is_found(decided, check, tamper):
    tamper("UPDATE audit SET hash = :hash WHERE number = 4", hash="f" * 64)

    assert check().misfit == "Entry 4 has been changed: its hash is not that of its line."


def test_a_line_changed_with_its_hash_is_found_by_the_next_one(
    decided, check, tamper, database, site
):
    with database.read() as memory:
        entry = list(memory.audit.all(site.id))[1]
    line = entry.line.replace('"verdict":"hold"', '"verdict":"publish"')
    statement = "UPDATE audit SET line = :line, hash = :hash WHERE number = 2"

    tamper(statement, line=line, hash=digest(line))

    assert "Entry 2 and decision" in check().misfit
    assert check().misfit.endswith("do not tell the same: verdict.")
    told = json.loads(line)
    tamper("UPDATE decisions SET verdict = 'publish' WHERE id = :id", id=told["id"])
    assert check().misfit == "Entry 3 does not name the hash of the entry before it."


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("verdict = 'publish', reason = NULL", "reason, verdict"),
        ("note = 'autre chose'", "note"),
        ("moderator = 'Personne'", "moderator"),
        ("from_status = 'published'", "from_status"),
    ],
)
def test_a_changed_decision_is_found(decided, check, tamper, database, site, change, names):
    with database.read() as memory:
        first = memory.decisions.history(decided[0].id)[0]

    tamper(f"UPDATE decisions SET {change} WHERE id = :id", id=first.id)

    assert check().misfit == f"Entry 1 and decision {first.id} do not tell the same: {names}."


def test_a_removed_decision_is_found(decided, check, tamper, database):
    with database.read() as memory:
        second = memory.decisions.history(decided[0].id)[1]

    tamper("DELETE FROM decisions WHERE id = :id", id=second.id)

    assert check().misfit == "Entry 2 tells of a decision that is not there."


def test_an_entry_removed_from_the_middle_is_found(decided, check, tamper):
    tamper("DELETE FROM audit WHERE number = 5")

    assert check().misfit == "Entry 5 is missing."


def test_the_last_entry_removed_is_found_by_its_decision(decided, check, tamper, database, site):
    with database.read() as memory:
        last = memory.audit.last(site.id)

    tamper("DELETE FROM audit WHERE number = 9")

    assert check().misfit == f"Decision {last.content['id']} has no entry."


def test_an_entry_removed_from_the_end_with_its_decision_is_found_by_the_head(
    decided, check, tamper, database, site
):
    with database.read() as memory:
        last = memory.audit.last(site.id)
    head = Head(last.number, last.hash)

    tamper("DELETE FROM audit WHERE number = 9")
    tamper("DELETE FROM decisions WHERE id = :id", id=last.content["id"])

    assert check().misfit is None
    assert check(head).misfit == "Entry 9, whose hash was noted, is missing."


def test_a_chain_written_anew_is_found_by_the_head(decided, check, tamper, database, site):
    with database.read() as memory:
        entries = list(memory.audit.all(site.id))
    head, previous = Head(9, entries[-1].hash), "0" * 64
    tamper("UPDATE decisions SET note = '' WHERE note <> ''")

    for entry in entries:
        told = {k: v for k, v in entry.content.items() if k not in ("number", "previous")}
        anew = chained(entry.number, previous, {**told, "note": ""})
        previous = anew.hash
        statement = "UPDATE audit SET line = :line, hash = :hash WHERE number = :number"
        tamper(statement, line=anew.line, hash=anew.hash, number=entry.number)

    assert check().misfit is None
    assert check(head).misfit == "Entry 9 is not the one whose hash was noted."


def test_an_entry_told_twice_is_found(decided, check, tamper, database, site):
    with database.read() as memory:
        last = memory.audit.last(site.id)
    told = {k: v for k, v in last.content.items() if k not in ("number", "previous")}
    again = chained(10, last.hash, told)

    tamper(
        "INSERT INTO audit SELECT site_id, 10, kind, moderator, comment_id, :line, :hash,"
        " created_at FROM audit WHERE number = 9",
        line=again.line,
        hash=again.hash,
    )

    assert check().misfit == f"Entry 10 tells of decision {told['id']} a second time."


def test_an_entry_of_another_site_is_found(decided, check, tamper, database, site, now):
    with database.transaction() as tx:
        other = tx.sites.add("L’autre", [], "fr", Policy(), now)

    tamper("UPDATE audit SET site_id = :other", other=other.id)

    assert check().misfit.endswith("has no entry.")
    found = verify(other, database, None, lambda _: None)
    assert found.misfit == "Entry 1 was written for another place."


def test_entries_about_more_than_decisions_are_in_the_same_chain(database, site, check, now):
    note = Note(Kind.BLOCK, "Zoé \udcff", None, now, {"pattern": "x\ud800y"})

    with database.transaction() as tx:
        tx.audit.append(site.id, note, replace(note, kind=Kind.UNBLOCK))

    assert (check().length, check().misfit) == (2, None)


def test_progress_is_told_for_every_entry(decided, database, site):
    ticks = []

    verify(site, database, None, ticks.append)

    assert sum(ticks) == 9
