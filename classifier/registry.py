"""Where models live: one folder a version, and a pointer to the champion, the one that judges.

A registry is a folder::

    20261123T134113-3f9a2c1b/   a version, see `artefact`
    champion                    names, one a line: the champion, then those before it, newest first

The pointer is replaced in one step, so a reader sees one champion or the other. Whatever was not
signed with a key of this installation is never loaded.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import artefact, durable
from classifier.errors import (
    ClassifierError,
    InvalidVersion,
    ModelNotFound,
    NothingToRollBackTo,
    VersionExists,
)
from classifier.scoring import Scorer
from classifier.versions import Status, VersionInfo

BASELINE = Path(__file__).parent / "baseline"
"""The model that ships with the package."""

_POINTER = "champion"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Registry:
    """Keeps versions in a folder. Holds no state, so any number of processes may use one folder."""

    def __init__(self, folder: Path, keys: Sequence[bytes]) -> None:
        self._folder = folder
        self._keys = tuple(keys)

    def champion_version(self) -> str | None:
        """Return the name of the champion, if one was promoted."""
        return next(iter(self._history()), None)

    def load_champion(self) -> Scorer:
        """Verify and load the champion.

        Raises
        ------
        ModelNotFound
            Nothing was promoted, or its folder is gone.
        UntrustedModel
            It was not signed with a key of this installation.
        IncompatibleModel
            It needs another version of the classifier.
        """
        version = self.champion_version()
        if version is None:
            raise ModelNotFound(self._folder)
        return self.load(version)

    def load(self, version: str) -> Scorer:
        """Verify and load a version; raises like `load_champion`."""
        sealed = artefact.verify(self._path(version), self._keys)
        return Scorer.of(artefact.unpack(sealed))

    def champion_stamp(self) -> tuple[object, ...]:
        """Return something that changes when the champion or any of its files does.

        Looks at times, sizes and inodes, and reads nothing but the pointer: cheap enough to ask
        every second whether to load again.
        """
        version = self.champion_version()
        paths = [self._folder / _POINTER]
        if version and _NAME.fullmatch(version):
            names = (artefact.MODEL, artefact.MANIFEST, artefact.SIGNATURE)
            paths += [self._folder / version / name for name in names]
        return (version, *map(_stamp, paths))

    def versions(self) -> list[VersionInfo]:
        """Return every version, the newest first, also those that cannot be trusted."""
        history = self._history()
        folders = self._folder.iterdir() if self._folder.is_dir() else ()
        names = (path.name for path in folders if path.is_dir() and _NAME.fullmatch(path.name))
        infos = [self._info(name, history) for name in names]
        return sorted(infos, key=lambda info: (info.created_at, info.version), reverse=True)

    def promote(self, version: str) -> None:
        """Make `version` the champion, if it can be loaded; raises like `load_champion`."""
        self.load(version)
        earlier = [name for name in self._history() if name != version]
        self._point([version, *earlier])

    def rollback(self) -> str:
        """Make the champion before the present one champion again, and return its name.

        Raises
        ------
        NothingToRollBackTo
            There was none.
        """
        history = self._history()[1:]
        if not history:
            raise NothingToRollBackTo(self._folder)
        self.load(history[0])
        self._point(history)
        return history[0]

    def add(
        self,
        version: str,
        manifest: Mapping[str, Any],
        arrays: Mapping[str, NDArray[np.floating[Any]]],
    ) -> Path:
        """Sign and write a new version, and return its folder; nothing uses it until promoted.

        Raises
        ------
        VersionExists
            There is a version of that name; it is not touched.
        """
        path = self.new_path(version)
        artefact.save(path, manifest, arrays, self._keys)
        return path

    def new_path(self, version: str) -> Path:
        """Return the folder of a version that is not there yet; raises like `add`."""
        path = self._path(version)
        if path.exists():
            raise VersionExists(path)
        return path

    def install_baseline(self) -> str:
        """Copy the packaged model here, signed with the newest key; promote it if nothing is.

        Return its name. A version that is there already is left alone, whatever is in it.
        """
        sealed = artefact.verify_packaged(BASELINE)
        version = str(sealed.describe()["version"])
        with suppress(VersionExists):
            artefact.write(self._path(version), sealed.manifest, sealed.model, self._keys)
        if self.champion_version() is None:
            self.promote(version)
        return version

    def _info(self, version: str, history: Sequence[str]) -> VersionInfo:
        """Describe a version; whatever is wrong with it is told, not raised."""
        status = Status.RETIRED if version in history else Status.CHALLENGER
        status = Status.CHAMPION if version == next(iter(history), None) else status
        try:
            manifest = artefact.verify(self._path(version), self._keys).describe()
        except ClassifierError as error:
            return VersionInfo(version, status, "", {}, str(error))
        return VersionInfo(
            version, status, str(manifest.get("created_at", "")), manifest.get("metrics", {})
        )

    def _path(self, version: str) -> Path:
        if not _NAME.fullmatch(version):
            raise InvalidVersion(version)
        return self._folder / version

    def _history(self) -> list[str]:
        """Return the champion and those before it, the newest first."""
        try:
            return (self._folder / _POINTER).read_text("utf-8", "replace").split()
        except FileNotFoundError:
            return []

    def _point(self, history: Sequence[str]) -> None:
        durable.replace(self._folder / _POINTER, "".join(f"{name}\n" for name in history).encode())


def load_packaged() -> Scorer:
    """Return the model that ships with the package, if its digests are right."""
    return Scorer.of(artefact.unpack(artefact.verify_packaged(BASELINE)))


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what changes with a file, empty if it is not there."""
    try:
        stat = path.stat()
    except OSError:
        return ()
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
