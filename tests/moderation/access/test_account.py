"""What people change about their own account."""

import pytest
from colleagues import EMAIL, PASSWORD, SECRET

from moderation.access import account, one_time_codes
from moderation.access.sign_in import find_visit, sign_in
from moderation.errors import Forbidden, InvalidRequest, SignInFailed, Unauthenticated

WANTED = "une autre phrase convenable"


@pytest.fixture
def come(services, clock, person):
    """Sign in and return the visit."""

    def attempt(password=PASSWORD, code=""):
        token = sign_in(EMAIL, password, code, services.database, clock())
        return find_visit(token, services.database, clock())

    return attempt


def test_a_new_password_replaces_the_old_one_and_ends_other_sessions(come, services, clock):
    mine, other = come(), come()

    account.change_password(mine, PASSWORD, WANTED, services.database)

    assert come(WANTED)
    assert find_visit(mine.token, services.database, clock())
    with pytest.raises(Unauthenticated):
        find_visit(other.token, services.database, clock())
    with pytest.raises(SignInFailed):
        come(PASSWORD)


def test_the_present_password_is_asked_for_first(come, services):
    with pytest.raises(InvalidRequest) as refusal:
        account.change_password(come(), "not this one", WANTED, services.database)

    assert refusal.value.problems[0].pointer == "/present"
    assert come(PASSWORD)


def test_one_time_codes_begin_with_a_right_one_which_is_then_spent(come, services, clock, code_at):
    account.start_codes(come(), SECRET, code_at(), services.database, clock())

    with pytest.raises(SignInFailed):
        come(code=code_at())
    clock.move(seconds=30)
    assert come(code=code_at()).person.has_one_time_codes


@pytest.mark.parametrize("secret", [SECRET[:16], "0" * 32, SECRET.lower(), "", "é" * 32])
def test_a_secret_that_is_none_of_ours_starts_nothing(come, services, clock, code_at, secret):
    with pytest.raises(InvalidRequest):
        account.start_codes(come(), secret, code_at(), services.database, clock())

    assert not come().person.has_one_time_codes


def test_who_has_codes_cannot_swap_the_secret_without_the_password(
    come, with_codes, services, clock, code_at
):
    visit = come(code=code_at())
    clock.move(seconds=30)

    with pytest.raises(Forbidden):
        account.start_codes(visit, SECRET, code_at(), services.database, clock())


def test_codes_end_with_the_password(come, with_codes, services, code_at):
    visit = come(code=code_at())

    with pytest.raises(InvalidRequest):
        account.stop_codes(visit, "not this one", services.database)
    account.stop_codes(visit, PASSWORD, services.database)

    assert not come().person.has_one_time_codes


def test_a_new_secret_is_one_that_apps_can_read():
    secret = one_time_codes.new_secret()

    assert one_time_codes.is_secret(secret)
    assert f"secret={secret}" in one_time_codes.address(secret, EMAIL)
    assert one_time_codes.picture(secret, EMAIL).startswith("<svg")
