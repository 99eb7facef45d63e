"""Nobody tries passwords for long: not from one place, and not for one account."""

import pytest
from browsing import Page
from colleagues import EMAIL

from moderation.app import create_app

ACCOUNT = "/console/account"


@pytest.fixture
def person(add_person, site):
    return add_person(site)


def attempts(browser, n, email=EMAIL, **options):
    """Try so many wrong passwords, each from another place; return the statuses."""
    return [
        browser.sign_in(email, "wrong", address=f"192.0.2.{number}", **options).status_code
        for number in range(n)
    ]


def test_many_places_together_cannot_try_one_account(browser, person):
    assert attempts(browser, 11) == [403] * 10 + [429]


def test_who_is_kept_waiting_keeps_what_they_typed_and_is_told_how_long(browser, person):
    attempts(browser, 10)

    reply = browser.sign_in(then=ACCOUNT, address="198.51.100.1")
    page = Page(reply)

    assert reply.status_code == 429
    assert 1 <= int(reply.headers["Retry-After"]) <= 61
    assert (page.typed("email"), page.typed("then")) == (EMAIL, ACCOUNT)
    assert page.typed("password") == ""
    assert "Réessayez dans" in page.roles["alert"]
    assert browser.token == ""


@pytest.mark.parametrize("typed", [EMAIL.upper(), f"  {EMAIL}", f"{EMAIL}\t"])
def test_an_account_is_the_same_however_it_is_typed(browser, person, typed):
    attempts(browser, 10)

    assert browser.sign_in(typed, address="198.51.100.1").status_code == 429


def test_an_address_followed_by_much_else_opens_nothing(browser, person):
    assert browser.sign_in(f"{EMAIL}{' ' * 600}junk").status_code == 403


def test_an_account_that_is_not_there_is_counted_just_the_same(browser, person):
    assert attempts(browser, 11, "nobody@gazette.example") == [403] * 10 + [429]


def test_another_account_is_not_kept_waiting(browser, person, add_person, site):
    add_person(site, email="dominique@gazette.example", name="Dominique")
    attempts(browser, 11)

    assert browser.sign_in("dominique@gazette.example").status_code == 303


def test_who_is_signed_in_already_stays(browser, another_browser, person):
    browser.sign_in()

    attempts(another_browser, 11)

    assert browser.client.get(ACCOUNT).status_code == 200


def test_one_place_cannot_try_many_accounts(browser, person):
    replies = [browser.sign_in(f"n{number}@gazette.example") for number in range(21)]

    assert [reply.status_code for reply in replies] == [403] * 20 + [429]


def test_nobody_in_particular_is_not_counted_for_all(browser, person):
    assert set(attempts(browser, 12, "")) == {403}


def test_without_redis_each_process_counts_more_strictly(
    start, environment, clock, encoded, tmp_path
):
    away = {"MODERATION_REDIS_URL": f"unix://{tmp_path}/nothing.sock"}
    services = start({**environment, **away})
    with services.database.transaction() as transaction:
        transaction.people.add(EMAIL, "Camille", encoded, clock())
    client = create_app(services).test_client()

    replies = [
        client.post(
            "/console/sign-in",
            data={"email": EMAIL, "password": "wrong"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )
        for number in range(6)
    ]

    assert [reply.status_code for reply in replies] == [403] * 5 + [429]
    assert Page(replies[-1]).typed("email") == EMAIL


def test_who_took_over_a_session_cannot_try_passwords_for_long(browser, person):
    browser.sign_in()
    csrf = browser.csrf

    replies = [
        browser.client.post("/console/account/codes/stop", data={"csrf": csrf, "present": "wrong"})
        for _ in range(11)
    ]

    assert [reply.status_code for reply in replies] == [422] * 10 + [429]
