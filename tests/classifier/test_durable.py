"""What durable files promise: the old contents or the new, whoever looks and whenever."""

from threading import Thread

import pytest

from classifier import durable


def test_replacing_shows_the_old_contents_or_the_new(tmp_path):
    path = tmp_path / "pointer"
    contents = {b"a" * 5000, b"b" * 5000}
    durable.replace(path, min(contents))
    seen = set()

    def look():
        seen.update(path.read_bytes() for _ in range(2000))

    reader = Thread(target=look)
    reader.start()
    while reader.is_alive():
        for data in contents:
            durable.replace(path, data)
    reader.join()

    assert seen <= contents


def test_creating_does_not_replace(tmp_path):
    durable.create(tmp_path / "key", b"first", 0o600)

    with pytest.raises(FileExistsError):
        durable.create(tmp_path / "key", b"second", 0o600)

    assert (tmp_path / "key").read_bytes() == b"first"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_failed_replacement_leaves_the_old_contents_and_no_draft(tmp_path, monkeypatch):
    durable.replace(tmp_path / "pointer", b"old")

    def fail(descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(durable.os, "fsync", fail)

    with pytest.raises(OSError, match="disk full"):
        durable.replace(tmp_path / "pointer", b"new")

    assert (tmp_path / "pointer").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["pointer"]
