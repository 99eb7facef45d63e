"""What keeps the service from starting is told in a sentence."""

import socket

import pytest


def test_a_second_start_on_the_same_folder_is_refused(service, moderation):
    done = moderation(service.data, "run")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: The service is already running on")
    assert f"(process {service.itself})" in done.stderr
    assert service.is_answering()


def test_a_port_in_use_is_named(tmp_path, moderation):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = moderation(tmp_path / "data", "run", MODERATION_PORT=port)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: Cannot listen on 127.0.0.1, port {port}")


def test_every_wrong_setting_is_told_at_once(tmp_path, moderation):
    wrong = {"MODERATION_PORT": "http", "MODERATION_WORKERS": "0"}

    done = moderation(tmp_path / "data", "run", **wrong)

    assert done.returncode == 2
    assert "MODERATION_PORT" in done.stderr
    assert "MODERATION_WORKERS" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path, moderation):
    (tmp_path / "file").touch()

    done = moderation(tmp_path / "file" / "data", "run")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: The data folder cannot be used")


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_part_on_its_own_needs_a_redis(tmp_path, moderation, part):
    done = moderation(tmp_path, part)

    assert done.returncode == 2
    assert "MODERATION_REDIS_URL" in done.stderr


def test_the_database_can_be_migrated_on_its_own(tmp_path, moderation):
    data = tmp_path / "data"

    done = moderation(data, "database", "migrate")

    assert (done.returncode, done.stderr) == (0, "")
    assert (data / "moderation.sqlite3").exists()
    assert data.stat().st_mode & 0o777 == 0o700


def test_another_redis_replaces_the_embedded_valkey(start_service, tmp_path, shared_valkey):
    settings = {"MODERATION_REDIS_URL": shared_valkey.url, "MODERATION_LIMITS": "off"}
    with start_service(tmp_path / "data", **settings) as service:
        service.wait_until_ready()

        assert service.get("/readyz")[1]["redis"] == "up"
        assert service.children("valkey-server") == set()
        assert "limits_are_off" in service.process.stdout.readline()
