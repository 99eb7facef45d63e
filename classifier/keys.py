"""Signing keys: who may say that a model is ours.

The file ``signing.keys`` in the data folder holds a key a line, hexadecimal, the newest first. The
first signs, all are believed.
"""

import secrets
from contextlib import suppress
from pathlib import Path

from classifier import durable
from classifier.errors import InvalidKeys

_FILE = "signing.keys"
_BYTES = 32
_PRIVATE = 0o600


def ensure_keys(data: Path) -> None:
    """Make a signing key in the folder `data`, readable by its owner alone, if it has none.

    Of several processes that start at the same moment, one makes it and the others use it.
    """
    data.mkdir(parents=True, exist_ok=True)
    if not (data / _FILE).exists():
        with suppress(FileExistsError):
            durable.create(data / _FILE, f"{secrets.token_hex(_BYTES)}\n".encode(), _PRIVATE)


def read_keys(data: Path) -> list[bytes]:
    """Return the signing keys in the folder `data`: the one that signs, then others to believe.

    Raises
    ------
    InvalidKeys
        There is no such file, or it holds no key or something else.
    """
    path = data / _FILE
    try:
        keys = [bytes.fromhex(line) for line in path.read_text().split()]
    except OSError as error:
        raise InvalidKeys(path, str(error.strerror)) from error
    except ValueError as error:
        raise InvalidKeys(path, "a line is not hexadecimal") from error
    if not keys or min(map(len, keys)) < _BYTES:
        raise InvalidKeys(path, f"a key of {_BYTES} bytes is expected on each line")
    return keys


def rotate_keys(data: Path) -> None:
    """Put a fresh key before those in the folder `data`; raises like `read_keys`."""
    keys = [secrets.token_bytes(_BYTES), *read_keys(data)]
    durable.replace(data / _FILE, "".join(f"{key.hex()}\n" for key in keys).encode(), _PRIVATE)
