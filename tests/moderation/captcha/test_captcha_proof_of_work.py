"""Proof of work: issued for a site, done by a machine, redeemed once."""

import hmac
import json
import re
import time
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from threading import Barrier

import altcha
import pytest
from altcha import v1
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from working import encode, work_out

from moderation.captcha import proof_of_work
from moderation.captcha.altcha_format import AltchaKeys
from moderation.captcha.proof_of_work import ProofOfWork
from moderation.captcha.spent import SpentChallenges
from moderation.domain.challenge import Answer
from moderation.errors import CaptchaExpired, CaptchaFailed, CaptchaReplayed, StoreUnavailable

SECRET = b"a secret" * 4
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(autouse=True)
def few_tries(monkeypatch):
    """Keep the searches short; how long they are by default is a benchmark's business."""
    monkeypatch.setattr(proof_of_work, "TRIES", 8)
    monkeypatch.setattr(proof_of_work, "TRIES_V1", 1000)


@pytest.fixture
def worker(clock):
    """Make one: `worker(valkey)`, or with other secrets."""
    random = Random(20261125)

    def make(redis, secrets=(SECRET,), clock=clock):
        return ProofOfWork(secrets, SpentChallenges(redis), clock, random)

    return make


@pytest.fixture
def work(worker, valkey):
    return worker(valkey)


def decode(payload):
    return json.loads(b64decode(payload))


def issue(work, version, site, multiplier=1):
    return (work.issue if version == 2 else work.issue_v1)(site, multiplier)


@pytest.fixture(params=[1, 2])
def version(request):
    return request.param


@pytest.fixture
def payload(work, site, version):
    return work_out(issue(work, version, site()))


@pytest.fixture
def payload_v1(work, site):
    return decode(work_out(work.issue_v1(site())))


@pytest.fixture
def payload_v2(work, site):
    return decode(work_out(work.issue(site())))


def test_work_that_was_done_is_redeemed(work, site, clock, version):
    issued_at = clock.now
    payload = work_out(issue(work, version, site()))
    clock.move(seconds=3)

    redemption = work.redeem(site(), payload)

    assert redemption.site == "pk_gazette"
    assert redemption.issued_at == issued_at.replace(microsecond=123_000)
    assert redemption.expires_at == (issued_at + timedelta(minutes=5)).replace(microsecond=0)
    assert redemption.is_single_use


def test_a_challenge_says_all_that_a_solver_needs(work, site):
    challenge = work.issue(site())

    parameters = challenge["parameters"]
    assert set(challenge) == {"parameters", "signature"}
    assert (parameters["algorithm"], parameters["cost"]) == ("PBKDF2/SHA-256", 2000)
    assert parameters["keyLength"] == 32
    assert len(parameters["keyPrefix"]) == len(parameters["nonce"]) == len(parameters["salt"]) == 32
    assert parameters["expiresAt"] == 1_795_435_500
    assert parameters["data"]["maxCounter"] == 7
    assert json.loads(json.dumps(challenge)) == challenge


def test_a_challenge_of_version_1_ends_its_salt_and_names_its_maximum_both_ways(work, site):
    challenge = work.issue_v1(site())

    assert challenge["salt"].endswith("&")
    assert "expires=1795435500&" in challenge["salt"]
    assert challenge["maxnumber"] == challenge["maxNumber"] == 999
    assert challenge["algorithm"] == "SHA-256"


def test_a_search_ends_at_its_maximum_and_every_counter_occurs(work, site):
    counters = [decode(work_out(work.issue(site())))["solution"]["counter"] for _ in range(60)]

    assert set(counters) == set(range(8))


@pytest.mark.parametrize(("multiplier", "tries"), [(-1, 8), (1, 8), (4, 32), (16, 128), (99, 128)])
def test_the_cost_is_multiplied_within_bounds(work, site, multiplier, tries):
    challenge = work.issue(site(), multiplier)

    assert challenge["parameters"]["data"]["maxCounter"] == tries - 1
    assert challenge["parameters"]["cost"] == 2000
    assert work.issue_v1(site(), multiplier)["maxnumber"] == tries * 125 - 1


def test_issuing_stores_nothing_and_no_two_challenges_are_the_same(worker, site, version):
    work = worker(object())

    signatures = {issue(work, version, site())["signature"] for _ in range(100)}

    assert len(signatures) == 100


