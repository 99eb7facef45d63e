"""The data folder belongs to one service at a time."""

import os
import subprocess
import time

import click
import pytest

from moderation.cli import folder


def test_the_folder_is_made_for_its_owner_alone(tmp_path):
    data = tmp_path / "deep" / "data"

    with folder.occupied(data, print):
        assert data.stat().st_mode & 0o777 == 0o700
        assert (data / folder.SERVICE_LOCK).read_text() == f"{os.getpid()}\n"


def test_a_second_service_is_refused_and_told_who_has_the_folder(tmp_path):
    with (
        folder.occupied(tmp_path, print),
        pytest.raises(click.ClickException) as refusal,
        folder.occupied(tmp_path, print),
    ):
        pass

    assert str(tmp_path) in refusal.value.message
    assert str(os.getpid()) in refusal.value.message


def test_the_folder_is_free_again_afterwards(tmp_path):
    for _ in range(2):
        with folder.occupied(tmp_path, print):
            pass


def test_a_start_waits_until_the_orphans_of_a_killed_service_are_gone(tmp_path):
    notes = []
    with folder.occupied(tmp_path, print) as inherited:
        orphan = subprocess.Popen(("sleep", "1"), pass_fds=(inherited,))
    began = time.monotonic()

    with folder.occupied(tmp_path, notes.append):
        assert orphan.wait() == 0

    assert len(notes) == 1
    assert time.monotonic() - began > 0.5


def test_a_start_gives_up_on_orphans_that_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "PATIENCE_SECONDS", 0.2)
    with folder.occupied(tmp_path, print) as inherited:
        orphan = subprocess.Popen(("sleep", "60"), pass_fds=(inherited,))
    try:
        with pytest.raises(click.ClickException), folder.occupied(tmp_path, print):
            pass
    finally:
        orphan.kill()
        orphan.wait()


def test_a_lock_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / folder.SERVICE_LOCK).mkdir()

    refused = pytest.raises(click.ClickException, match="cannot be used")
    with refused, folder.occupied(tmp_path, print):
        pass
