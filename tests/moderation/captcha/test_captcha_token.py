"""Tokens that carry a challenge and cannot be made, changed or looked into by others."""

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.captcha.token import ChallengeKeys, Ticket
from moderation.captcha.wording import LOCALES
from moderation.domain.site import CaptchaDisplay, CaptchaLevel
from moderation.errors import CaptchaExpired, CaptchaFailed

ISSUED = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
EXPIRES = ISSUED + timedelta(minutes=5)
LATER = ISSUED + timedelta(seconds=9)
SUBJECT = b"subject of 16 by"
TICKET = Ticket(
    "00ff" * 8,
    "pk_gazette",
    ISSUED,
    EXPIRES,
    SUBJECT,
    "fr-BE",
    CaptchaLevel.HARD,
    CaptchaDisplay.IMAGE,
)

OLD, NEW, OTHER = b"old" * 11, b"new" * 11, b"other" * 7
KEYS = ChallengeKeys([NEW])
CHALLENGE = KEYS.sign_challenge(TICKET)
RESPONSE = KEYS.sign_response(TICKET)

READERS = {CHALLENGE: KEYS.read_challenge, RESPONSE: KEYS.read_response}
tokens = pytest.mark.parametrize("token", READERS, ids=["challenge", "response"])


def read(token, now=LATER, site=None):
    return READERS[token](token, now, site)


@tokens
def test_a_token_says_what_was_signed(token):
    assert replace(read(token), seeds=None) == TICKET


def test_a_challenge_that_is_read_has_the_seeds_it_was_made_with():
    seeds = KEYS.seeded(TICKET).seeds

    assert KEYS.read_challenge(CHALLENGE, LATER).seeds == seeds
    assert len({seeds.puzzle, seeds.drawing, seeds.speech}) == 3


def test_a_response_has_no_seeds():
    assert KEYS.read_response(RESPONSE, LATER).seeds is None


def test_a_token_is_about_its_subject_alone_or_about_anything():
    bound, free = TICKET, Ticket("00ff" * 8, "pk_gazette", ISSUED, EXPIRES)

    assert bound.is_about(SUBJECT)
    assert not bound.is_about(b"another 16 bytes")
    assert not bound.is_about(b"")
    assert free.is_about(SUBJECT)
    assert free.is_about(b"")


@tokens
def test_changing_any_character_of_a_token_is_refused(token):
    for place, replacement in every_change(token):
        changed = token[:place] + replacement + token[place + 1 :]

        with pytest.raises(CaptchaFailed):
            READERS[token](changed, LATER)


def every_change(token):
    """Yield each place of a token with each other character that could stand there."""
    alphabet = string.ascii_letters + string.digits + "-_=.\n é"
    return [(n, c) for n in range(len(token)) for c in alphabet if c != token[n]]


@tokens
def test_cutting_a_token_is_refused(token):
    for length in range(len(token)):
        with pytest.raises(CaptchaFailed):
            READERS[token](token[:length], LATER)
        with pytest.raises(CaptchaFailed):
            READERS[token](token[length + 1 :], LATER)


@given(st.sampled_from(sorted(READERS)), st.data(), st.text(min_size=1))
def test_putting_anything_into_a_token_is_refused(token, data, addition):
    place = data.draw(st.integers(0, len(token)))

    with pytest.raises(CaptchaFailed):
        READERS[token](token[:place] + addition + token[place:], LATER)


@given(st.sampled_from(sorted(READERS)), st.text())
def test_what_never_was_a_token_is_refused(token, text):
    with pytest.raises(CaptchaFailed):
        READERS[token](text, LATER)


def test_a_token_of_one_kind_is_not_taken_for_the_other():
    with pytest.raises(CaptchaFailed):
        KEYS.read_response(CHALLENGE, LATER)
    with pytest.raises(CaptchaFailed):
        KEYS.read_challenge(RESPONSE, LATER)


@tokens
def test_a_token_is_good_for_its_own_site_only(token):
    assert read(token, site="pk_gazette").site == "pk_gazette"

    with pytest.raises(CaptchaFailed):
        read(token, site="pk_journal")


@tokens
def test_a_token_expires_at_the_very_moment(token):
    read(token, now=EXPIRES - timedelta(microseconds=1))

    with pytest.raises(CaptchaExpired):
        read(token, now=EXPIRES)


@tokens
def test_only_our_own_tokens_are_said_to_have_expired(token):
    forged = "A" + token[1:] if token[0] != "A" else "B" + token[1:]

    with pytest.raises(CaptchaFailed):
        READERS[token](forged, EXPIRES)


def test_a_new_secret_leaves_the_tokens_of_the_old_one_good():
    token = ChallengeKeys([OLD]).sign_challenge(TICKET)
    response = ChallengeKeys([OLD]).sign_response(TICKET)
    rotated = ChallengeKeys([NEW, OLD])

    challenge = rotated.read_challenge(token, LATER)

    assert challenge.seeds == ChallengeKeys([OLD]).seeded(TICKET).seeds
    assert rotated.read_response(response, LATER).id == TICKET.id


def test_new_tokens_are_signed_with_the_newest_secret():
    token = ChallengeKeys([NEW, OLD]).sign_challenge(TICKET)

    assert KEYS.read_challenge(token, LATER).seeds == KEYS.seeded(TICKET).seeds


def test_a_removed_secret_signs_nothing_any_more():
    token = ChallengeKeys([OLD]).sign_challenge(TICKET)

    with pytest.raises(CaptchaFailed):
        ChallengeKeys([NEW, OTHER]).read_challenge(token, LATER)


@pytest.mark.parametrize("secrets", [[], [b""], [NEW, b""]])
def test_there_is_no_signing_without_a_secret(secrets):
    with pytest.raises(ValueError, match="at least one secret"):
        ChallengeKeys(secrets)


def test_seeds_cannot_be_known_without_the_secret():
    assert KEYS.seeded(TICKET).seeds != ChallengeKeys([OTHER]).seeded(TICKET).seeds


def test_no_two_challenges_share_their_seeds():
    other = replace(TICKET, id="ff00" * 8)

    assert KEYS.seeded(TICKET).seeds != KEYS.seeded(other).seeds


def test_what_a_ticket_prints_tells_no_seed():
    ticket = KEYS.seeded(TICKET)

    assert "seeds" not in repr(ticket)
    assert repr(ticket.seeds) == "Seeds()"


@given(
    st.text(string.ascii_letters + string.digits + "_\n", max_size=64),
    st.binary(min_size=16, max_size=16),
    st.sampled_from(LOCALES),
)
def test_tokens_are_short_and_safe_in_addresses(site, subject, locale):
    ticket = replace(TICKET, site=site, subject=subject, locale=locale)

    token = KEYS.sign_challenge(ticket)

    assert len(token) < 300
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")
    assert replace(KEYS.read_challenge(token, LATER), seeds=None) == ticket
