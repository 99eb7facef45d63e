"""The retraining beside the worker's rounds: one at a time, killed with the worker."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from moderation.errors import NothingToLearn
from moderation.learning.background import NICENESS, Retraining
from moderation.learning.retrain import FEWEST, Schedule
from moderation.learning.teaching import FAILED, SAID, WANTED, ask, lesson

AT_ONCE = Schedule(None, 1)
FOR_EVER = "import time; print('on', flush=True); time.sleep(600)"


@pytest.fixture
def beside(services):
    """Make a retraining that runs some Python: `beside("pass")`; it is stopped at the end."""
    made = []

    def make(code, schedule=AT_ONCE):
        command = (sys.executable, "-c", code)
        made.append(Retraining(command, os.environ, schedule, services.database, start))
        return made[-1]

    def start(*words, **options):
        process = subprocess.Popen(*words, **options)
        make.started.append(process)
        return process

    make.started = []
    yield make
    for retraining in made:
        retraining.stop()


def test_nothing_is_started_before_it_is_due(beside, clock):
    retraining = beside(FOR_EVER)

    retraining.tend(clock())

    assert not retraining.is_running


def test_a_training_runs_beside_the_rounds_one_at_a_time(beside, labelled, clock):
    labelled()
    retraining = beside(FOR_EVER)

    for _ in range(3):
        retraining.tend(clock())
        clock.move(minutes=2)

    (process,) = beside.started
    assert process.poll() is None
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == NICENESS


def test_a_training_stops_with_the_worker_and_all_it_started(beside, labelled, clock):
    labelled()
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {FOR_EVER!r}])"
    retraining = beside(child)
    retraining.tend(clock())

    retraining.stop()

    (process,) = beside.started
    assert process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_failure_is_logged_and_tried_again_after_an_hour_also_by_another_worker(
    beside, labelled, clock
):
    labelled()
    retraining = beside("import sys; sys.exit('Error: it did not work')")
    retraining.tend(clock())
    beside.started[0].wait()

    with capture_logs() as logs:
        retraining.tend(clock())
    clock.move(minutes=59)
    beside("pass").tend(clock())
    retraining.tend(clock())
    assert len(beside.started) == 1
    clock.move(minutes=2)
    beside("pass").tend(clock())

    assert [(e["event"], e["reason"]) for e in logs] == [("retraining_failed", "it did not work")]
    assert len(beside.started) == 2


def test_a_training_that_ends_well_makes_room_for_the_next(beside, labelled, clock):
    labelled()
    retraining = beside("pass", Schedule(timedelta(0), None))
    retraining.tend(clock())
    beside.started[0].wait()

    with capture_logs() as logs:
        retraining.tend(clock())

    assert [entry["event"] for entry in logs] == ["retraining_ended"]
    assert not retraining.is_running


NEVER = Schedule(None, None)


@pytest.fixture
def mark(services):
    """Read a mark: `mark(WANTED)`."""

    def read(name):
        with services.database.read() as memory:
            return memory.marks.get(name)

    return read


def ended(retraining, beside, clock):
    """Wait for the training and let the worker see to its end."""
    beside.started[-1].wait(30)
    retraining.tend(clock())


def test_a_training_that_is_asked_for_begins_whatever_the_schedule_says(
    beside, labelled, services, clock, mark
):
    labelled()
    retraining = beside("pass", NEVER)
    retraining.tend(clock())
    ask(services.database, clock())
    clock.move(minutes=1)
    retraining.tend(clock())
    waiting = mark(WANTED)

    ended(retraining, beside, clock)

    assert len(beside.started) == 1
    assert waiting
    assert (mark(WANTED), mark(FAILED), mark(SAID)) == ("", "", "")


def test_a_training_that_is_asked_for_does_not_wait_for_the_pause_after_a_failure(
    beside, labelled, services, clock
):
    labelled()
    retraining = beside("import sys; sys.exit('Error: no room')")
    retraining.tend(clock())
    ended(retraining, beside, clock)
    told = lesson(services.database)

    ask(services.database, clock())
    clock.move(minutes=1)
    retraining.tend(clock())

    assert (told.failed_at, told.said) == (clock() - timedelta(minutes=1), "no room")
    assert len(beside.started) == 2


def test_what_fails_is_not_tried_again_by_itself_because_it_was_asked_for(
    beside, labelled, services, clock, mark
):
    labelled()
    retraining = beside("import sys; sys.exit('Error: no room')", NEVER)
    ask(services.database, clock())
    retraining.tend(clock())
    ended(retraining, beside, clock)

    clock.move(minutes=2)
    retraining.tend(clock())

    assert len(beside.started) == 1
    assert mark(WANTED) == ""


def test_nothing_is_asked_for_where_there_is_nothing_to_learn(labelled, services, clock, mark):
    labelled(spam=FEWEST - 1, ham=FEWEST)

    with pytest.raises(NothingToLearn, match="too_few"):
        ask(services.database, clock())

    assert mark(WANTED) is None


def test_asking_twice_is_asking_once(labelled, services, clock, mark):
    labelled()
    ask(services.database, clock())
    first = mark(WANTED)
    clock.move(minutes=1)

    ask(services.database, clock())

    assert mark(WANTED) == first