def test_a_payload_is_good_once(work, site, payload):
    work.redeem(site(), payload)

    with pytest.raises(CaptchaReplayed):
        work.redeem(site(), payload)


def test_a_payload_in_another_spelling_is_the_same_payload(work, site, payload):
    work.redeem(site(), payload)
    content = decode(payload)

    with pytest.raises(CaptchaReplayed):
        work.redeem(site(), encode({**content, "took": 12, "time": 3}))
    with pytest.raises(CaptchaReplayed):
        work.redeem(site(), b64encode(json.dumps(content, indent=3).encode()).decode())


def test_of_32_simultaneous_redemptions_one_passes(work, site, payload):
    start = Barrier(32)

    def attempt(_):
        start.wait()
        try:
            return work.redeem(site(), payload).is_single_use
        except CaptchaReplayed:
            return False

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(attempt, range(32))) == 1


def test_a_burnt_payload_is_remembered_until_it_has_expired(work, site, payload, valkey):
    work.redeem(site(), payload)

    (key,) = valkey.keys()
    assert 358_000 < valkey.pttl(key) <= 360_000


def test_a_payload_is_for_one_site_and_is_not_burnt_at_another(work, site, payload):
    with pytest.raises(CaptchaFailed):
        work.redeem(site(key="pk_journal"), payload)

    assert work.redeem(site(), payload)


def test_a_payload_is_good_until_the_second_it_expires(work, site, payload, clock):
    clock.now = clock.now.replace(microsecond=0) + timedelta(minutes=5)
    with pytest.raises(CaptchaExpired):
        work.redeem(site(), payload)

    clock.move(microseconds=-1)
    assert work.redeem(site(), payload)


def test_while_valkey_is_away_work_is_redeemed_and_nobody_knows_for_the_first_time(
    worker, absent_valkey, site, payload
):
    redemption = worker(absent_valkey).redeem(site(), payload)

    assert not redemption.is_single_use


def test_while_valkey_is_away_nothing_can_be_spent(worker, absent_valkey, payload):
    away = worker(absent_valkey)

    with pytest.raises(StoreUnavailable):
        away.spend(away.read(payload))


def test_reading_burns_nothing(work, site, payload):
    work.read(payload)

    assert work.read(payload).site == "pk_gazette"
    assert work.redeem(site(), payload)


def test_the_desk_takes_work_for_an_answer_and_gives_it_back(captcha, site, valkey):
    answer = Answer(altcha=work_out(captcha.issue_work(site())))

    redemption = captcha.redeem(site(), answer, b"any subject 16 b")
    with pytest.raises(CaptchaReplayed):
        captcha.redeem(site(), answer)
    captcha.give_back(redemption)

    assert valkey.dbsize() == 0
    assert captcha.redeem(site(), answer).is_single_use


def test_what_was_never_burnt_is_not_given_back(desk, captcha, absent_valkey, site, valkey):
    answer = Answer(altcha=work_out(captcha.issue_work(site(), version=1)))
    redemption = desk(absent_valkey).redeem(site(), answer)
    captcha.redeem(site(), answer)  # Valkey is back, and somebody is quicker

    captcha.give_back(redemption)

    assert not redemption.is_single_use
    assert valkey.dbsize() == 1


def test_a_secret_may_be_retired_while_its_challenges_are_out(worker, valkey, site, payload):
    rotated, forgotten = (
        worker(valkey, (b"new" * 11, SECRET)),
        worker(valkey, (b"new" * 11,)),
    )

    with pytest.raises(CaptchaFailed):
        forgotten.redeem(site(), payload)
    assert rotated.redeem(site(), payload)
    assert forgotten.redeem(site(), work_out(rotated.issue(site())))


