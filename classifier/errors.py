"""Every error the classifier raises deliberately, in one tree."""

from pathlib import Path


class ClassifierError(Exception):
    """The classifier refused something; the message is one sentence for a person."""


class InvalidDataset(ClassifierError):
    """Training or evaluation data cannot be used.

    Attributes
    ----------
    reason : str
        What is wrong.
    path : str or None
        The file it is about, if it is about one.
    line : int or None
        The line of that file, counted from 1.
    """

    def __init__(self, reason: str, path: str | None = None, line: int | None = None) -> None:
        place = ", ".join(part for part in (path, f"line {line}" if line else None) if part)
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason = reason
        self.path = path
        self.line = line


class InvalidRow(ClassifierError):
    """One row of input cannot be read; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidKeys(ClassifierError):
    """The file of signing keys is missing or damaged."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"the signing keys in {path} cannot be used: {reason}")
        self.path = path
        self.reason = reason


class InvalidVersion(ClassifierError):
    """A version's name could not be the name of a folder."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"{version!r} cannot name a version: use letters, digits, dots, hyphens and underscores"
        )
        self.version = version


class ModelNotFound(ClassifierError):
    """There is no such model.

    Attributes
    ----------
    version : str or None
        The version asked for; None if the champion was asked for.
    folder : Path
        Where it was looked for.
    """

    def __init__(self, folder: Path, version: str | None = None) -> None:
        what = f"no model {version}" if version else "no promoted model"
        super().__init__(f"there is {what} in {folder}")
        self.folder = folder
        self.version = version


class NothingToRollBackTo(ClassifierError):
    """No version was champion before the present one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no earlier champion is known in {folder}")
        self.folder = folder


class VersionExists(ClassifierError):
    """A version is never overwritten."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already, and versions are never overwritten")
        self.path = path


class UnusableModel(ClassifierError):
    """A model is there and must not be used.

    Attributes
    ----------
    path : Path
        Its folder.
    reason : str
        Why not.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"the model in {path} {reason}")
        self.path = path
        self.reason = reason


class UntrustedModel(UnusableModel):
    """The signature is missing or wrong: nothing was unpickled."""


class IncompatibleModel(UnusableModel):
    """The model is genuine and this version of the classifier cannot use it."""
