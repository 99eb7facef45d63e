"""What an operator types about models."""

import re
import sys

import pytest
from click.testing import CliRunner
from modelling import PROFILES

from classifier.artefact import MODEL
from moderation.cli import models as room
from moderation.cli.main import main
from moderation.domain.finding import Verdict
from moderation.domain.model import ShadowScore


@pytest.fixture
def type_in(services, environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*words, fails=False):
        result = CliRunner().invoke(main, ("models", *words))
        assert (result.exit_code != 0) is fails, result.output
        assert "Traceback" not in result.output
        return result.output

    return run


def test_the_list_tells_figures_and_why_there_is_no_drift(type_in, registry, model):
    registry.promote(model("plain"))
    registry.challenge(model("profiled", drift=PROFILES))

    told = type_in("list")

    assert "plain\tchampion\t2026-11-23T12:00:00+00:00\n" in told
    assert "recall 100.0%" in told
    assert "no figure, this version does not hold the distributions" in told
    assert "no figure yet, no week has 200 comments" in told


def test_the_list_tells_how_the_challenger_does(
    type_in, registry, model, services, remember, clock
):
    registry.challenge(model("rival"))
    assert "no comment scored yet" in type_in("list")
    shadow = ShadowScore(remember().id, "rival", 0.6, Verdict.HOLD, Verdict.PUBLISH, clock())
    with services.database.transaction() as transaction:
        transaction.shadows.add([shadow])

    assert "1 comments; hold 100.0% (champion 0.0%); reject 0.0%" in type_in("list")


def test_the_list_tells_what_is_wrong_with_a_version(type_in, model, services):
    model("broken")
    (services.settings.models / "broken" / MODEL).write_bytes(b"tampered")

    assert re.search(r"broken\tchallenger\tunknown\n  cannot be used: .*signature", type_in("list"))


def test_decisions_become_a_challenger(type_in, labelled, registry, model, monkeypatch):
    labelled()
    monkeypatch.setattr(room, "_trainer", lambda _: lambda base, rows: model("trained"))

    told = type_in("retrain")

    assert told.splitlines()[-1] == "trained"
    assert "10 spam, 10 not" in told
    assert registry.challenger_version() == "trained"
    assert "no new decision since trained" in type_in("retrain", fails=True)
    assert "moderation.learning" not in told


def test_a_training_that_fails_is_one_sentence(type_in, labelled, monkeypatch):
    labelled()
    monkeypatch.setattr(sys, "executable", "/bin/false")

    assert type_in("retrain", fails=True).startswith("Error: ")


def test_nothing_to_learn_is_one_sentence(type_in):
    assert "no person has decided anything yet" in type_in("retrain", fails=True)


def test_a_history_without_changes_is_one_sentence(type_in):
    assert type_in("history") == "Nobody has promoted or rolled back a model yet.\n"


def test_promoting_and_rolling_back_is_told_and_remembered(type_in, registry, model):
    first = registry.champion_version()
    model("second")

    assert type_in("promote", "second").endswith("second is the champion now.\n")
    assert type_in("rollback").endswith(f"{first} is the champion again.\n")

    back, forth = type_in("history").splitlines()
    assert f"promote\t{first} -> second\t" in forth
    assert f"rollback\tsecond -> {first}\t" in back
    assert "(command line)" in forth


def test_a_worse_version_is_refused_until_it_is_forced(type_in, registry, model, labelled):
    labelled()
    model("severe", 0.6)

    refusal = type_in("promote", "severe", fails=True)
    told = type_in("promote", "severe", "--force", "--reason", "Vague de spam")

    assert "severe would hold 10 of the last 10 comments people published" in refusal
    assert "--force --reason" in refusal
    assert told.endswith("severe is the champion now.\n")
    assert "forced: Vague de spam" in type_in("history")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("promote", "nowhere"), "there is no model nowhere"),
        (("promote", "../x"), "cannot name a version"),
        (("promote", "x", "--force"), "--force needs a reason"),
        (("promote", "x", "--force", "--reason", " "), "--force needs a reason"),
        (("promote", "x", "--force", "--reason", "x" * 501), "at most 500"),
        (("rollback",), "no earlier champion"),
        (("history", "--limit", "0"), "0 is not in the range"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(type_in, words, sentence):
    assert sentence in type_in(*words, fails=True)
