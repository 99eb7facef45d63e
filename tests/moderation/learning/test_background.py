"""The retraining beside the worker's rounds: one at a time, killed with the worker."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from moderation.learning.background import NICENESS, Retraining
from moderation.learning.retrain import Schedule

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
