"""What an operator types about the people who sign in to the console."""

import pytest
from click.testing import CliRunner
from colleagues import EMAIL, SECRET

from moderation.access.sign_in import find_visit, sign_in
from moderation.cli.main import main
from moderation.domain.key import Role
from moderation.errors import SignInFailed, Unauthenticated


@pytest.fixture
def type_in(services, environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*words, fails=False):
        result = CliRunner().invoke(main, ("people", *words))
        assert (result.exit_code != 0) is fails, result.output
        assert "Traceback" not in result.output
        return result.output

    return run


@pytest.fixture
def gazette(add_site):
    return add_site("gazette")


@pytest.fixture
def quay(add_site):
    return add_site("quayside")


@pytest.fixture
def first_password(type_in, gazette):
    """Add Camille, a moderator; return what they sign in with."""
    words = ("add", EMAIL, "--name", "Camille", "--site", "gazette", "--role", "moderator")
    return type_in(*words).splitlines()[-1]


@pytest.fixture
def come(services, clock):
    """Sign in and return what the person may do: `come(password)`."""

    def attempt(password, code=""):
        token = sign_in(EMAIL, password, code, services.database, clock())
        return find_visit(token, services.database, clock())

    return attempt


def roles(visit):
    return [(key.site_key, key.role) for key in visit.memberships]


def test_who_is_added_signs_in_with_the_password_on_the_last_line(first_password, come, gazette):
    assert roles(come(first_password)) == [(gazette.key, Role.MODERATOR)]


def test_somebody_may_work_for_several_sites(type_in, come, gazette, quay):
    words = ("add", EMAIL, "--name", "Camille", "--site", "gazette", "--site", "quayside")

    password = type_in(*words, "--site", "gazette", "--role", "lead").splitlines()[-1]

    assert roles(come(password)) == [(gazette.key, Role.LEAD), (quay.key, Role.LEAD)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", EMAIL, "--name", "C", "--site", "gazette", "--role", "lead"), "signs in already"),
        (("add", "b@b", "--name", "B", "--site", "nowhere", "--role", "lead"), "no site named"),
        (
            ("add", "b@b", "--name", " ", "--site", "gazette", "--role", "lead"),
            "1 to 100 characters",
        ),
        (("add", "bbb", "--name", "B", "--site", "gazette", "--role", "lead"), "e-mail address"),
        (("add", "b@b", "--name", "B", "--role", "lead"), "Missing option '--site'"),
        (("add", "b@b", "--name", "B", "--site", "gazette", "--role", "king"), "is not one of"),
        (("grant", "b@b", "gazette", "--role", "lead"), "Nobody signs in as"),
        (("grant", EMAIL, "nowhere", "--role", "lead"), "no site named"),
        (("revoke", EMAIL, "quayside"), "has no role on quayside"),
        (("password", "b@b"), "Nobody signs in as"),
        (("close", "b@b"), "Nobody signs in as"),
        (("reopen", "b@b"), "Nobody signs in as"),
    ],
)
def test_what_cannot_be_done_is_said(type_in, first_password, quay, words, sentence):
    assert sentence in type_in(*words, fails=True)


def test_who_cannot_be_added_leaves_nothing_behind(type_in, gazette, services):
    words = ("add", EMAIL, "--name", "C", "--site", "gazette", "--site", "nowhere")

    type_in(*words, "--role", "lead", fails=True)

    with services.database.read() as memory:
        assert memory.people.all() == ()


def test_a_role_is_given_in_place_of_the_one_before(type_in, first_password, come, gazette):
    type_in("grant", EMAIL, "gazette", "--role", "operator")

    assert roles(come(first_password)) == [(gazette.key, Role.OPERATOR)]


def test_a_role_is_taken_back(type_in, first_password, come):
    type_in("revoke", f" {EMAIL.upper()}", "gazette")

    assert roles(come(first_password)) == []


def test_a_new_password_ends_every_session_and_the_old_one(
    type_in, first_password, come, services, clock
):
    visit = come(first_password)

    made = type_in("password", EMAIL).splitlines()[-1]

    with pytest.raises(Unauthenticated):
        find_visit(visit.token, services.database, clock())
    with pytest.raises(SignInFailed):
        come(first_password)
    assert come(made)


def test_who_has_lost_their_phone_comes_in_with_the_password_alone(
    type_in, first_password, come, services
):
    with services.database.transaction() as transaction:
        person = transaction.people.by_email(EMAIL).person
        transaction.people.change(person.id, totp_secret=SECRET)
    with_codes = type_in("password", EMAIL).splitlines()[-1]
    with pytest.raises(SignInFailed):
        come(with_codes)

    without = type_in("password", EMAIL, "--stop-codes").splitlines()[-1]

    assert not come(without).person.has_one_time_codes


def test_who_is_closed_out_is_out_at_once_until_they_are_let_in_again(
    type_in, first_password, come, services, clock
):
    visit = come(first_password)

    type_in("close", EMAIL)

    with pytest.raises(Unauthenticated):
        find_visit(visit.token, services.database, clock())
    with pytest.raises(SignInFailed):
        come(first_password)
    type_in("reopen", EMAIL)
    assert come(first_password)


def test_everybody_is_listed_with_their_roles_and_no_secret(type_in, first_password, gazette):
    type_in("close", EMAIL)

    assert type_in("list") == (f"{EMAIL}\tCamille (closed)\tpassword only\tgazette:moderator\n")


def test_what_becomes_of_a_person_is_in_the_audit_of_their_sites(
    type_in, first_password, services, gazette, quay
):
    type_in("grant", EMAIL, "quayside", "--role", "reader")
    type_in("grant", EMAIL, "gazette", "--role", "lead")
    type_in("grant", EMAIL, "gazette", "--role", "lead")  # as before
    for act in ("close", "close", "reopen", "reopen", "password"):
        type_in(act, EMAIL)
    type_in("password", EMAIL, "--stop-codes")
    type_in("revoke", EMAIL, "gazette")

    def told(site):
        with services.database.read() as memory:
            found = [entry.content for entry in memory.audit.all(site.id)]
        assert {(one["kind"], one["moderator"]) for one in found} == {("person", "operator")}
        return [(one["action"], one["holder"], one["role"]) for one in found]

    everywhere = ["close", "reopen", "password", "codes", "password"]
    assert told(quay) == [(act, "Camille", "reader") for act in ("grant", *everywhere)]
    assert told(gazette) == [
        ("grant", "Camille", "moderator"),
        *((act, "Camille", "lead") for act in ("grant", *everywhere, "revoke")),
    ]
