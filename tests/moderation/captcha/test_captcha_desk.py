"""The desk: questions out, answers in, each challenge once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Barrier

import pytest

from moderation.captcha.desk import Captcha
from moderation.captcha.spent import SpentChallenges
from moderation.captcha.wording import number_in_words
from moderation.domain.challenge import Answer
from moderation.domain.site import CaptchaDisplay, CaptchaLevel, Policy
from moderation.errors import (
    CaptchaExpired,
    CaptchaFailed,
    CaptchaReplayed,
    InvalidRequest,
    ModerationError,
    NotFound,
    StoreUnavailable,
)


@pytest.fixture
def challenge(captcha, site):
    return captcha.issue(site(), None)


@pytest.fixture
def right(challenge, solve):
    return Answer(challenge.token, str(solve(challenge.question, "fr")))


@pytest.fixture
def wrong(challenge, solve):
    return Answer(challenge.token, str(solve(challenge.question, "fr") + 1))


@pytest.fixture
def away(desk, absent_valkey):
    """A desk with the same secret, whose Valkey is not there."""
    return desk(absent_valkey)


def test_a_challenge_asks_in_words_and_says_when_it_ends(captcha, site, clock):
    challenge = captcha.issue(site(), "fr-BE")

    assert challenge.locale == "fr-BE"
    assert challenge.question.endswith(" =")
    assert challenge.speech.endswith("\u202f?")
    assert challenge.expires_at == clock.now + timedelta(minutes=5)
    assert len(challenge.token) < 300


def test_a_question_is_asked_in_the_language_of_the_site_if_none_fits(captcha, site):
    assert captcha.issue(site(locale="nl"), None).locale == "nl"
    assert captcha.issue(site(locale="nl"), "zh").locale == "nl"
    assert captcha.issue(site(locale="nl"), "de-AT").locale == "de"


def test_the_site_decides_how_hard_the_questions_are(captcha, site):
    def asked(level):
        return [captcha.issue(site(level=level), None).question for _ in range(100)]

    assert not any("…" in question for question in asked(CaptchaLevel.NORMAL))
    assert any("…" in question for question in asked(CaptchaLevel.HARD))


def test_issuing_stores_nothing_and_asks_nobody(desk, site):
    nobody = object()

    assert desk(nobody).issue(site(), None).token


def test_no_two_challenges_are_the_same(captcha, site):
    assert len({captcha.issue(site(), None).token for _ in range(1000)}) == 1000


@pytest.mark.parametrize("level", CaptchaLevel)
def test_a_right_answer_is_redeemed(captcha, site, solve, clock, level):
    site = site(level=level)
    challenge = captcha.issue(site, None)
    issued_at = clock.now
    clock.move(seconds=7)

    redemption = captcha.redeem(site, Answer(challenge.token, str(solve(challenge.question, "fr"))))

    assert redemption.site == site.key
    assert redemption.issued_at == issued_at
    assert redemption.expires_at == challenge.expires_at
    assert redemption.is_single_use


def test_an_answer_in_words_is_redeemed(captcha, site, challenge, solve):
    words = number_in_words(solve(challenge.question, "fr"), "fr").replace("-", " ").title()

    assert captcha.redeem(site(), Answer(challenge.token, words))


def test_an_answer_is_good_once(captcha, site, right):
    captcha.redeem(site(), right)

    with pytest.raises(CaptchaReplayed):
        captcha.redeem(site(), right)


def test_a_wrong_answer_burns_the_challenge(captcha, site, right, wrong):
    with pytest.raises(CaptchaFailed):
        captcha.redeem(site(), wrong)

    with pytest.raises(CaptchaReplayed):
        captcha.redeem(site(), right)
    with pytest.raises(CaptchaReplayed):
        captcha.redeem(site(), wrong)


@pytest.mark.parametrize("typed", ["", "dix-sep", "bonjour", "9" * 65])
def test_a_typo_burns_no_challenge(captcha, site, challenge, right, typed):
    with pytest.raises(InvalidRequest) as refusal:
        captcha.redeem(site(), Answer(challenge.token, typed))

    (problem,) = refusal.value.problems
    assert (problem.pointer, problem.code) == ("/captcha/answer", "not_a_number")
    assert captcha.redeem(site(), right)


def test_a_challenge_is_good_until_the_exact_moment_it_expires(captcha, site, right, clock):
    clock.move(minutes=5)
    with pytest.raises(CaptchaExpired):
        captcha.redeem(site(), right)

    clock.move(microseconds=-1)
    assert captcha.redeem(site(), right)


def test_a_challenge_of_another_site_is_refused_and_not_burnt(captcha, site, right):
    with pytest.raises(CaptchaFailed):
        captcha.redeem(site(key="pk_journal"), right)

    assert captcha.redeem(site(), right)


@pytest.mark.parametrize("token", ["", "nonsense", "a.b", "é" * 10])
def test_a_token_that_is_none_is_refused(captcha, site, token):
    with pytest.raises(CaptchaFailed):
        captcha.redeem(site(), Answer(token, "17"))
    with pytest.raises(CaptchaFailed):
        captcha.redeem(site(), Answer(response=token or "."))


def test_of_64_simultaneous_redemptions_one_passes(captcha, site, right):
    start = Barrier(64)

    def redeem(_):
        start.wait()
        try:
            return captcha.redeem(site(), right).is_single_use
        except ModerationError as error:
            return error.code

    with ThreadPoolExecutor(64) as pool:
        outcomes = list(pool.map(redeem, range(64)))

    assert sorted(outcomes, key=str) == [True] + ["captcha_replayed"] * 63


def test_a_redemption_is_one_round_trip(captcha, site, right, valkey):
    valkey.config_resetstat()

    captcha.redeem(site(), right)

    calls = {name: stat["calls"] for name, stat in valkey.info("commandstats").items()}
    assert calls == {"cmdstat_set": 1, "cmdstat_config|resetstat": 1}


def test_challenges_survive_a_change_of_secret(desk, valkey, site, solve):
    old, new = b"the old secret" * 3, b"the new secret" * 3
    challenge = desk(valkey, [old]).issue(site(), None)
    answer = Answer(challenge.token, str(solve(challenge.question, "fr")))

    with pytest.raises(CaptchaFailed):
        desk(valkey, [new]).redeem(site(), answer)
    assert desk(valkey, [new, old]).redeem(site(), answer)


def test_a_redemption_given_back_can_be_made_again_once(captcha, site, right):
    captcha.give_back(captcha.redeem(site(), right))

    assert captcha.redeem(site(), right)
    with pytest.raises(CaptchaReplayed):
        captcha.redeem(site(), right)


def test_without_valkey_a_right_answer_is_redeemed_with_a_reservation(away, site, right):
    assert not away.redeem(site(), right).is_single_use


def test_without_valkey_a_wrong_answer_fails_all_the_same(away, site, wrong):
    with pytest.raises(CaptchaFailed):
        away.redeem(site(), wrong)


def test_giving_back_what_valkey_never_burnt_frees_no_one_elses(captcha, away, site, right):
    reserved = away.redeem(site(), right)
    captcha.redeem(site(), right)

    captcha.give_back(reserved)

    with pytest.raises(CaptchaReplayed):
        captcha.redeem(site(), right)


def test_giving_back_when_valkey_has_gone_raises_nothing(captcha, away, site, right):
    redemption = captcha.redeem(site(), right)

    away.give_back(redemption)


def test_a_response_stands_for_the_answer_once(captcha, site, right, clock):
    asked_at = clock.now
    clock.move(minutes=4)
    response = captcha.answer(right)
    clock.move(minutes=4)

    redemption = captcha.redeem(site(), Answer(response=response))

    assert redemption.is_single_use
    assert redemption.issued_at == asked_at
    with pytest.raises(CaptchaReplayed):
        captcha.redeem(site(), Answer(response=response))


def test_a_response_given_back_can_be_redeemed_again_but_the_challenge_cannot(captcha, site, right):
    response = Answer(response=captcha.answer(right))

    captcha.give_back(captcha.redeem(site(), response))

    assert captcha.redeem(site(), response)
    with pytest.raises(CaptchaReplayed):
        captcha.answer(right)


def test_a_response_is_good_for_five_minutes_from_the_answer(captcha, site, right, clock):
    response = captcha.answer(right)
    clock.move(minutes=5)

    with pytest.raises(CaptchaExpired):
        captcha.redeem(site(), Answer(response=response))


def test_a_response_is_good_for_its_own_site_only(captcha, site, right):
    response = captcha.answer(right)

    with pytest.raises(CaptchaFailed):
        captcha.redeem(site(key="pk_journal"), Answer(response=response))


def test_a_token_is_no_response(captcha, site, right):
    with pytest.raises(CaptchaFailed):
        captcha.redeem(site(), Answer(response=right.token))


def test_a_wrong_answer_gets_no_response_and_leaves_no_second_try(captcha, right, wrong):
    with pytest.raises(CaptchaFailed):
        captcha.answer(wrong)

    with pytest.raises(CaptchaReplayed):
        captcha.answer(right)


def test_one_challenge_gives_one_response(captcha, site, right):
    captcha.answer(right)

    with pytest.raises(CaptchaReplayed):
        captcha.answer(right)
    with pytest.raises(CaptchaReplayed):
        captcha.redeem(site(), right)


def test_a_typo_costs_no_response_either(captcha, challenge, right):
    with pytest.raises(InvalidRequest) as refusal:
        captcha.answer(Answer(challenge.token, "dix-sep"))

    assert refusal.value.problems[0].pointer == "/answer"
    assert captcha.answer(right)


def test_an_answer_too_late_gets_no_response(captcha, right, clock):
    clock.move(minutes=5)

    with pytest.raises(CaptchaExpired):
        captcha.answer(right)


def test_without_valkey_no_response_is_given(away, right, wrong):
    with pytest.raises(StoreUnavailable):
        away.answer(right)
    with pytest.raises(StoreUnavailable):
        away.answer(wrong)


def test_without_valkey_a_response_is_redeemed_with_a_reservation(captcha, away, site, right):
    response = captcha.answer(right)

    assert not away.redeem(site(), Answer(response=response)).is_single_use


SUBJECT, ANOTHER = b"subject of 16 by", b"another 16 bytes"


@pytest.fixture
def bound(captcha, site, solve):
    """The right answer to a challenge that is good for SUBJECT only."""
    challenge = captcha.issue(site(), None, SUBJECT)
    return Answer(challenge.token, str(solve(challenge.question, "fr")))


@pytest.mark.parametrize("subject", [b"", ANOTHER])
def test_a_bound_challenge_is_refused_for_anything_else_and_not_burnt(
    captcha, site, bound, subject
):
    with pytest.raises(CaptchaFailed):
        captcha.redeem(site(), bound, subject)

    assert captcha.redeem(site(), bound, SUBJECT)


def test_an_unbound_challenge_is_good_for_anything(captcha, site, right):
    assert captcha.redeem(site(), right, SUBJECT)


def test_a_response_keeps_the_subject(captcha, site, bound):
    response = Answer(response=captcha.answer(bound))

    with pytest.raises(CaptchaFailed):
        captcha.redeem(site(), response, ANOTHER)
    assert captcha.redeem(site(), response, SUBJECT)


class Beeping:
    """A voice that speaks French only."""

    def can_speak(self, locale):
        return locale.startswith("fr")

    def say(self, text, locale, seed):
        return f"{text} ({locale})".encode() + seed


@pytest.fixture
def speaking(valkey, clock):
    return Captcha(
        [b"a secret" * 4], SpentChallenges(valkey), clock, Random(20261123), voice=Beeping()
    )


@pytest.fixture
def illustrated(site):
    policy = Policy(captcha_display=CaptchaDisplay.IMAGE)
    return replace(site(), policy=policy)


def test_a_question_shown_as_a_picture_leaves_no_words_behind(speaking, illustrated):
    challenge = speaking.issue(illustrated, "fr-BE")

    assert (challenge.question, challenge.speech) == (None, None)
    assert challenge.is_drawn
    assert challenge.is_spoken


@pytest.mark.parametrize("level", CaptchaLevel)
@pytest.mark.parametrize("seed", range(20))
def test_what_is_drawn_is_what_is_asked(
    valkey, clock, illustrated, solve, monkeypatch, seed, level
):
    site = replace(illustrated, policy=replace(illustrated.policy, captcha_level=level))
    desk = Captcha([b"k" * 32], SpentChallenges(valkey), clock, Random(seed), voice=Beeping())
    challenge = desk.issue(site, None)
    monkeypatch.setattr("moderation.captcha.desk.draw", lambda question, seed: question)

    drawn = desk.draw(site, challenge.token).content.decode()

    assert desk.redeem(site, Answer(challenge.token, str(solve(drawn, "fr"))))


def test_a_picture_is_the_same_each_time_and_another_for_another_challenge(speaking, illustrated):
    one, other = (speaking.issue(illustrated, None).token for _ in range(2))

    assert speaking.draw(illustrated, one) == speaking.draw(illustrated, one)
    assert speaking.draw(illustrated, one) != speaking.draw(illustrated, other)
    assert speaking.say(illustrated, one) == speaking.say(illustrated, one)
    assert speaking.say(illustrated, one) != speaking.say(illustrated, other)


def test_a_picture_survives_a_change_of_secret(valkey, clock, illustrated):
    def desk(*secrets):
        return Captcha(secrets, SpentChallenges(valkey), clock, Random(1), voice=Beeping())

    token = desk(b"old" * 11).issue(illustrated, None).token

    before = desk(b"old" * 11).draw(illustrated, token)
    assert desk(b"new" * 11, b"old" * 11).draw(illustrated, token) == before


def test_a_question_that_could_not_be_heard_is_shown_as_text(speaking, illustrated, captcha):
    """A picture alone would shut out who cannot see it."""
    dutch, mute = speaking.issue(illustrated, "nl"), captcha.issue(illustrated, "fr")

    for challenge in (dutch, mute):
        assert challenge.question
        assert not challenge.is_drawn
        assert not challenge.is_spoken


def test_looking_and_listening_burn_nothing_and_a_burnt_challenge_can_still_be_seen(
    speaking, illustrated, site, solve, clock
):
    challenge = speaking.issue(site(), None)
    right = Answer(challenge.token, str(solve(challenge.question, "fr")))
    clock.move(seconds=60)

    before = speaking.draw(site(), challenge.token), speaking.say(site(), challenge.token)
    speaking.redeem(site(), right)
    after = speaking.draw(site(), challenge.token), speaking.say(site(), challenge.token)

    assert before == after
    assert before[0].remaining == timedelta(minutes=4)


@pytest.mark.parametrize("look", ["draw", "say"])
def test_only_a_good_token_of_the_site_is_shown(speaking, site, clock, look):
    token = speaking.issue(site(), None).token
    show = getattr(speaking, look)

    with pytest.raises(CaptchaFailed):
        show(site(key="pk_journal"), token)
    with pytest.raises(CaptchaFailed):
        show(site(), token[:-1])
    clock.move(minutes=5)
    with pytest.raises(CaptchaExpired):
        show(site(), token)


def test_nothing_is_said_where_there_is_no_voice(captcha, speaking, site):
    with pytest.raises(NotFound):
        captcha.say(site(), captcha.issue(site(), "fr").token)
    with pytest.raises(NotFound):
        speaking.say(site(), speaking.issue(site(), "nl").token)
