"""People's decisions become a challenger; what cannot teach anything is refused."""

import fcntl
import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.errors import ModelUntrusted, NothingToLearn, TrainingFailed
from moderation.learning.retrain import LOCK, Schedule, Trainer, retrain

WEEKLY = Schedule(timedelta(days=7), 200)


@pytest.fixture
def train(model):
    """A trainer that notes what it was given, and makes a version of it."""
    given = []

    def make(base, rows):
        kept = stat.S_IMODE(rows.stat().st_mode), stat.S_IMODE(rows.parent.stat().st_mode)
        lines = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
        given.append((base, lines, kept))
        return model(f"trained-{len(given)}")

    make.given = given
    return make


@pytest.fixture
def learn(services, clock, train):
    def run(train=train, **other):
        return retrain(
            services.database, services.models, train, clock, services.settings.data, **other
        )

    return run


@pytest.fixture
def is_due(services, clock):
    def ask(schedule=WEEKLY):
        with services.database.read() as memory:
            return schedule.is_due(memory, clock())

    return ask


def test_decisions_become_a_challenger(services, registry, labelled, learn, train, clock):
    champion = registry.champion_version()
    labelled(spam=12, ham=10)

    training = learn()

    assert registry.challenger_version() == training.version == "trained-1"
    assert registry.champion_version() == champion
    assert (training.base, training.spam, training.ham) == (champion, 12, 10)
    assert training.seen_until == clock()
    (base, rows, _) = train.given[0]
    assert base == champion
    assert sorted(row["label"] for row in rows) == ["ham"] * 10 + ["spam"] * 12
    with services.database.read() as memory:
        assert memory.trainings.latest() == training


def test_only_what_people_removed_as_spam_is_spam(remember, rule, labelled, learn, train):
    labelled()
    rule(remember("Propos injurieux"), Verdict.REJECT, Reason.ABUSIVE)
    rule(remember("Hors sujet"), Verdict.REJECT, Reason.OFF_TOPIC)
    rule(remember("À revoir"), Verdict.HOLD)
    remember("Refusé par le modèle seul", Verdict.REJECT, 0.99)

    learn()

    labels = {row["text"]: row["label"] for row in train.given[0][1]}
    assert labels["Propos injurieux"] == "toxic"
    assert not {"Hors sujet", "À revoir", "Refusé par le modèle seul"} & set(labels)


def test_what_readers_wrote_is_private_and_does_not_stay(services, labelled, learn, train):
    labelled()
    left = services.settings.data / "retraining-killed"
    left.mkdir()
    (left / "labels.jsonl").write_text("{}")

    learn()

    assert train.given[0][2] == (0o600, 0o700)
    assert not list(services.settings.data.glob("retraining-*"))


def test_without_labels_there_is_nothing_to_learn(learn):
    with pytest.raises(NothingToLearn, match="no person has decided"):
        learn(is_forced=True)


@pytest.mark.parametrize(("spam", "ham"), [(9, 0), (0, 9)])
def test_one_kind_of_label_teaches_nothing(labelled, learn, spam, ham):
    labelled(spam, ham)

    with pytest.raises(NothingToLearn, match="both kinds"):
        learn(is_forced=True)


def test_few_labels_teach_nothing_not_even_by_force(labelled, learn):
    labelled(spam=9, ham=12)

    with pytest.raises(NothingToLearn, match="9 spam and 12 not, where 10"):
        learn(is_forced=True)


def test_the_same_labels_are_learnt_from_again_only_by_force(
    labelled, learn, clock, remember, rule
):
    labelled()
    learn()

    with pytest.raises(NothingToLearn, match="no new decision since trained-1"):
        learn()
    assert learn(is_forced=True).version == "trained-2"
    clock.move(seconds=1)
    rule(remember())

    assert learn().ham == 11


def test_one_training_at_a_time(services, labelled, learn):
    labelled()
    with (services.settings.data / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(TrainingFailed, match="another training"):
            learn()

    assert learn().version == "trained-1"


def test_a_version_that_cannot_be_trusted_challenges_nobody(
    services, registry, labelled, learn, train
):
    def spoil(base, rows):
        version = train(base, rows)
        (services.settings.models / version / "signature").write_text("x")
        return version

    labelled()
    with pytest.raises(ModelUntrusted):
        learn(spoil)

    assert registry.challenger_version() is None
    assert learn().version == "trained-2"


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program in the place of the classifier: `program("print('models/v2')")`."""

    def write(code):
        folder = tmp_path / "classifier"
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / "__main__.py").write_text(f"import sys\n{code}\n")
        return Trainer(tmp_path / "models", {**os.environ, "PYTHONPATH": str(tmp_path)})

    monkeypatch.chdir(tmp_path)
    return write


def test_the_classifier_is_asked_for_a_correction(program, tmp_path):
    trainer = program(
        "assert sys.argv[1:3] == ['train', '--from'], sys.argv\n"
        "assert sys.argv[3:6] == ['v1', 'rows', '--out'], sys.argv\n"
        "print('reading')\n"
        "print(sys.argv[6] + '/v2')"
    )

    assert trainer("v1", Path("rows")) == "v2"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("sys.exit('Error: too few comments')", "too few comments"),
        ("sys.exit(3)", "status 3"),
        ("pass", "named no version"),
    ],
)
def test_a_training_that_fails_says_why(program, tmp_path, code, sentence):
    with pytest.raises(TrainingFailed, match=sentence):
        program(code)("v1", tmp_path / "rows")


def test_a_schedule_waits_for_labels(is_due, labelled, learn, clock):
    assert not is_due()

    labelled(spam=10, ham=9)
    clock.move(days=30)
    assert not is_due(), "too few"
    labelled(spam=0, ham=1)

    assert is_due(), "the first label is a month old"
    assert not is_due(Schedule(None, None))
    assert not is_due(Schedule(None, 21))
    assert is_due(Schedule(None, 20))


def test_a_schedule_counts_from_the_last_training(is_due, labelled, learn, clock):
    labelled()
    learn()
    clock.move(days=30)
    assert not is_due(), "nothing is new"

    labelled(spam=1, ham=0)
    assert is_due()
    learn()
    clock.move(days=6)
    labelled(spam=1, ham=1)
    assert not is_due(), "six days only"
    assert is_due(Schedule(None, 2))
    assert not is_due(Schedule(None, 3))
    clock.move(days=1)

    assert is_due()
