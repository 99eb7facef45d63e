"""Children are started again after the right pause, and stopped in the right order."""

import os
import signal
import subprocess
import sys
import time

import pytest

from moderation.cli import children
from moderation.cli.children import Child, Children, Plan

FOREVER = ("sleep", "600")
STUBBORN = ("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done")
PORTABLE = (
    "import sys; sys.platform = 'another'; from moderation.cli import children; "
    "sys.exit(children.main(sys.argv[1:]))"
)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reports():
    return []


@pytest.fixture
def family(clock, reports):
    """Children that share a descriptor; all are stopped at the end."""
    inherited = os.open(os.devnull, os.O_RDONLY)
    with Children(inherited, lambda *report: reports.append(report), clock=clock) as family:
        yield family
    os.close(inherited)


def plan(name, command, **changes):
    return Plan(name, command, os.environ, **changes)


def has_ended(child):
    deadline = time.monotonic() + 10
    while child.is_alive and time.monotonic() < deadline:
        time.sleep(0.01)
    return not child.is_alive


def test_a_child_that_dies_is_started_again_after_longer_and_longer_pauses(family, clock, reports):
    child = family.add(plan("web", ("false",), pauses=(0.0, 2.0, 4.0)))
    family.tend()

    for seconds in (0.0, 2.0, 4.0, 4.0):
        assert has_ended(child)
        family.tend()
        clock.now += seconds
        family.tend()

    assert reports == [("web", "status 1", seconds) for seconds in (0.0, 2.0, 4.0, 4.0)]


def test_a_child_is_not_started_before_its_pause_is_over(family, clock):
    child = family.add(plan("valkey", ("true",), pauses=(5.0,)))
    child.start()
    assert has_ended(child)
    family.tend()
    first = child._process

    clock.now += 4.9
    family.tend()
    assert child._process is first is None

    clock.now += 0.2
    family.tend()
    assert child._process is not None


def test_a_child_that_lived_for_a_minute_begins_anew(family, clock, reports):
    child = family.add(plan("web", FOREVER, pauses=(0.0, 9.0)))
    for lived in (1, 1, 61):
        family.tend()
        clock.now += lived
        os.kill(child._process.pid, signal.SIGKILL)
        assert has_ended(child)
        family.tend()
        clock.now += 9

    assert [pause for _, _, pause in reports] == [0.0, 9.0, 0.0]
    assert {how for _, how, _ in reports} == {"signal 9"}


def test_a_child_that_cannot_be_started_counts_as_dead(family, reports):
    family.add(plan("web", ("no such program",), pauses=(3.0,)))

    family.tend()

    assert [(name, pause) for name, _, pause in reports] == [("web", 3.0)]


def test_children_are_stopped_one_by_one_the_last_added_first(tmp_path):
    told = tmp_path / "told"
    with Children(0, print) as family:
        for name in ("valkey", "worker", "web"):
            script = (
                f"trap 'echo {name} >> {told}; exit' TERM; echo up; while :; do sleep .05; done"
            )
            log = tmp_path / name
            family.add(plan(name, ("sh", "-c", script), log=log)).start()
            wait_for(log, "up\n")

    assert told.read_text().split() == ["web", "worker", "valkey"]


def test_a_child_that_does_not_stop_is_ended_with_all_it_started(tmp_path, family):
    log = tmp_path / "log"
    child = family.add(plan("web", STUBBORN, log=log))
    child.start()
    wait_for(log, "ready\n")

    child.stop(0.1)

    assert not child.is_alive


def test_a_start_is_not_interrupted_before_the_child_is_known(clock):
    seen = []

    class Guard:
        def __enter__(self):
            seen.append(child.is_alive)

        def __exit__(self, *_):
            seen.append(child.is_alive)

    child = Child(plan("web", FOREVER), 0, Guard, clock)
    child.start()
    child.stop(5)

    assert seen == [False, True]


@pytest.mark.parametrize(
    "program",
    [("-m", "moderation.cli.children"), ("-c", PORTABLE)],
    ids=["by the kernel", "by looking"],
)
def test_a_tied_command_stops_when_its_parent_was_killed(tmp_path, program):
    alive = tmp_path / "alive"
    script = f"echo $$ > {alive}; exec sleep 600"
    with subprocess.Popen(
        [
            *(
                "sh",
                "-c",
                'parent=$$; first=$1; second=$2; shift 2; "$0" "$first" "$second" '
                '$parent "$@" & wait',
            ),
            *(sys.executable, *program, "/bin/sh", "-c", script),
        ]
    ) as parent:
        wait_for(alive, "\n")
        child = int(alive.read_text())

        parent.kill()
        parent.wait()

        deadline = time.monotonic() + 10
        while is_running(child):
            assert time.monotonic() < deadline


def test_a_tied_command_does_not_start_when_its_parent_is_gone_already(tmp_path):
    started = tmp_path / "started"
    stranger = 1 if os.getpid() != 1 else 2

    done = subprocess.run(
        [sys.executable, "-m", children.__name__, str(stranger), "/bin/sh", "-c", f"> {started}"],
        check=False,
    )

    assert done.returncode != 0
    assert not started.exists()


def wait_for(file, text):
    deadline = time.monotonic() + 20
    while not (file.exists() and text in file.read_text()):
        assert time.monotonic() < deadline, f"nothing in {file}"
        time.sleep(0.01)


def is_running(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
