"""Questions to be seen and heard: what POST /v1/challenges offers, and the files behind it."""

from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import ORIGIN
from solving import solve
from speaking import make_espeak, needs_espeak

from moderation.domain.site import CaptchaDisplay

FILES = ("image.svg", "audio.wav")


@pytest.fixture
def espeak(tmp_path, monkeypatch):
    """A program on the PATH that beeps in place of speaking French."""
    folder = tmp_path / "bin"
    folder.mkdir()
    make_espeak(folder)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder


@pytest.fixture
def silence(tmp_path, monkeypatch):
    """No program at all on the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def illustrated(add_site):
    return add_site("illustrated", captcha_display=CaptchaDisplay.IMAGE)


def ask(client, site, **changes):
    reply = client.post("/v1/challenges", json={"site": site.key, **changes})
    assert reply.status_code == 201, reply.json
    return reply.json


def fetch(client, file, site, token, **headers):
    query = {"site": site.key, "token": token}
    return client.get(f"/v1/challenges/{file}", query_string=query, headers=headers)


@pytest.mark.parametrize("kind", ["arithmetic", "pow"])
def test_a_challenge_says_how_long_it_lives_whatever_the_readers_clock(client, site, kind):
    challenge = ask(client, site, kind=kind)

    assert challenge["expires_at"].startswith("2026-11-23T12:05:00")
    assert challenge["expires_in"] == 300


@pytest.mark.usefixtures("espeak")
def test_a_question_in_text_can_be_heard_too(client, site, services):
    challenge = ask(client, site)

    assert challenge["kind"] == "arithmetic"
    assert solve(challenge["question"])
    assert challenge["speech"].endswith("\u202f?")
    assert challenge["image_url"] is None
    assert challenge["audio_url"].startswith(services.settings.service_url + "/v1/challenges/audio")
    assert challenge["altcha"] is None


@pytest.mark.usefixtures("espeak")
def test_a_question_in_a_picture_is_told_in_no_other_way(client, illustrated, services):
    challenge = ask(client, illustrated)

    assert (challenge["question"], challenge["speech"]) == (None, None)
    for url in (challenge["image_url"], challenge["audio_url"]):
        assert url.startswith(services.settings.service_url)
        address = urlsplit(url)
        assert client.get(f"{address.path}?{address.query}").status_code == 200


@pytest.mark.usefixtures("silence")
def test_without_a_voice_the_question_is_text_and_nothing_is_offered_to_the_ear(
    client, illustrated
):
    challenge = ask(client, illustrated)

    assert solve(challenge["question"])
    assert (challenge["image_url"], challenge["audio_url"]) == (None, None)
    assert fetch(client, "audio.wav", illustrated, challenge["token"]).status_code == 404


@needs_espeak
def test_the_real_program_speaks(client, site):
    sound = fetch(client, "audio.wav", site, ask(client, site)["token"])

    assert sound.mimetype == "audio/wav"
    assert sound.data.startswith(b"RIFF")
    assert len(sound.data) > 40_000


@pytest.mark.usefixtures("espeak")
@pytest.mark.parametrize("file", FILES)
def test_the_files_may_be_shown_by_other_pages_and_kept_until_the_challenge_ends(
    client, site, clock, file
):
    token = ask(client, site)["token"]
    clock.move(seconds=100, milliseconds=1)

    reply = fetch(client, file, site, token)

    assert reply.headers["Cache-Control"] == "private, max-age=199"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.mimetype == {"image.svg": "image/svg+xml", "audio.wav": "audio/wav"}[file]


@pytest.mark.usefixtures("espeak")
@pytest.mark.parametrize("file", FILES)
def test_a_file_is_the_same_each_time_and_burns_nothing(client, site, send, file):
    challenge = ask(client, site)

    first, second = (fetch(client, file, site, challenge["token"]).data for _ in range(2))
    sent = send(captcha={"token": challenge["token"], "answer": solve(challenge["question"])})

    assert first == second
    assert sent.status_code == 201
    assert fetch(client, file, site, challenge["token"]).data == first


@pytest.mark.usefixtures("espeak")
def test_a_part_of_the_sound_may_be_asked_for(client, site):
    token = ask(client, site)["token"]
    whole = fetch(client, "audio.wav", site, token).data

    part = fetch(client, "audio.wav", site, token, Range="bytes=2-5")

    assert part.status_code == 206
    assert part.data == whole[2:6]
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(whole)}"


@pytest.mark.usefixtures("espeak")
@pytest.mark.parametrize("file", FILES)
def test_only_pages_of_the_site_may_read_the_files(client, site, file):
    token = ask(client, site)["token"]

    assert fetch(client, file, site, token, Origin="https://elsewhere.example").status_code == 403
    allowed = fetch(client, file, site, token, Origin=ORIGIN)
    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.usefixtures("espeak")
@pytest.mark.parametrize("file", FILES)
def test_a_token_too_old_or_of_another_site_shows_nothing(client, site, add_site, clock, file):
    token = ask(client, site)["token"]

    assert fetch(client, file, add_site("other"), token).json["code"] == "captcha_failed"
    clock.move(minutes=5)
    old = fetch(client, file, site, token)
    assert (old.status_code, old.json["code"]) == (403, "captcha_expired")
    assert old.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("query", [{}, {"site": "x"}, {"token": "x"}, {"token": "x" * 513}])
def test_a_request_that_names_too_little_is_told_what_is_missing(client, site, file, query):
    query = {"site": site.key, **query} if query.get("token", "x") != "x" else query

    reply = client.get(f"/v1/challenges/{file}", query_string=query)

    assert reply.status_code == 422
    assert reply.json["errors"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 400), character=st.sampled_from("Aa0_-.é \n"))
def test_no_changed_token_is_shown(tampering, place, character):
    client, site, token = tampering
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]

    reply = fetch(client, "image.svg", site, changed)

    assert (reply.status_code == 200) == (changed == token)


@pytest.fixture
def tampering(client, add_site):
    site = add_site("tampered", challenges_per_client="100000 per minute")
    return client, site, ask(client, site)["token"]


@pytest.mark.usefixtures("espeak")
def test_pictures_and_sounds_are_counted_together_and_apart_from_questions(client, add_site):
    strict = add_site("strict", challenges_per_client="3 per minute")
    token = ask(client, strict)["token"]

    files = ("image.svg", "audio.wav", "image.svg", "audio.wav")
    statuses = [fetch(client, file, strict, token).status_code for file in files]

    assert statuses == [200, 200, 200, 429]
    assert ask(client, strict)


def test_while_nothing_can_be_said_the_reader_is_told_when_to_try_again(client, site, espeak):
    make_espeak(espeak, then="exit 1")

    reply = fetch(client, "audio.wav", site, ask(client, site)["token"])

    assert (reply.status_code, reply.json["code"]) == (503, "unavailable")
    assert int(reply.headers["Retry-After"]) > 0
