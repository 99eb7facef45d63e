"""Who comes in, how long they stay, and how they leave."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from argon2 import extract_parameters
from colleagues import EMAIL, PASSWORD

from moderation.access import passwords
from moderation.access.sign_in import find_visit, sign_in, sign_out
from moderation.domain.key import Role
from moderation.errors import InvalidRequest, SignInFailed, StoreUnavailable, Unauthenticated


@pytest.fixture
def come(services, clock):
    """Sign in: `come(code=…)`."""

    def attempt(email=EMAIL, password=PASSWORD, code=""):
        return sign_in(email, password, code, services.database, clock())

    return attempt


@pytest.fixture
def visit(services, clock):
    """Come back with the token of a session."""
    return lambda token: find_visit(token, services.database, clock())


def test_address_and_password_begin_a_session(come, visit, person, site, services, clock):
    with services.database.transaction() as transaction:
        transaction.keys.add(site, Role.LEAD, "Camille", clock(), person_id=person.id)

    found = visit(come())

    assert found.person == person
    assert [(key.site_id, key.role) for key in found.memberships] == [(site.id, Role.LEAD)]
    assert found.token not in repr(found)


def test_each_session_has_a_token_of_its_own(come, person):
    assert come() != come()


@pytest.mark.parametrize("email", [f"  {EMAIL} ", EMAIL.upper()])
def test_an_address_may_be_typed_with_spaces_and_capitals(come, visit, person, email):
    assert visit(come(email)).person == person


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "a wrong password"),
        (EMAIL, ""),
        (EMAIL, f"{PASSWORD} "),
        (EMAIL, "x" * 60_000),
        (EMAIL, "nul\0nul"),
        ("nobody@gazette.example", PASSWORD),
        ("", ""),
        ("\0", PASSWORD),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(come, person, email, password):
    with pytest.raises(SignInFailed):
        come(email, password)


def test_who_is_closed_out_does_not_come_in_nor_stay(come, visit, change, clock, person):
    token = come()

    change(disabled_at=clock())

    with pytest.raises(SignInFailed):
        come()
    with pytest.raises(Unauthenticated):
        visit(token)


def test_who_is_not_known_costs_as_much_as_who_is():
    nobodys = extract_parameters(passwords.NOBODYS)
    somebodys = extract_parameters(passwords.encode(PASSWORD))

    costs = [(one.type, one.memory_cost, one.time_cost, one.parallelism) for one in
             (nobodys, somebodys)]  # fmt: skip
    assert costs[0] == costs[1]
    assert not passwords.verify("is nobody's password here, ever", passwords.NOBODYS)


def test_a_damaged_hash_opens_nothing(come, change, person):
    change(password_hash="")

    with pytest.raises(SignInFailed):
        come(password="")


@pytest.mark.parametrize(("password", "code"), [("x" * 11, "too_short"), ("x" * 201, "too_long")])
def test_a_password_is_neither_too_short_nor_too_long(password, code):
    with pytest.raises(InvalidRequest) as refusal:
        passwords.encode(password)

    assert refusal.value.problems[0].code == code


def test_the_right_one_time_code_comes_in(come, with_codes, code_at):
    assert come(code=code_at())


@pytest.mark.parametrize("code", ["", "000000", "12345", "٠٠٠٠٠٠", "x" * 5000, "\0"])
def test_a_wrong_one_time_code_does_not(come, with_codes, code):
    with pytest.raises(SignInFailed):
        come(code=code)


def test_a_right_code_opens_nothing_with_a_wrong_password_and_is_not_spent(
    come, with_codes, code_at
):
    with pytest.raises(SignInFailed):
        come(password="not this one", code=code_at())

    assert come(code=code_at())


def test_a_code_may_have_a_space_in_the_middle(come, with_codes, code_at):
    assert come(code=f" {code_at()[:3]} {code_at()[3:]}")


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_clock_may_be_half_a_minute_off(come, with_codes, code_at, seconds):
    assert come(code=code_at(seconds))


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_clock_may_not_be_a_minute_and_a_half_off(come, with_codes, code_at, seconds):
    with pytest.raises(SignInFailed):
        come(code=code_at(seconds))


def test_a_code_is_good_once(come, with_codes, code_at, clock):
    code = code_at()
    come(code=code)

    with pytest.raises(SignInFailed):
        come(code=code)
    clock.move(seconds=30)
    with pytest.raises(SignInFailed):
        come(code=code)
    assert come(code=code_at())


def test_of_two_people_with_one_code_at_the_same_moment_one_comes_in(come, with_codes, code_at):
    start, code = Barrier(2), code_at()

    def attempt(_):
        start.wait()
        try:
            return bool(come(code=code))
        except SignInFailed:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(attempt, range(2))) == 1


def test_who_does_nothing_for_half_a_day_is_signed_out(come, visit, clock, person):
    token = come()
    clock.move(hours=11, minutes=59)
    visit(token)
    clock.move(hours=11, minutes=59)
    visit(token)

    clock.move(hours=12)

    with pytest.raises(Unauthenticated):
        visit(token)


def test_after_a_week_everybody_signs_in_again(come, visit, clock, person):
    token = come()
    for _ in range(7 * 24 - 1):
        clock.move(hours=1)
        visit(token)

    clock.move(hours=1)

    with pytest.raises(Unauthenticated):
        visit(token)


def test_a_visit_does_not_fail_because_it_cannot_be_noted(
    come, visit, services, clock, person, monkeypatch
):
    token = come()
    clock.move(minutes=6)

    def away():
        raise StoreUnavailable("database")

    monkeypatch.setattr(services.database, "transaction", away)

    assert visit(token).person == person


def test_signing_out_ends_the_session_and_no_other(come, visit, services, person):
    mine, other = come(), come()

    sign_out(mine, services.database)

    with pytest.raises(Unauthenticated):
        visit(mine)
    assert visit(other).person == person
