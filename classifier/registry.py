"""Where models live: one folder a version, a pointer to the champion and one to its challenger.

The champion judges; the challenger scores beside it and decides nothing.

A registry is a folder::

    20261123T134113-3f9a2c1b/   a version, see `artefact`
    champion                    names, one a line: the champion, then those before it, newest first
    challenger                  the name of the challenger, where there is one

A pointer is replaced in one step, so a reader sees one champion or the other. Whatever was not
signed with a key of this installation is never loaded.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from classifier import artefact, durable
from classifier.errors import (
    ClassifierError,
    IncompatibleModel,
    InvalidVersion,
    ModelNotFound,
    NothingToRollBackTo,
    UntrustedModel,
    VersionExists,
)
from classifier.scoring import Scorer
from classifier.versions import Status, VersionInfo

BASELINE = Path(__file__).parent / "baseline"
"""The model that ships with the package."""

_POINTER = "champion"
_CHALLENGER = "challenger"
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

    def challenger_version(self) -> str | None:
        """Return the name of the challenger, if there is one; a champion challenges nobody."""
        version = next(iter(self._names(_CHALLENGER)), None)
        return None if version == self.champion_version() else version

    def load_challenger(self) -> Scorer:
        """Verify and load the challenger; raises like `load_champion`."""
        version = self.challenger_version()
        if version is None:
            raise ModelNotFound(self._folder)
        return self.load(version)

    def load(self, version: str) -> Scorer:
        """Verify and load a version; raises like `load_champion`."""
        sealed = artefact.verify(self._path(version), self._keys)
        name = sealed.describe().get("version")
        if name != version:
            raise UntrustedModel(self._path(version), f"is a copy of {name}")
        return Scorer.of(artefact.unpack(sealed))

    def champion_stamp(self) -> tuple[object, ...]:
        """Return something that changes when the champion or any of its files does.

        Looks at times, sizes and inodes, and reads nothing but the pointer: cheap enough to ask
        every second whether to load again.
        """
        return self._stamp_of(_POINTER, self.champion_version())

    def challenger_stamp(self) -> tuple[object, ...]:
        """Return the same for the challenger."""
        return self._stamp_of(_CHALLENGER, self.challenger_version())

    def versions(self) -> list[VersionInfo]:
        """Return every version, the newest first, also those that cannot be trusted."""
        history = self._history()
        folders = self._folder.iterdir() if self._folder.is_dir() else ()
        names = (path.name for path in folders if path.is_dir() and _NAME.fullmatch(path.name))
        challenger = self.challenger_version()
        infos = [self._info(name, history, challenger) for name in names]
        return sorted(infos, key=lambda info: (info.created_at, info.version), reverse=True)

    def describe(self, version: str) -> VersionInfo:
        """Return what is known of one version; raises InvalidVersion or ModelNotFound."""
        if not self._path(version).is_dir():
            raise ModelNotFound(self._folder, version)
        return self._info(version, self._history(), self.challenger_version())

    def promote(self, version: str) -> None:
        """Make `version` the champion, if it can be loaded; raises like `load_champion`.

        A challenger that is promoted is challenger no more.
        """
        self.load(version)
        earlier = [name for name in self._history() if name != version]
        self._write(_POINTER, [version, *earlier])
        if version in self._names(_CHALLENGER):
            self._write(_CHALLENGER, [])

    def challenge(self, version: str) -> None:
        """Make `version` the challenger, if it can be loaded; raises like `load_champion`."""
        self.load(version)
        self._write(_CHALLENGER, [version])

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
        self._write(_POINTER, history)
        return history[0]

    def add(
        self,
        version: str,
        manifest: Mapping[str, Any],
        arrays: Mapping[str, NDArray[Any]],
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
        """Copy the packaged model here, signed with the newest key, and return its name.

        It is promoted if nothing is, or if the champion needs another version of the classifier:
        after an upgrade a model that judges is better than one that cannot. A version that is there
        already is left alone, whatever is in it.
        """
        sealed = artefact.verify_packaged(BASELINE)
        version = str(sealed.describe()["version"])
        with suppress(VersionExists):
            artefact.write(self._path(version), sealed.manifest, sealed.model, self._keys)
        if not self._champion_fits():
            self.promote(version)
        return version

    def _champion_fits(self) -> bool:
        """Tell whether there is a champion, and no other version of the classifier made it."""
        try:
            self.load_champion()
        except IncompatibleModel:
            return False
        except ClassifierError:
            return self.champion_version() is not None
        return True

    def _info(self, version: str, history: Sequence[str], challenger: str | None) -> VersionInfo:
        """Describe a version; whatever is wrong with it is told, not raised."""
        was_champion = version in history and version != challenger
        status = Status.RETIRED if was_champion else Status.CHALLENGER
        status = Status.CHAMPION if version == next(iter(history), None) else status
        try:
            manifest = artefact.verify(self._path(version), self._keys).describe()
        except ClassifierError as error:
            return VersionInfo(version, status, "", {}, str(error))
        return VersionInfo(
            version,
            status,
            str(manifest.get("created_at", "")),
            manifest.get("metrics", {}),
            profiles=manifest.get("drift", {}),
        )

    def _path(self, version: str) -> Path:
        if not _NAME.fullmatch(version) or version in (_POINTER, _CHALLENGER):
            raise InvalidVersion(version)
        return self._folder / version

    def _stamp_of(self, pointer: str, version: str | None) -> tuple[object, ...]:
        paths = [self._folder / pointer]
        if version and _NAME.fullmatch(version):
            names = (artefact.MODEL, artefact.MANIFEST, artefact.SIGNATURE)
            paths += [self._folder / version / name for name in names]
        return (version, *map(_stamp, paths))

    def _history(self) -> list[str]:
        """Return the champion and those before it, the newest first."""
        return self._names(_POINTER)

    def _names(self, pointer: str) -> list[str]:
        try:
            return (self._folder / pointer).read_text("utf-8", "replace").split()
        except FileNotFoundError:
            return []

    def _write(self, pointer: str, names: Sequence[str]) -> None:
        durable.replace(self._folder / pointer, "".join(f"{name}\n" for name in names).encode())


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