@pytest.mark.parametrize("secrets", [(), (b"",), (SECRET, b"")])
def test_without_secrets_there_is_no_work(worker, secrets):
    with pytest.raises(ValueError, match="secret"):
        worker(None, secrets)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("algorithm", "SHA-256"),
        ("algorithm", "PBKDF2/SHA-512"),
        ("algorithm", "ARGON2ID"),
        ("cost", 1),
        ("cost", 10**9),
        ("cost", 10**400),
        ("cost", 2000.0),
        ("cost", None),
        ("expiresAt", 9_999_999_999),
        ("keyLength", 1),
        ("keyPrefix", ""),
        ("keySignature", "00" * 32),
        ("nonce", "00" * 16),
        ("salt", "00" * 16),
        ("data", {}),
        ("data", None),
        ("memoryCost", 1),
    ],
)
def test_parameters_that_were_changed_are_refused_at_once(work, site, payload_v2, name, value):
    changed = json.loads(json.dumps(payload_v2))
    changed["challenge"]["parameters"][name] = value

    began = time.perf_counter()
    with pytest.raises(CaptchaFailed):
        work.redeem(site(), encode(changed))
    assert time.perf_counter() - began < 0.5
    assert work.redeem(site(), encode(payload_v2))


@pytest.mark.parametrize("entry", ["id", "site", "issuedAt", "maxCounter"])
def test_data_that_was_changed_is_refused(work, site, payload_v2, entry):
    payload_v2["challenge"]["parameters"]["data"][entry] = "pk_journal"

    with pytest.raises(CaptchaFailed):
        work.redeem(site(key="pk_journal"), encode(payload_v2))


@pytest.mark.parametrize(
    "solution",
    [
        {"counter": -1},
        {"counter": 2**32},
        {"counter": 10**3000 // 10**10},
        {"counter": True},
        {"counter": 1.0},
        {"counter": "1"},
        {"counter": None},
        {"derivedKey": "00" * 32},
        {"derivedKey": ""},
        {"derivedKey": "zz"},
        {"derivedKey": "\ud800"},
        {"derivedKey": None},
    ],
)
def test_a_solution_that_is_none_is_refused_and_burns_nothing(work, site, payload_v2, solution):
    wrong = {**payload_v2, "solution": {**payload_v2["solution"], **solution}}

    with pytest.raises(CaptchaFailed):
        work.redeem(site(), encode(wrong))

    assert work.redeem(site(), encode(payload_v2))


def test_a_counter_and_its_key_belong_together(work, site, payload_v2):
    payload_v2["solution"]["counter"] += 1

    with pytest.raises(CaptchaFailed):
        work.redeem(site(), encode(payload_v2))


def test_the_solution_of_one_challenge_solves_no_other(work, site, payload_v2):
    other = work.issue(site())

    with pytest.raises(CaptchaFailed):
        work.redeem(site(), encode({**payload_v2, "challenge": other}))


def test_a_signature_of_version_1_signs_no_version_2(work, site, payload_v1, payload_v2):
    payload_v2["challenge"]["signature"] = payload_v1["signature"]

    with pytest.raises(CaptchaFailed):
        work.redeem(site(), encode(payload_v2))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: {"salt": p["salt"].removesuffix("&")},
        lambda p: {"salt": p["salt"].replace("expires=17", "expires=99")},
        lambda p: {"salt": p["salt"] + "&expires=9999999999&"},
        lambda p: {"salt": p["salt"].replace("site=pk_gazette", "site=pk_journal")},
        lambda p: {"number": p["number"] + 1},
        lambda p: {"number": str(p["number"])},
        lambda p: {"number": float(p["number"])},
        lambda p: {"number": True},
        lambda p: {"number": 10**2000},
        lambda p: {"number": -1},
        lambda p: {"algorithm": "SHA-1"},
        lambda p: {"algorithm": "SHA-512"},
        lambda p: {"algorithm": "md5"},
        lambda p: {"challenge": "0" * 64},
        lambda p: {"challenge": "é"},
        lambda p: {"signature": "0" * 64},
        lambda p: {"signature": ""},
    ],
)
def test_a_payload_of_version_1_that_was_changed_is_refused(work, site, payload_v1, change):
    with pytest.raises(CaptchaFailed):
        work.redeem(site(), encode({**payload_v1, **change(payload_v1)}))

    assert work.redeem(site(), encode(payload_v1))


