"""Put the pinned packages into .venv, once; do nothing when they are there.

The Makefile calls it with the name of a lock: `runtime` to run the service, `dev` to work on it
as well (the second holds all of the first). It needs the standard library of Python 3.11 only.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCKS = Path(__file__).resolve().parent
ROOT = LOCKS.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
INCLUDED_IN = {"installer": ("installer",), "runtime": ("runtime", "dev"), "dev": ("dev",)}
INSTALL = ("install", "-qq", "--no-input", "--no-compile", "--no-deps")
IGNORED = {
    *("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"),
    *("PIP_USER", "PIP_TARGET", "PIP_PREFIX"),
}
# Compiling everything would take longer than all the rest. What a start imports, a tenth of it,
# is compiled by importing it once: a start must be quick also where Python may not write files.
IMPORTED = "import moderation.app, moderation.cli.main"


def main(lock: str) -> None:
    """Bring .venv up to date with `lock`."""
    with alone():
        done = read_stamp()
        project = digest(ROOT / "pyproject.toml")
        if has(done, "installer") and has(done, lock) and done.get("project") == project:
            return
        STAMP.unlink(missing_ok=True)  # written again at the end: without it, .venv is unfinished
        if not is_intact(done):
            done = make_venv()
        if not has(done, lock):
            print(f"Installing the pinned packages for '{lock}' into .venv …", flush=True)
            pip("--require-hashes", "-r", str(LOCKS / f"{lock}.txt"))
            done[lock] = digest(LOCKS / f"{lock}.txt")
        pip("--no-build-isolation", "--editable", str(ROOT))
        run(str(PYTHON), "-c", IMPORTED)
        done |= {"project": project, "place": str(ROOT)}
        STAMP.write_text(json.dumps(done, indent=2))


@contextmanager
def alone() -> Iterator[None]:
    """Wait for another set-up of the same folder to end."""
    descriptor = os.open(LOCKS, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_stamp() -> dict[str, str]:
    """Return what the last finished set-up did; nothing if .venv cannot be what it left."""
    try:
        done: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return done if done.get("place") == str(ROOT) and done.get("python") == interpreter() else {}


def interpreter() -> str:
    """Return the interpreter behind .venv; empty if it is gone, as after a system's upgrade."""
    return os.path.realpath(PYTHON) if PYTHON.exists() else ""


def has(done: dict[str, str], lock: str) -> bool:
    """Tell whether `lock`, or one that includes it, was installed as it is today."""
    return any(done.get(name) == digest(LOCKS / f"{name}.txt") for name in INCLUDED_IN[lock])


def is_intact(done: dict[str, str]) -> bool:
    """Tell whether .venv can be added to: it was finished once, and with today's pins."""
    return has(done, "installer") and all(
        digest(LOCKS / f"{name}.txt") == done[name] for name in ("runtime", "dev") if name in done
    )


def make_venv() -> dict[str, str]:
    """Make .venv anew, with the pinned installer in it; return what was done."""
    try:
        import ensurepip  # noqa: F401, PLC0415
        import venv  # noqa: F401, PLC0415
    except ImportError:
        sys.exit(
            "This Python lacks its venv module: install it "
            f"(Debian, Ubuntu: apt install python3.{sys.version_info.minor}-venv) and try again."
        )
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", str(VENV))
    lock = LOCKS / "installer.txt"
    pip("--require-hashes", "-r", str(lock))
    return {"python": interpreter(), "installer": digest(lock)}


def pip(*arguments: str) -> None:
    """Let the pip of .venv install something."""
    run(str(PYTHON), "-m", "pip", *INSTALL, *arguments)


def run(*command: str) -> None:
    """Run `command`; what the caller has set for other programs does not apply."""
    environment = {name: value for name, value in os.environ.items() if name not in IGNORED}
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    result = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)
    if result.returncode:
        sys.exit(f"The set-up stopped: `{' '.join(command[:4])} …` failed, as said above.")


def digest(file: Path) -> str:
    """Return what changes whenever the file's content does."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1])
