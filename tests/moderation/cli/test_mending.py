"""A service that runs: what it says, and how it mends itself when a part is killed."""

import os
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis import Redis

from moderation.cli import valkey


@pytest.fixture
def replaced(service, eventually):
    """Kill some processes of a part; tell whether as many run again as before."""

    def replace(part, killed, gone=None):
        before = service.children(part)
        assert killed
        assert killed <= before
        for number in killed:
            os.kill(number, signal.SIGKILL)
        return eventually(lambda: not (gone or killed) & service.processes()) and eventually(
            lambda: len(service.children(part)) == len(before)
        )

    return replace


def test_the_first_start_makes_a_private_folder_and_says_where_everything_is(service):
    address = f"http://127.0.0.1:{service.port}"

    assert f"{address}/demo\n" in service.welcome
    assert f"{address}/docs\n" in service.welcome
    assert f"{service.data}/demo.json\n" in service.welcome
    assert service.data.stat().st_mode & 0o777 == 0o700
    assert (service.data / "demo.json").stat().st_mode & 0o777 == 0o600


def test_half_sent_requests_keep_nobody_waiting(service):
    head = b"POST /v1/comments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    halves = [head, head + b"Content-Length: 1000\r\n\r\n{"]
    with ExitStack() as stack:
        for number in range(50):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            line.sendall(halves[number % 2])

        waits = [seconds_to_answer(service) for _ in range(10)]

    assert max(waits) < 2


def test_a_killed_worker_is_back(service, replaced):
    assert replaced("moderation worker", service.children("moderation worker"))


def test_a_killed_process_of_the_web_server_is_back(service, replaced, eventually):
    forked = service.children("moderation web") - first_of_the_web_server(service)

    assert replaced("moderation web", {min(forked)})

    assert eventually(service.is_answering)  # what waited in the killed one's queue is lost with it


def test_a_killed_web_server_takes_its_processes_along_and_is_back(service, replaced, eventually):
    everyone = service.children("moderation web")

    assert replaced("moderation web", first_of_the_web_server(service), gone=everyone)

    assert eventually(service.is_answering)


def test_a_killed_valkey_is_back_after_a_pause_with_what_it_knew(service, replaced, eventually):
    place = valkey.socket_path(service.data)
    assert eventually(lambda: valkey.is_up(place))
    with Redis(unix_socket_path=str(place), socket_timeout=5) as client:
        client.set("known before", "1", ex=600)
        time.sleep(1.1)  # appendfsync everysec
    began = time.monotonic()

    assert replaced("valkey-server", service.children("valkey-server"))

    assert time.monotonic() - began >= 5
    assert eventually(lambda: valkey.is_up(place))
    with Redis(unix_socket_path=str(place), socket_timeout=5) as client:
        assert client.exists("known before")
    assert eventually(lambda: service.get("/readyz")[1]["redis"] == "up")


def seconds_to_answer(service):
    began = time.monotonic()
    assert service.get("/readyz")[0] == 200
    return time.monotonic() - began


def first_of_the_web_server(service):
    """The process of granian that forked the others."""
    return {n for n in service.children("moderation web") if parent_of(n) == service.itself}


def parent_of(number):
    return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