def test_digits_moved_from_the_number_into_the_salt_make_no_second_payload(work, site):
    """The splicing of version 1: what is hashed stays the same, so only the salt's end tells."""
    payloads = (decode(work_out(work.issue_v1(site()))) for _ in range(100))
    payload = next(p for p in payloads if re.fullmatch("[1-9]{2,}", str(p["number"])))
    number = str(payload["number"])
    spliced = {**payload, "salt": payload["salt"] + number[0], "number": int(number[1:])}
    hashed = sha256(f"{spliced['salt']}{spliced['number']}".encode()).hexdigest()

    with pytest.raises(CaptchaFailed):
        work.redeem(site(), encode(spliced))

    assert hashed == payload["challenge"]
    assert work.redeem(site(), encode(payload))


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "=",
        "é",
        "\ud800",
        "{}",
        "a" * 4097,
        encode(None),
        encode([]),
        encode({}),
        encode(17),
        encode({"challenge": {}, "solution": {}}),
        encode({"challenge": {"parameters": {}, "signature": ""}, "solution": {}}),
        b64encode(b"[" * 3000).decode(),
        b64encode(b'{"a":' * 600).decode(),
        b64encode(b"\xff\xfe\x00").decode(),
        b64encode(b"NaN").decode(),
    ],
)
def test_what_is_no_payload_is_refused(work, site, payload):
    with pytest.raises(CaptchaFailed):
        work.redeem(site(), payload)


def test_parameters_nested_deeply_are_refused(work, site):
    challenge = f'{{"parameters":{{"a":{"[" * 980}{"]" * 980}}},"signature":""}}'
    payload = f'{{"challenge":{challenge},"solution":{{"counter":1,"derivedKey":""}}}}'

    with pytest.raises(CaptchaFailed):
        work.redeem(site(), b64encode(payload.encode()).decode())


FUZZ = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(st.text(st.characters()) | st.binary().map(lambda b: b64encode(b).decode()))
def test_no_text_opens_anything_or_breaks_anything(worker, site, text):
    with pytest.raises(CaptchaFailed):
        worker(None).redeem(site(), text)


@FUZZ
@given(parameters=JSON, signature=JSON, counter=JSON, derived=JSON)
def test_no_payload_of_the_right_shape_breaks_anything(
    worker, site, parameters, signature, counter, derived
):
    forged = {
        "challenge": {"parameters": parameters, "signature": signature},
        "solution": {"counter": counter, "derivedKey": derived},
    }

    with pytest.raises(CaptchaFailed):
        worker(None).redeem(site(), encode(forged))


@FUZZ
@given(challenge=JSON, number=JSON, salt=JSON, signature=JSON)
def test_no_payload_of_version_1_breaks_anything(worker, site, challenge, number, salt, signature):
    forged = {
        "algorithm": "SHA-256",
        "challenge": challenge,
        "number": number,
        "salt": salt,
        "signature": signature,
    }

    with pytest.raises(CaptchaFailed):
        worker(None).redeem(site(), encode(forged))


class TestAltchasOwnLibrary:
    """It knows the system's clock only, so here ours is the same."""

    @pytest.fixture
    def work(self, worker, valkey):
        return worker(valkey, clock=lambda: datetime.now(UTC))

    @pytest.fixture
    def keys(self):
        return AltchaKeys.of(SECRET)

    def test_agrees_that_version_2_is_signed_and_solved(self, work, site, keys):
        payload = work_out(work.issue(site()))

        by_key = altcha.verify_solution(payload, keys.v2, hmac_key_secret=keys.derived)
        by_derivation = altcha.verify_solution(payload, keys.v2)

        assert by_key.verified
        assert by_derivation.verified
        assert work.redeem(site(), payload)

    def test_agrees_that_version_1_is_signed_and_solved(self, work, site, keys):
        payload = work_out(work.issue_v1(site()))

        assert v1.verify_solution(payload, keys.v1) == (True, None)
        assert work.redeem(site(), payload)

    def test_would_take_a_payload_twice(self, work, site, keys):
        """Why there is a list of the spent ones."""
        payload = work_out(work.issue(site()))

        assert altcha.verify_solution(payload, keys.v2).verified
        assert altcha.verify_solution(payload, keys.v2).verified

    def test_answers_a_wrong_payload_with_something_true(self, keys):
        """Why its answer is never taken for a yes."""
        answer = altcha.verify_solution("nonsense", keys.v2)

        assert answer
        assert not answer.verified


def test_no_key_is_used_for_two_things():
    keys = AltchaKeys.of(SECRET)

    assert len({keys.v1, keys.v2, keys.derived, keys.counter}) == 4
    assert SECRET not in {keys.v1, keys.v2, keys.derived, keys.counter}
    assert keys.v2 == hmac.digest(SECRET, b"moderation.altcha.v2", "sha256")
    assert "secret" not in repr(keys)
