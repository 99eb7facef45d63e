"""The embedded Valkey: where its socket is, and that no crash keeps it from starting."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager

import click
import pytest
from redis import Redis, ResponseError

from moderation.cli import valkey


@contextmanager
def running(data):
    command, place, _ = valkey.prepare(data)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 10
        while not valkey.is_up(place):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        try:
            with Redis.from_url(valkey.url(place), socket_timeout=5) as client:
                yield client, process
        finally:
            process.terminate()


@pytest.fixture
def long_folder(tmp_path, monkeypatch):
    """A data folder too deep for a socket, and a folder for temporary files of its own."""
    monkeypatch.setattr(valkey.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path / ("x" * 100)


def test_the_socket_is_in_the_data_folder_for_its_owner_alone(tmp_path):
    with running(tmp_path):
        assert valkey.socket_path(tmp_path) == tmp_path / "valkey.sock"
        assert (tmp_path / "valkey.sock").stat().st_mode & 0o777 == 0o700


def test_the_socket_of_a_deep_folder_is_in_a_private_folder_always_the_same(long_folder, tmp_path):
    place = valkey.socket_path(long_folder)

    assert place == valkey.socket_path(long_folder)
    assert place != valkey.socket_path(long_folder / "other")
    assert place.parent.parent == tmp_path
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_a_short_folder_that_others_may_enter_is_refused(long_folder):
    valkey.socket_path(long_folder).parent.chmod(0o777)

    with pytest.raises(click.ClickException, match="not a private folder"):
        valkey.socket_path(long_folder)


def test_what_it_knew_survives_a_crash_that_cut_its_file_and_left_its_socket(tmp_path):
    with running(tmp_path) as (client, process):
        client.set("burnt", "1", ex=600)
        client.set("half-written", "1", ex=600)
        time.sleep(1.1)  # appendfsync everysec
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (tmp_path / "valkey.sock").exists()
    (log,) = (tmp_path / "valkey").glob("appendonlydir/*.incr.aof")
    os.truncate(log, log.stat().st_size - 3)

    with running(tmp_path) as (client, _):
        assert client.exists("burnt")


def test_a_burnt_challenge_is_never_evicted_to_make_room(tmp_path):
    with running(tmp_path) as (client, _):
        client.set("burnt", "1", ex=600)
        client.config_set("maxmemory", "1mb")

        with pytest.raises(ResponseError):
            fill(client)

        assert client.exists("burnt")


def test_it_listens_on_no_port(tmp_path):
    with running(tmp_path) as (client, _):
        assert int(*client.config_get("port").values()) == 0


def test_a_valkey_of_the_system_is_taken_where_the_wheel_has_none(tmp_path, monkeypatch):
    monkeypatch.setattr(valkey, "get_binary_path", no_binary)
    server = tmp_path / "redis-server"
    server.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert valkey.prepare(tmp_path)[0][0] == str(server)


def test_a_machine_without_any_valkey_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(valkey, "get_binary_path", no_binary)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(click.ClickException, match="MODERATION_REDIS_URL"):
        valkey.prepare(tmp_path)


def fill(client):
    for number in range(1000):
        client.set(f"other {number}", "x" * 10_000, ex=60)


def no_binary():
    raise valkey.ValkeyBinaryNotFoundError
