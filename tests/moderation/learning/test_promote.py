"""Who becomes champion, who does not, and what is remembered of it."""

import sqlite3

import pytest
from structlog.testing import capture_logs

from classifier.artefact import MODEL
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.model import Action
from moderation.errors import (
    ChallengerWorse,
    InvalidRequest,
    ModelIncompatible,
    ModelUntrusted,
    NotFound,
    NothingToRollBackTo,
    StoreUnavailable,
)
from moderation.learning.promote import Actor, promote, roll_back

DOMINIQUE = Actor("Dominique")


@pytest.fixture
def rise(services, clock):
    def attempt(version, **other):
        return promote(version, DOMINIQUE, services.database, services.models, clock(), **other)

    return attempt


@pytest.fixture
def changes(services):
    def read():
        with services.database.read() as memory:
            return memory.model_changes.latest()

    return read


def test_a_version_that_holds_more_of_what_people_published_is_refused(
    registry, model, remember, rule, rise, changes
):
    champion = registry.champion_version()
    for _ in range(3):
        rule(remember("Le marché de samedi était bien agréable."))
    rule(remember("Prêt rapide"), Verdict.REJECT, Reason.SPAM)
    model("severe", 0.6)

    with pytest.raises(ChallengerWorse) as refusal:
        rise("severe")

    assert refusal.value.figures == {
        "version": "severe",
        "champion": champion,
        "comments": 3,
        "false_positives": 3,
        "champion_false_positives": 0,
    }
    assert registry.champion_version() == champion
    assert changes() == ()


def test_a_version_as_good_as_the_champion_is_promoted_and_remembered(
    registry, model, labelled, rise, changes, clock
):
    before = registry.champion_version()
    labelled()
    model("second")
    registry.challenge("second")

    with capture_logs() as logs:
        change = rise("second")

    assert registry.champion_version() == "second"
    assert registry.challenger_version() is None
    assert changes() == (change,)
    assert (change.action, change.previous, change.version) == (Action.PROMOTE, before, "second")
    assert (change.by, change.is_forced, change.created_at) == ("Dominique", False, clock())
    assert [entry["event"] for entry in logs] == ["champion_changed"]


def test_each_version_is_measured_by_its_own_threshold(registry, model, labelled, rise):
    labelled()
    model("loud", 0.8, hold=0.85, reject=0.9)

    rise("loud")

    assert registry.champion_version() == "loud"


def test_a_worse_version_is_promoted_for_a_reason(registry, model, labelled, rise, changes):
    labelled()
    model("severe", 0.6)

    rise("severe", despite=" Vague de spam ")

    assert registry.champion_version() == "severe"
    assert [(one.is_forced, one.reason) for one in changes()] == [(True, "Vague de spam")]


def test_no_reason_is_none(registry, model, rise):
    model("severe", 0.6)

    with pytest.raises(InvalidRequest):
        rise("severe", despite="  ")

    assert registry.champion_version() != "severe"


def test_a_champion_that_cannot_be_loaded_is_no_measure(services, registry, model, labelled, rise):
    labelled()
    champion = registry.champion_version()
    (services.settings.models / champion / MODEL).write_bytes(b"tampered")
    model("severe", 0.6)

    rise("severe")

    assert registry.champion_version() == "severe"


def test_what_cannot_be_used_is_not_promoted(services, registry, model, rise, changes):
    champion = registry.champion_version()
    model("broken")
    (services.settings.models / "broken" / MODEL).write_bytes(b"tampered")
    registry.add(
        "old", {"version": "old", "features": "0", "thresholds": {"hold": 1, "reject": 1}}, {}
    )

    for version, error in [
        ("broken", ModelUntrusted),
        ("old", ModelIncompatible),
        ("nowhere", NotFound),
        ("../models", NotFound),
    ]:
        with pytest.raises(error):
            rise(version, despite="exprès")

    assert registry.champion_version() == champion
    assert changes() == ()


def test_without_the_database_nothing_changes(services, registry, model, rise):
    champion = registry.champion_version()
    model("second")
    path = services.settings.data / "moderation.sqlite3"

    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            rise("second")
        other.execute("ROLLBACK")

    assert registry.champion_version() == champion


def test_the_way_back_is_remembered_too(services, registry, model, rise, changes, clock):
    first = registry.champion_version()
    model("second")
    rise("second")
    clock.move(minutes=1)

    change = roll_back(DOMINIQUE, services.database, services.models, clock())

    assert registry.champion_version() == first
    assert (change.action, change.previous, change.version) == (Action.ROLLBACK, "second", first)
    assert changes()[0] == change


def test_there_is_no_way_back_from_the_first_champion(services, clock, changes):
    with pytest.raises(NothingToRollBackTo):
        roll_back(DOMINIQUE, services.database, services.models, clock())

    assert changes() == ()
