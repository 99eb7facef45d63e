"""What an artefact promises: only what was signed here is unpickled, nothing is half written."""

import hashlib
import json
import os
from pathlib import Path

import joblib
import pytest

from classifier import artefact, durable
from classifier.errors import IncompatibleModel, ModelNotFound, UntrustedModel, VersionExists

KEY = b"k" * 32
OTHER_KEY = b"o" * 32


class Bomb:
    """Leaves a trace where it is unpickled."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (os.mkdir, (str(self.trace),))


@pytest.fixture
def version(tmp_path, manifest, trained):
    path = tmp_path / "models" / "first"
    artefact.save(path, manifest, trained.arrays(), [KEY])
    return path


def test_what_was_saved_comes_back(version, manifest, trained):
    loaded = artefact.unpack(artefact.verify(version, [KEY]))

    assert loaded.manifest == manifest
    assert loaded.arrays["ngrams"].tolist() == trained.arrays()["ngrams"].tolist()


def test_any_known_key_verifies_and_the_newest_signs(tmp_path, version, manifest):
    artefact.save(tmp_path / "second", manifest, {}, [OTHER_KEY, KEY])

    assert artefact.verify(version, [OTHER_KEY, KEY])
    assert artefact.verify(tmp_path / "second", [OTHER_KEY])
    with pytest.raises(UntrustedModel):
        artefact.verify(tmp_path / "second", [KEY])


@pytest.mark.parametrize("keys", [[], [OTHER_KEY]], ids=["no key", "another key"])
def test_a_version_signed_elsewhere_is_refused(version, keys):
    with pytest.raises(
        UntrustedModel, match="does not carry a signature made with the keys of this"
    ):
        artefact.verify(version, keys)


@pytest.mark.parametrize("name", [artefact.MODEL, artefact.MANIFEST, artefact.SIGNATURE])
@pytest.mark.parametrize("damage", ["flipped", "truncated", "emptied", "extended", "not text"])
def test_every_change_of_every_file_is_noticed(version, name, damage):
    data = (version / name).read_bytes()
    middle = len(data) // 2
    damaged = {
        "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "truncated": data[:middle],
        "emptied": b"",
        "extended": data + b"0",
        "not text": b"\xff" + data,
    }[damage]
    (version / name).write_bytes(damaged)

    with pytest.raises(UntrustedModel):
        artefact.verify(version, [KEY])


def test_bytes_cannot_move_from_the_manifest_to_the_model(tmp_path):
    artefact.write(tmp_path / "first", b"{}\n", b"model", [KEY])
    (tmp_path / "first" / artefact.MANIFEST).write_bytes(b"{}")
    (tmp_path / "first" / artefact.MODEL).write_bytes(b"\nmodel")

    with pytest.raises(UntrustedModel):
        artefact.verify(tmp_path / "first", [KEY])


@pytest.mark.parametrize("name", [artefact.MODEL, artefact.MANIFEST, artefact.SIGNATURE])
def test_a_missing_file_is_named(version, name):
    (version / name).unlink()

    with pytest.raises(UntrustedModel, match=f"cannot be verified: {name}: No such file"):
        artefact.verify(version, [KEY])


def test_a_missing_version_is_not_found(tmp_path):
    with pytest.raises(ModelNotFound) as refusal:
        artefact.verify(tmp_path / "absent", [KEY])

    assert refusal.value.version == "absent"


def test_nothing_is_unpickled_when_the_signature_fails(tmp_path, version):
    trace = tmp_path / "boom"
    joblib.dump(Bomb(trace), version / artefact.MODEL)

    with pytest.raises(UntrustedModel):
        artefact.unpack(artefact.verify(version, [KEY]))

    assert not trace.exists()


def test_the_bytes_that_were_verified_are_those_that_are_unpickled(tmp_path, version):
    trace = tmp_path / "boom"

    sealed = artefact.verify(version, [KEY])
    joblib.dump(Bomb(trace), version / artefact.MODEL)
    artefact.unpack(sealed)

    assert not trace.exists()


@pytest.mark.parametrize("model", [b"", b"not a pickle", b"\x80\x04."])
def test_signed_nonsense_is_incompatible(tmp_path, model):
    artefact.write(tmp_path / "first", b"{}", model, [KEY])

    with pytest.raises(IncompatibleModel, match="cannot be read"):
        artefact.unpack(artefact.verify(tmp_path / "first", [KEY]))


@pytest.mark.parametrize("manifest", [b"", b"{", b"5", b"\xff", b"[1]"])
def test_a_signed_manifest_that_is_no_object_is_incompatible(tmp_path, manifest):
    artefact.write(tmp_path / "first", manifest, b"", [KEY])

    with pytest.raises(IncompatibleModel, match="unreadable manifest"):
        artefact.verify(tmp_path / "first", [KEY]).describe()


def test_a_version_is_never_overwritten(version, manifest):
    before = {path: path.read_bytes() for path in version.iterdir()}

    with pytest.raises(VersionExists):
        artefact.save(version, manifest, {}, [OTHER_KEY])

    assert {path: path.read_bytes() for path in version.iterdir()} == before


def test_of_two_who_write_the_same_version_one_is_refused(version, manifest, monkeypatch):
    monkeypatch.setattr(Path, "exists", lambda self: False)

    with pytest.raises(VersionExists):
        artefact.save(version, manifest, {}, [OTHER_KEY])

    assert artefact.verify(version, [KEY])


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError("disk full")])
@pytest.mark.parametrize("files_before", [0, 1, 2])
def test_an_interrupted_save_leaves_nothing(
    tmp_path, manifest, monkeypatch, interruption, files_before
):
    written = []

    def write_some(path, data, mode=0o644):
        if len(written) == files_before:
            raise interruption
        written.append(path)
        path.write_bytes(data)

    monkeypatch.setattr(durable, "write_new", write_some)

    with pytest.raises((KeyboardInterrupt, OSError)):
        artefact.save(tmp_path / "models" / "first", manifest, {}, [KEY])

    assert list((tmp_path / "models").iterdir()) == []


def packaged(path, manifest, model):
    path.mkdir()
    (path / artefact.MANIFEST).write_bytes(manifest)
    (path / artefact.MODEL).write_bytes(model)
    (path / artefact.DIGEST).write_text(
        f"{hashlib.sha256(model).hexdigest()}  model.joblib\n"
        f"{hashlib.sha256(manifest).hexdigest()}  manifest.json\n"
    )
    return path


def test_a_packaged_model_is_verified_by_its_digests(tmp_path):
    path = packaged(tmp_path / "baseline", json.dumps({"version": "b"}).encode(), b"model")

    assert artefact.verify_packaged(path).describe() == {"version": "b"}


@pytest.mark.parametrize("name", [artefact.MODEL, artefact.MANIFEST, artefact.DIGEST])
def test_a_packaged_model_that_was_changed_is_refused(tmp_path, name):
    path = packaged(tmp_path / "baseline", b"{}", b"model")
    (path / name).write_bytes(b"something else")

    with pytest.raises(UntrustedModel, match="not the one the package was built with"):
        artefact.verify_packaged(path)
