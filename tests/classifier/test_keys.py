"""What signing keys promise: made once, private, and replaced without a model being lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from classifier import durable
from classifier.errors import InvalidKeys
from classifier.keys import ensure_keys, read_keys, rotate_keys
from classifier.registry import Registry


def test_a_signing_key_is_made_once_and_is_private(tmp_path):
    ensure_keys(tmp_path / "data")
    first = read_keys(tmp_path / "data")
    ensure_keys(tmp_path / "data")

    assert read_keys(tmp_path / "data") == first
    assert len(first[0]) == 32
    assert (tmp_path / "data" / "signing.keys").stat().st_mode & 0o777 == 0o600


def test_of_many_who_make_a_key_at_once_all_use_the_same(tmp_path):
    def make(_):
        ensure_keys(tmp_path)
        return read_keys(tmp_path)[0]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(32)))) == 1


def test_somebody_else_may_make_the_key_at_the_last_moment(tmp_path, monkeypatch):
    def lose(path, data, mode):
        path.write_text("ab" * 32)
        raise FileExistsError

    monkeypatch.setattr(durable, "create", lose)
    ensure_keys(tmp_path)

    assert read_keys(tmp_path) == [b"\xab" * 32]


def test_keys_are_read_newest_first(tmp_path):
    (tmp_path / "signing.keys").write_text(f"{'ab' * 32}\n{'cd' * 32}\n")

    assert read_keys(tmp_path) == [b"\xab" * 32, b"\xcd" * 32]


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (None, "No such file or directory"),
        ("", "a key of 32 bytes is expected on each line"),
        ("abcd\n", "a key of 32 bytes is expected on each line"),
        ("not hexadecimal", "a line is not hexadecimal"),
    ],
)
def test_keys_that_cannot_be_used_are_refused(tmp_path, contents, reason):
    if contents is not None:
        (tmp_path / "signing.keys").write_text(contents)

    with pytest.raises(InvalidKeys, match=reason):
        read_keys(tmp_path)


def test_after_a_rotation_a_fresh_key_signs_and_the_old_ones_are_believed(
    tmp_path, keys, registry, add_version, manifest, trained
):
    add_version("first")

    rotate_keys(tmp_path / "data")
    after = read_keys(tmp_path / "data")
    rotated = Registry(tmp_path / "models", after)
    rotated.add("second", {**manifest, "version": "second"}, trained.arrays())

    assert after[1:] == keys
    assert (tmp_path / "data" / "signing.keys").stat().st_mode & 0o777 == 0o600
    assert rotated.load("first").version == "first"
    assert Registry(tmp_path / "models", after[:1]).load("second").version == "second"
