"""A model as files: plain arrays and a manifest, sealed so that nothing strange is ever unpickled.

A version is a folder of three files: ``model.joblib`` (a dictionary of NumPy arrays),
``manifest.json`` (what it is, how it was made, its thresholds and figures) and ``signature``
(HMAC-SHA256 over both). Unpickling runs code, so the files are read once, verified, and those very
bytes are unpickled. The model in the package has no secret to be signed with: it carries digests
instead (``model.sha256``), and is as trustworthy as the installed package.
"""

import errno
import hashlib
import hmac
import io
import json
import pickle
import shutil
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
from numpy.typing import NDArray

from classifier import durable
from classifier.errors import IncompatibleModel, ModelNotFound, UntrustedModel, VersionExists

MODEL = "model.joblib"
MANIFEST = "manifest.json"
SIGNATURE = "signature"
DIGEST = "model.sha256"

_SALT = b"classifier model 1\n"
_UNREADABLE = (
    pickle.UnpicklingError,
    zlib.error,
    EOFError,
    ImportError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A verified model: its folder, what its manifest says, and its arrays."""

    path: Path
    manifest: Mapping[str, Any]
    arrays: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A model's files, as bytes that were read once, and the seal that came with them."""

    path: Path
    manifest: bytes
    model: bytes
    seal: str

    def describe(self) -> dict[str, Any]:
        """Return the manifest; raises IncompatibleModel if it is not a JSON object."""
        try:
            return dict(json.loads(self.manifest))
        except (TypeError, ValueError) as error:
            raise IncompatibleModel(self.path, f"has an unreadable manifest: {error}") from error


def save(
    path: Path,
    manifest: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    keys: Sequence[bytes],
) -> None:
    """Write a signed version to the new folder `path`, all of it or nothing.

    Raises
    ------
    VersionExists
        `path` is there already; it is not touched.
    """
    model = io.BytesIO()
    joblib.dump(dict(arrays), model, compress=("zlib", 9))
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    write(path, text.encode(), model.getvalue(), keys)


def write(path: Path, manifest: bytes, model: bytes, keys: Sequence[bytes]) -> None:
    """Sign `manifest` and `model` with the newest key and put them into the new folder `path`.

    Whoever looks at `path` sees nothing or everything, also after a power cut.
    """
    if path.exists():
        raise VersionExists(path)
    signature = _sign(manifest, model, keys[0]).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = durable.draft_beside(path)
    try:
        draft.mkdir()
        for name, data in ((MODEL, model), (MANIFEST, manifest), (SIGNATURE, signature)):
            durable.write_new(draft / name, data)
        durable.sync(draft)
        draft.rename(path)
        durable.sync(path.parent)
    except OSError as error:
        if error.errno in {errno.EEXIST, errno.ENOTEMPTY}:
            raise VersionExists(path) from error
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def verify(path: Path, keys: Sequence[bytes]) -> Sealed:
    """Read the version in `path` and check its signature against each of `keys`.

    Raises
    ------
    ModelNotFound
        There is no such folder.
    UntrustedModel
        A file is missing, or none of the keys made the signature.
    """
    sealed = _read(path, SIGNATURE)
    made_by = [_sign(sealed.manifest, sealed.model, key) for key in keys]
    if not any(
        hmac.compare_digest(sealed.seal.encode(), signature.encode()) for signature in made_by
    ):
        raise UntrustedModel(
            path, "does not carry a signature made with the keys of this installation"
        )
    return sealed


def verify_packaged(path: Path) -> Sealed:
    """Read the model that ships with the package and check its digests; raises like `verify`."""
    sealed = _read(path, DIGEST)
    if not hmac.compare_digest(
        sealed.seal.encode(), digests(sealed.manifest, sealed.model).encode()
    ):
        raise UntrustedModel(path, "is not the one the package was built with")
    return sealed


def digests(manifest: bytes, model: bytes) -> str:
    """Return the contents of `DIGEST`: what ``sha256sum model.joblib manifest.json`` prints."""
    files = ((MODEL, model), (MANIFEST, manifest))
    return "\n".join(f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files)


def unpack(sealed: Sealed) -> Artefact:
    """Unpickle the bytes that were verified.

    Raises
    ------
    IncompatibleModel
        They were made by something this version cannot read.
    """
    try:
        arrays = dict(joblib.load(io.BytesIO(sealed.model)))
    except _UNREADABLE as error:
        raise IncompatibleModel(sealed.path, f"cannot be read: {error}") from error
    return Artefact(sealed.path, sealed.describe(), arrays)


def _read(path: Path, seal: str) -> Sealed:
    """Read a model's files, each once."""
    if not path.is_dir():
        raise ModelNotFound(path.parent, path.name)
    try:
        manifest, model, sealed = ((path / name).read_bytes() for name in (MANIFEST, MODEL, seal))
    except OSError as error:
        name = Path(error.filename).name
        raise UntrustedModel(path, f"cannot be verified: {name}: {error.strerror}") from error
    return Sealed(path, manifest, model, sealed.decode("utf-8", "replace").strip())


def _sign(manifest: bytes, model: bytes, key: bytes) -> str:
    """Return the signature: HMAC-SHA256, hexadecimal, over both lengths and both contents."""
    signature = hmac.new(key, _SALT, hashlib.sha256)
    for data in (manifest, model):
        signature.update(len(data).to_bytes(8, "big"))
        signature.update(data)
    return signature.hexdigest()
