"""Somebody who may sign in."""

import pyotp
import pytest
from argon2 import PasswordHasher
from colleagues import EMAIL, PASSWORD, SECRET


@pytest.fixture(scope="session")
def encoded():
    """The password as it is kept, hashed cheaply: there are many tests."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def person(services, clock, encoded):
    with services.database.transaction() as transaction:
        return transaction.people.add(EMAIL, "Camille", encoded, clock())


@pytest.fixture
def change(services, person):
    """Change what is known of the person: `change(disabled_at=…)`."""

    def put(**values):
        with services.database.transaction() as transaction:
            transaction.people.change(person.id, **values)

    return put


@pytest.fixture
def with_codes(change):
    """Ask for one-time codes."""
    change(totp_secret=SECRET)


@pytest.fixture
def code_at(clock):
    """The code that an app shows whose clock differs from ours by so many seconds."""

    def show(seconds=0):
        return pyotp.TOTP(SECRET).at(int(clock().timestamp()) + seconds)

    return show
