"""Questions read aloud by espeak-ng, with a little noise, as WAV.

Everything that varies grows from a seed, so a challenge always sounds the same: asking for it
again and again does not average the noise away.
"""

import io
import subprocess
import wave
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from shutil import which
from threading import BoundedSemaphore

import numpy as np
import structlog
from numpy.typing import NDArray

from moderation.errors import StoreUnavailable

log = structlog.get_logger()

PROGRAM = "espeak-ng"
REMEDY = "Install espeak-ng (Debian, Ubuntu: apt install espeak-ng) to offer captchas as sound."
PREFERRED = {"fr": "fr-fr", "en": "en-gb"}  # of the locales that are no voice's own name
RATE = 22_050  # samples a second, what espeak-ng makes
PACE = (125, 150)  # words a minute
PITCH = (35, 65)  # espeak-ng counts it from 0 to 99
NOISE = (0.10, 0.16)  # loudness of the noise, as a share of the speech's
MARGIN = 0.3  # seconds of noise alone, before and after
PEAK = 0.8
LONGEST_RUN = 3.0  # seconds until espeak-ng is given up; it takes 0.02
LONGEST_WAIT = 0.5  # seconds for one's turn
AT_ONCE = 2
KEPT = 32  # finished recordings, some 100 kB each

Samples = NDArray[np.float64]


class Voice:
    """Reads questions aloud; any number of threads may ask, a few at a time are served.

    Args:
        program: espeak-ng, by name or path.
    """

    def __init__(self, program: str = PROGRAM) -> None:
        self._program = program
        self._turn = BoundedSemaphore(AT_ONCE)
        self._record = lru_cache(KEPT)(self._make)
        self._known: Sequence[str] | None = None

    @property
    def is_available(self) -> bool:
        """Whether there is any voice at all."""
        return bool(self._voices())

    def can_speak(self, locale: str) -> bool:
        """Tell whether there is a voice for `locale`, or for another region of its language."""
        return self._choose(locale) is not None

    def say(self, text: str, locale: str, seed: bytes) -> bytes:
        """Return `text` as a WAV file: mono, 16 bits, 22,050 samples a second.

        Raises:
            ValueError: there is no voice for `locale`.
            StoreUnavailable: espeak-ng has too much to say at the moment, or fails.
        """
        voice = self._choose(locale)
        if voice is None:
            raise ValueError(f"no voice speaks {locale}")
        return self._record(text, voice, seed)

    def _choose(self, locale: str) -> str | None:
        """Return the voice of `locale`, or else the first of its language, never of another."""
        wanted = PREFERRED.get(locale, locale.lower())
        if wanted in self._voices():
            return wanted
        language = wanted.partition("-")[0]
        return next((v for v in self._voices() if v.partition("-")[0] == language), None)

    def _voices(self) -> Sequence[str]:
        """Return the language tags of the voices: none yet, while espeak-ng does not answer."""
        if self._known is None:
            with suppress(StoreUnavailable):
                self._known = self._list()
        return self._known or ()

    def _list(self) -> Sequence[str]:
        if which(self._program) is None:
            log.warning("speech_unavailable", remedy=REMEDY)
            return ()
        lines = self._run("--voices").decode(errors="replace").splitlines()
        return [line.split()[1].lower() for line in lines[1:] if len(line.split()) > 1]

    def _make(self, text: str, voice: str, seed: bytes) -> bytes:
        random = np.random.default_rng(int.from_bytes(seed))
        pace, pitch = random.integers(*PACE), random.integers(*PITCH)
        options = ("-v", voice, "-s", str(pace), "-p", str(pitch), "--stdin", "--stdout")
        return _write_wav(_add_noise(_read_wav(self._run(*options, text=text)), random))

    def _run(self, *options: str, text: str = "") -> bytes:
        """Return what espeak-ng prints; the text goes in by the pipe, out of the process list."""
        program = which(self._program)
        if program is None or not self._turn.acquire(timeout=LONGEST_WAIT):
            raise StoreUnavailable("speech", retry_after=2)
        try:
            done = subprocess.run(
                [program, *options],
                input=text.encode(),
                capture_output=True,
                timeout=LONGEST_RUN,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise StoreUnavailable("speech") from error
        finally:
            self._turn.release()
        return done.stdout


def _read_wav(data: bytes) -> Samples:
    """Return the samples, -1 to 1.

    espeak-ng writes to a pipe and cannot know the length, so its header has a wrong one.

    Raises:
        StoreUnavailable: there are none.
    """
    _, mark, rest = data.partition(b"data")
    samples = np.frombuffer(rest[4:][: len(rest[4:]) // 2 * 2], "<i2") / 2**15
    if not mark or not samples.any():
        raise StoreUnavailable("speech")
    return samples


def _add_noise(speech: Samples, random: np.random.Generator) -> Samples:
    """Return the speech within a rustle, as loud as may be."""
    margin = np.zeros(int(MARGIN * RATE))
    heard = np.concatenate([margin, speech, margin])
    rustle = np.convolve(random.standard_normal(heard.size + 2), [0.25, 0.5, 0.25], "valid")
    loudness = random.uniform(*NOISE) * np.sqrt(np.mean(speech**2)) / rustle.std()
    mixed: Samples = heard + rustle * loudness
    mixed *= PEAK / np.abs(mixed).max()
    return mixed


def _write_wav(samples: Samples) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes((samples * (2**15 - 1)).astype("<i2").tobytes())
    return file.getvalue()
