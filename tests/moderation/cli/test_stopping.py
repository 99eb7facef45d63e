"""The service is stopped in every way there is; nothing of it is left, and it starts again."""

import os
import signal
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_everybody_stops_everything_in_good_order(start_service, tmp_path, number):
    with start_service(tmp_path / "data") as service:
        service.wait_until_ready()

        os.killpg(service.process.pid, number)

        assert service.process.wait(20) == 0
        assert service.processes() == set()
        assert not service.is_answering()
        assert service.is_gone()
        assert service.process.stdout.read().endswith("Stopped.\n")


def test_a_killed_service_leaves_nothing_behind_and_starts_again(start_service, tmp_path):
    with start_service(tmp_path / "data") as service:
        service.wait_until_ready()
        os.kill(service.itself, signal.SIGKILL)

        with start_service(service.data, MODERATION_PORT=str(service.port)) as second:
            second.wait_until_ready()
            assert second.itself == second.process.pid

    assert service.is_gone()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_service_stops_with_make(start_service, tmp_path, number):
    make = ("make", "--old-file=setup", "run", f"BIN={Path(sys.executable).parent}")
    with start_service(tmp_path / "data", make) as service:
        service.wait_until_ready()

        os.kill(service.process.pid, number)

        assert service.is_gone()


def test_a_web_server_that_cannot_start_stops_the_service(start_service, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['moderation.wsgi'] = None")

    with start_service(tmp_path / "data", PYTHONPATH=str(tmp_path)) as service:
        said = service.process.stdout.read()
        status = service.process.wait()

    assert status == 1
    assert said.endswith(
        "Error: The web server stopped while it was starting; the lines above say why.\n"
    )
    assert service.is_gone()
