"""Questions read aloud: by which voice, how, and what happens when nobody can."""

import io
import wave
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from speaking import make_espeak, needs_espeak

from moderation.captcha import speech
from moderation.captcha.numerals import LOCALES
from moderation.captcha.speech import Voice
from moderation.errors import StoreUnavailable

SEED, OTHER = b"one seed of a voice, of 32 bytes", b"another seed of it, 32 bytes too"
SENTENCE = "dix-neuf moins deux\u202f?"


def samples(sound):
    with wave.open(io.BytesIO(sound)) as recording:
        assert recording.getnchannels() == 1
        assert recording.getsampwidth() == 2
        assert recording.getframerate() == 22_050
        return np.frombuffer(recording.readframes(recording.getnframes()), "<i2")


@needs_espeak
@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_of_the_questions_can_be_heard(locale):
    voice = Voice()

    assert voice.is_available
    assert voice.can_speak(locale)
    heard = samples(voice.say(SENTENCE, locale, SEED))
    assert 1 < heard.size / 22_050 < 6
    assert 20_000 < np.abs(heard).max() <= 32_767


@needs_espeak
def test_the_same_seed_gives_the_same_sound_and_another_seed_another():
    sound = Voice().say(SENTENCE, "fr", SEED)

    assert Voice().say(SENTENCE, "fr", SEED) == sound
    assert Voice().say(SENTENCE, "fr", OTHER) != sound


@needs_espeak
def test_there_is_noise_before_between_and_after_the_words():
    heard = samples(Voice().say(SENTENCE, "fr", SEED))

    assert np.abs(heard[:4000]).max() > 100
    assert np.abs(heard[-4000:]).max() > 100
    assert np.abs(heard[:4000]).max() < np.abs(heard).max() / 4


@needs_espeak
def test_the_locale_is_heard():
    voice = Voice()

    assert voice.say(SENTENCE, "pt", SEED) != voice.say(SENTENCE, "pt-BR", SEED)


@pytest.mark.parametrize(
    ("voices", "locale", "voice"),
    [
        (("fr-be", "fr-fr"), "fr", "fr-fr"),
        (("fr-be", "fr-fr"), "fr-BE", "fr-be"),
        (("en-gb", "fr-be"), "fr-CH", "fr-be"),
        (("en-029", "en-gb"), "en", "en-gb"),
        (("pt-br",), "pt", "pt-br"),
        (("en-gb", "pt-BR"), "pt-BR", "pt-br"),
    ],
)
def test_the_voice_is_that_of_the_locale_or_else_of_its_language(tmp_path, voices, locale, voice):
    program = make_espeak(tmp_path, voices)

    Voice(program).say(SENTENCE, locale, SEED)

    assert f"-v {voice} " in (tmp_path / "calls").read_text()


def test_no_language_is_spoken_with_the_voice_of_another(tmp_path):
    voice = Voice(make_espeak(tmp_path, ["en-gb"]))

    assert not voice.can_speak("fr")
    with pytest.raises(ValueError, match="no voice speaks fr"):
        voice.say(SENTENCE, "fr", SEED)


def test_pace_and_pitch_vary_from_one_challenge_to_the_next(tmp_path):
    voice = Voice(make_espeak(tmp_path))

    for number in range(8):
        voice.say(SENTENCE, "fr", bytes([number]) * 32)

    assert len(set((tmp_path / "calls").read_text().splitlines())) > 4


def test_the_sentence_is_not_in_the_list_of_processes(tmp_path):
    Voice(make_espeak(tmp_path)).say(SENTENCE, "fr", SEED)

    assert (tmp_path / "texts").read_text() == SENTENCE
    assert "dix" not in (tmp_path / "calls").read_text()


def test_what_was_said_is_kept_a_while(tmp_path):
    voice = Voice(make_espeak(tmp_path))

    first, second = (voice.say(SENTENCE, "fr", SEED) for _ in range(2))

    assert first == second
    assert len((tmp_path / "calls").read_text().splitlines()) == 1


def test_without_the_program_there_is_no_voice_and_a_log_line_says_what_to_install(
    tmp_path, capsys
):
    voice = Voice(str(tmp_path / "nothing"))

    assert not voice.is_available
    assert not voice.can_speak("fr")
    assert capsys.readouterr().out.count("apt install espeak-ng") == 1


@pytest.mark.parametrize(
    "then",
    ["exit 1", "exit 0", "printf RIFF", "printf 'RIFF....WAVEdata....'", "head -c 900 /dev/zero"],
)
def test_a_program_that_says_nothing_is_no_answer(tmp_path, then):
    voice = Voice(make_espeak(tmp_path, then=then))

    with pytest.raises(StoreUnavailable):
        voice.say(SENTENCE, "fr", SEED)


def test_a_program_that_hangs_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(speech, "LONGEST_RUN", 0.2)
    voice = Voice(make_espeak(tmp_path, then="exec sleep 60"))

    with pytest.raises(StoreUnavailable):
        voice.say(SENTENCE, "fr", SEED)


def test_a_program_that_cannot_say_its_voices_once_is_asked_again(tmp_path):
    voice = Voice(make_espeak(tmp_path))
    listed = (tmp_path / "voices").rename(tmp_path / "elsewhere")

    before = voice.can_speak("fr")
    listed.rename(tmp_path / "voices")

    assert not before
    assert voice.can_speak("fr")


def test_only_a_few_are_served_at_once_and_the_rest_are_told_to_come_back(tmp_path, monkeypatch):
    monkeypatch.setattr(speech, "LONGEST_WAIT", 0.01)
    (tmp_path / "started").mkdir()
    wait = f'touch "{tmp_path}/started/$$"; while [ ! -e "{tmp_path}/go" ]; do sleep 0.01; done'
    voice = Voice(make_espeak(tmp_path, then=f'{wait}; exec cat "{tmp_path}/beep"'))
    assert voice.can_speak("fr")

    with ThreadPoolExecutor(3) as pool:
        talking = [pool.submit(voice.say, SENTENCE, "fr", bytes([n]) * 32) for n in range(2)]
        while len(list((tmp_path / "started").iterdir())) < 2:
            Event().wait(0.01)
        with pytest.raises(StoreUnavailable) as refusal:
            voice.say(SENTENCE, "fr", SEED)
        (tmp_path / "go").touch()

    assert refusal.value.retry_after == 2
    assert all(one.result() for one in talking)
    assert voice.say(SENTENCE, "fr", SEED)
