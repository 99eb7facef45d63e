"""Programs that stand in for espeak-ng, and the mark of tests that need the real one."""

import os
import shutil
import struct

import pytest

MISSING = "espeak-ng is not installed (Debian, Ubuntu: apt install espeak-ng)"
needs_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None and os.environ.get("CI") != "true", reason=MISSING
)

HEADER = "Pty Language       Age/Gender VoiceName          File                 Other Languages"
BEEP = (
    b"RIFF$\0\0\x80WAVEfmt \x10\0\0\0\x01\0\x01\0\x22\x56\0\0\x44\xac\0\0\x02\0\x10\0data\0\0\0\x80"
)
BEEP += struct.pack("<200h", *(12_000 if n % 20 < 10 else -12_000 for n in range(200)))


def make_espeak(folder, voices=("fr-fr", "en-gb"), then=None):
    """Put a program called espeak-ng into `folder`: it lists `voices`, and beeps.

    It notes what it was told to do in the file "calls", and what to say in "texts". `then` is
    what it does in place of beeping.
    """
    listed = "\n".join([HEADER, *(f" 5  {voice}  --/M  Name  some/file" for voice in voices)])
    (folder / "voices").write_text(listed + "\n")
    (folder / "beep").write_bytes(BEEP)
    program = folder / "espeak-ng"
    program.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = --voices ]; then exec cat "{folder}/voices"; fi\n'
        f'echo "$@" >> "{folder}/calls"\n'
        f'cat >> "{folder}/texts"\n'
        f'{then or f"""exec cat "{folder}/beep" """}\n'
    )
    program.chmod(0o755)
    return str(program)
