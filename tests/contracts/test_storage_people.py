"""People who sign in, and their sessions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from moderation.domain.key import Role
from moderation.errors import InvalidRequest, NotFound
from moderation.storage.tables.sites import sessions

WEEK, HALF_A_DAY = timedelta(days=7), timedelta(hours=12)


@pytest.fixture
def person(database, now):
    with database.transaction() as transaction:
        return transaction.people.add("Zoe@Journal.example", "Zoé", "argon2-hash", now)


@pytest.fixture
def begin(database, person, now):
    """Begin a session: `begin("token")`."""

    def add(token, moment=now):
        with database.transaction() as transaction:
            transaction.sessions.add(token, person.id, moment, WEEK)
        return token

    return add


@pytest.fixture
def find(database):
    """Look a session up at a moment, as the console does."""

    def look(token, moment):
        with database.read() as memory:
            return memory.sessions.find(token, moment, moment - HALF_A_DAY)

    return look


def change(database, person, **values):
    with database.transaction() as transaction:
        transaction.people.change(person.id, **values)


def test_a_person_is_found_by_their_address_however_it_is_written(database, person):
    with database.read() as memory:
        found = memory.people.by_email("ZOE@journal.EXAMPLE")

    assert found.person == person
    assert (person.email, person.name) == ("zoe@journal.example", "Zoé")
    assert (found.password_hash, found.totp_secret, found.totp_used) == ("argon2-hash", None, 0)


def test_what_is_said_of_a_person_does_not_show_what_they_are_known_by(database, person):
    with database.read() as memory:
        found = repr(memory.people.by_id(person.id))

    assert "argon2-hash" not in found
    assert "journal.example" not in found


@pytest.mark.parametrize("email", ["nobody@journal.example", "", "zoe@journal.example\0", "\ud800"])
def test_who_is_not_known_is_not_found(database, person, email):
    with database.read() as memory, pytest.raises(NotFound):
        memory.people.by_email(email)


def test_an_address_is_one_persons(database, person, now):
    with database.transaction() as transaction, pytest.raises(InvalidRequest) as refusal:
        transaction.people.add("zoe@JOURNAL.example", "Another", "hash", now)

    assert refusal.value.problems[0].code == "email_taken"


def test_nobody_is_changed_who_is_not_there(database, person):
    with database.transaction() as transaction, pytest.raises(NotFound):
        transaction.people.change(person.id + 1, name="Nobody")


def test_people_have_a_role_on_each_site_until_it_is_taken_back(database, site, person, now):
    with database.transaction() as transaction:
        transaction.keys.add(site, Role.LEAD, "Zoé", now, person_id=person.id)
    with database.read() as memory:
        before = memory.people.of_site(site.id)
        (key,) = memory.keys.of_person(person.id)

    with database.transaction() as transaction:
        transaction.keys.revoke(key.id, site.id, now)

    assert before == ((person, Role.LEAD),)
    with database.read() as memory:
        assert memory.people.of_site(site.id) == ()
        assert memory.keys.of_person(person.id) == ()
        assert memory.people.all() == (person,)


def test_a_step_in_time_is_used_once_and_never_an_earlier_one(database, person):
    with database.transaction() as transaction:
        used = [transaction.people.use_code(person.id, step) for step in (100, 100, 99, 101)]

    assert used == [True, False, False, True]


def test_of_people_who_use_one_code_at_the_same_moment_one_comes_in(database, person):
    start = Barrier(8)

    def use(_):
        start.wait()
        with database.transaction() as transaction:
            return transaction.people.use_code(person.id, 100)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_a_session_is_its_persons(database, person, begin, find, now):
    begin("token")

    assert find("token", now) == (person.id, now)
    assert find("another", now) is None


def test_the_database_does_not_hold_the_token_of_a_session(engine, begin):
    begin("a-token-to-be-kept-secret")

    with engine.connect() as connection:
        assert "a-token-to-be-kept-secret" not in str(
            connection.execute(sessions.select()).mappings().all()
        )


@pytest.mark.parametrize(
    ("after", "is_there"),
    [(HALF_A_DAY - timedelta(seconds=1), True), (HALF_A_DAY, False)],
    ids=["just before", "idle"],
)
def test_a_session_that_nobody_uses_is_over(begin, find, now, after, is_there):
    begin("token")

    assert (find("token", now + after) is not None) is is_there


def test_a_session_in_use_is_over_all_the_same_in_the_end(database, begin, find, now):
    begin("token")
    with database.transaction() as transaction:
        transaction.sessions.see("token", now + WEEK - timedelta(minutes=1))

    assert find("token", now + WEEK - timedelta(seconds=1)) is not None
    assert find("token", now + WEEK) is None


def test_ending_the_others_leaves_ones_own(database, person, begin, find, now):
    for token in ("own", "second", "third"):
        begin(token)

    with database.transaction() as transaction:
        transaction.sessions.end_others(person.id, kept="own")

    assert [find(token, now) is None for token in ("own", "second", "third")] == [False, True, True]


def test_who_is_closed_out_has_no_session(database, person, begin, find, now):
    begin("token")

    change(database, person, disabled_at=now)

    assert find("token", now) is None


def test_an_ended_session_is_over_and_ending_it_again_does_no_harm(database, begin, find, now):
    begin("token")

    for _ in range(2):
        with database.transaction() as transaction:
            transaction.sessions.end("token")

    assert find("token", now) is None


def test_sessions_that_are_over_are_forgotten(database, engine, begin, find, now):
    begin("old")
    begin("new", now + timedelta(days=1))

    with database.transaction() as transaction:
        transaction.sessions.forget_expired(now + WEEK)

    with engine.connect() as connection:
        assert len(connection.execute(sessions.select()).all()) == 1
    assert find("new", now + timedelta(days=1)) is not None


def test_keys_of_one_person_are_known_to_be_theirs_also_those_taken_back(
    database, site, person, now
):
    with database.transaction() as transaction:
        transaction.keys.add(site, Role.MODERATOR, "Zoé", now, person_id=person.id)
        (former,) = transaction.keys.of_person(person.id)
        transaction.keys.revoke(former.id, site.id, now)
        transaction.keys.add(site, Role.LEAD, "Zoé", now, person_id=person.id)
        (present,) = transaction.keys.of_person(person.id)

        assert transaction.keys.ever_of(present) == {former.id, present.id}


def test_tokens_of_one_name_count_as_one_persons(database, site, person, now):
    with database.transaction() as transaction:
        other = transaction.people.add("zoe@other.example", "Zoé", "x", now)
        for name, person_id in (
            ("ZOÉ", None),
            ("Zoé", None),
            ("Zoé", person.id),
            ("Zoé", other.id),
        ):
            transaction.keys.add(site, Role.MODERATOR, name, now, person_id=person_id)
        token = transaction.keys.add(site, Role.MODERATOR, "Ahmed", now)
        ahmed = transaction.keys.by_token(token, now).holder
        *tokens, one, namesake = [
            held.holder for held in transaction.keys.of_site(site.id) if held.holder != ahmed
        ]

        assert transaction.keys.ever_of(one) == {*(token.id for token in tokens), one.id}
        assert transaction.keys.ever_of(namesake) == {*(token.id for token in tokens), namesake.id}
        for token in tokens:
            assert transaction.keys.ever_of(token) == {*(t.id for t in tokens), one.id, namesake.id}
        assert transaction.keys.ever_of(ahmed) == {ahmed.id}
