"""Tokens that carry a challenge and cannot be made, changed or looked into by others."""

import string
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.captcha.token import ChallengeKeys, Ticket
from moderation.errors import CaptchaExpired, CaptchaFailed

ISSUED = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
EXPIRES = ISSUED + timedelta(minutes=5)
LATER = ISSUED + timedelta(seconds=9)
TICKET = Ticket("00ff" * 8, "pk_gazette", ISSUED, EXPIRES)

OLD, NEW, OTHER = b"old" * 11, b"new" * 11, b"other" * 7
KEYS = ChallengeKeys([NEW])
CHALLENGE = KEYS.sign_challenge(TICKET, 17)
RESPONSE = KEYS.sign_response(TICKET)

READERS = {CHALLENGE: KEYS.read_challenge, RESPONSE: KEYS.read_response}
tokens = pytest.mark.parametrize("token", READERS, ids=["challenge", "response"])


def read(token, now=LATER, site=None):
    return READERS[token](token, now, site)


@tokens
def test_a_token_says_what_was_signed(token):
    ticket = read(token)

    assert (ticket.id, ticket.site) == (TICKET.id, TICKET.site)
    assert (ticket.issued_at, ticket.expires_at) == (ISSUED, EXPIRES)


def test_the_right_answer_is_known_from_all_others():
    challenge = KEYS.read_challenge(CHALLENGE, LATER)

    assert [n for n in range(101) if KEYS.is_answer(challenge, n)] == [17]


def test_a_response_holds_no_answer():
    response = KEYS.read_response(RESPONSE, LATER)

    assert not any(KEYS.is_answer(response, n) for n in range(101))


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
    token = ChallengeKeys([OLD]).sign_challenge(TICKET, 17)
    response = ChallengeKeys([OLD]).sign_response(TICKET)
    rotated = ChallengeKeys([NEW, OLD])

    challenge = rotated.read_challenge(token, LATER)

    assert rotated.is_answer(challenge, 17)
    assert not rotated.is_answer(challenge, 18)
    assert rotated.read_response(response, LATER).id == TICKET.id


def test_new_tokens_are_signed_with_the_newest_secret():
    token = ChallengeKeys([NEW, OLD]).sign_challenge(TICKET, 17)

    assert KEYS.is_answer(KEYS.read_challenge(token, LATER), 17)


def test_a_removed_secret_signs_nothing_any_more():
    token = ChallengeKeys([OLD]).sign_challenge(TICKET, 17)

    with pytest.raises(CaptchaFailed):
        ChallengeKeys([NEW, OTHER]).read_challenge(token, LATER)


@pytest.mark.parametrize("secrets", [[], [b""], [NEW, b""]])
def test_there_is_no_signing_without_a_secret(secrets):
    with pytest.raises(ValueError, match="at least one secret"):
        ChallengeKeys(secrets)


def test_answers_cannot_be_tried_without_the_secret():
    contents = [
        urlsafe_b64decode(keys.sign_challenge(TICKET, 17).partition(".")[0] + "==")
        for keys in (ChallengeKeys([NEW]), ChallengeKeys([OTHER]))
    ]

    assert contents[0] != contents[1]


def test_the_same_answer_looks_different_in_every_challenge():
    other = Ticket("ff00" * 8, "pk_gazette", ISSUED, EXPIRES)

    challenges = [
        KEYS.read_challenge(KEYS.sign_challenge(ticket, 17), LATER) for ticket in (TICKET, other)
    ]

    assert challenges[0].digest != challenges[1].digest


@given(st.text(string.ascii_letters + string.digits, max_size=64), st.integers(0, 40))
def test_tokens_are_short_and_safe_in_addresses(site, answer):
    token = KEYS.sign_challenge(Ticket("ab" * 16, site, ISSUED, EXPIRES), answer)

    assert len(token) < 300
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")
    assert KEYS.read_challenge(token, LATER).site == site
