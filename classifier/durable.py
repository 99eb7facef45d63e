"""Write files so that a power cut leaves the old contents or the new ones, never half of them."""

import os
import secrets
from pathlib import Path


def write_new(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file that is not there yet, and wait until it is on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def create(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Create a file with its contents in one step; raises FileExistsError if it is there."""
    draft = draft_beside(path)
    try:
        write_new(draft, data, mode)
        os.link(draft, path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def replace(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace a file in one step: whoever reads it sees the old contents or the new."""
    draft = draft_beside(path)
    try:
        write_new(draft, data, mode)
        draft.replace(path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def draft_beside(path: Path) -> Path:
    """Return a hidden name nobody else uses, in the same folder as `path`."""
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}")


def sync(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
