"""What an operator types: sites, their policy, and tokens."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from moderation.app import create_app
from moderation.cli.main import main
from moderation.domain.key import Role


@pytest.fixture
def type_in(services, environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*words, fails=False):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code != 0) is fails, result.output
        assert "Traceback" not in result.output
        return result.output

    return run


@pytest.fixture
def gazette(type_in):
    words = ("sites", "add", "gazette", "--origin", "https://Gazette.example/accueil", "--json")
    return json.loads(type_in(*words))


def test_a_new_site_gets_its_keys(gazette, services):
    site = services.sites.by_key(gazette["site_key"])

    assert site.origins == ("https://gazette.example",)
    assert (site.secret, site.akismet_key) == (gazette["site_secret"], gazette["akismet_key"])
    assert re.fullmatch("[a-z0-9]{12}", gazette["akismet_key"])


def test_keys_are_printed_a_line_each(type_in):
    printed = type_in("sites", "add", "g", "--origin", "https://g.example", "--locale", "fr-BE")

    assert [line.split()[0] for line in printed.splitlines()] == [
        "site_key",
        "site_secret",
        "akismet_key",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("sites", "add", "gazette", "--origin", "https://b.example"), "named gazette already"),
        (("sites", "add", "b", "--origin", "b.example"), "is not an address such as"),
        (("sites", "add", " ", "--origin", "https://b.example"), "1 to 100 characters"),
        (("sites", "add", "b"), "Missing option '--origin'"),
        (("sites", "change", "b", "--name", "c"), "no site named b"),
        (("sites", "change", "gazette"), "nothing to change"),
        (("sites", "change", "gazette", "--name", " "), "1 to 100 characters"),
        (("sites", "change", "gazette", "--origin", "b.example"), "is not an address such as"),
        (("sites", "change", "gazette", "--locale", "tlh"), "is not one of"),
        (("sites", "policy", "b"), "no site named b"),
        (("sites", "policy", "gazette", "--comments-per-client", "often"), "is no rate"),
        (("sites", "policy", "gazette", "--comments-per-client", "0/minute"), "keep everybody out"),
        (("sites", "policy", "gazette", "--hold-above", "2"), "not in the range"),
        (("sites", "policy", "gazette", "--hold-above", "nan"), "A number is expected"),
        (("keys", "add", "b", "--role", "lead", "--name", "X"), "no site named b"),
        (("keys", "add", "gazette", "--role", "king", "--name", "X"), "is not one of"),
        (("keys", "add", "gazette", "--role", "lead", "--name", ""), "1 to 100 characters"),
        (("keys", "add", "gazette", "--role", "lead", "--name", "a\nb"), "without control"),
        (("sites", "add", "a\x1b[31m", "--origin", "https://b.example"), "without control"),
        (("keys", "revoke", "gazette", "99"), "no token 99 in use"),
        (("keys", "revoke", "gazette", "9" * 20), "not in the range"),
        (("sites", "policy", "gazette", "--hold-above", "0.9", "--reject-above", "0.1"), "below"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_told_in_a_sentence(type_in, gazette, words, sentence):
    assert sentence in type_in(*words, fails=True)


def test_a_site_is_given_another_name_other_origins_and_another_language(
    type_in, gazette, services
):
    words = ("--name", "La Gazette", "--locale", "fr-BE", "--json")
    origins = ("https://gazette.example", "https://www.Gazette.example/une")
    repeated = [word for origin in (*origins, origins[0]) for word in ("--origin", origin)]

    told = json.loads(type_in("sites", "change", "gazette", *words, *repeated))

    kept = ["https://gazette.example", "https://www.gazette.example"]
    assert told == {
        "name": "La Gazette",
        "site_key": gazette["site_key"],
        "locale": "fr-BE",
        "origins": kept,
    }
    site = services.sites.by_key(gazette["site_key"])
    assert (site.name, site.locale, list(site.origins)) == ("La Gazette", "fr-BE", kept)
    assert (site.secret, site.akismet_key) == (gazette["site_secret"], gazette["akismet_key"])


def test_what_no_option_names_stays_as_it_is(type_in, gazette):
    printed = type_in("sites", "change", "gazette", "--name", "g")

    assert printed == f"g\t{gazette['site_key']}\tfr\thttps://gazette.example\n"
    assert printed == type_in("sites", "list")


def test_two_sites_cannot_have_one_name(type_in, gazette):
    type_in("sites", "add", "courrier", "--origin", "https://courrier.example")
    before = type_in("sites", "list")

    refusal = type_in("sites", "change", "courrier", "--name", "gazette", fails=True)

    assert "There is a site named gazette already." in refusal
    assert type_in("sites", "list") == before


def test_a_policy_is_changed_and_shown(type_in, gazette, services):
    printed = type_in(
        *("sites", "policy", "gazette", "--hold-above", "0.3", "--maximum-links", "0"),
        *("--moderation", "pre", "--blocked-word", "escroc", "--blocked-word", "bande de voleurs"),
        *("--close-after-days", "30", "--captcha-level", "hard"),
        *("--two-person-rule", "--trust-after", "3"),
    )

    with services.database.read() as memory:
        policy = memory.sites.by_name("gazette").policy
    assert policy.hold_above == 0.3
    assert policy.maximum_links == 0
    assert policy.moderation == "pre"
    assert policy.blocked_words == ("escroc", "bande de voleurs")
    assert policy.close_after.days == 30
    assert policy.captcha_level == "hard"
    assert (policy.two_person_rule, policy.trust_after) == (True, 3)
    assert "maximum_links 0" in printed.splitlines()


def test_a_policy_option_left_out_changes_nothing(type_in, gazette, services):
    type_in("sites", "policy", "gazette", "--close-after-days", "30", "--blocked-word", "x")
    type_in("sites", "policy", "gazette", "--two-person-rule", "--trust-after", "3")
    type_in("sites", "policy", "gazette", "--close-after-days", "0", "--blocked-word", "")
    kept = type_in("sites", "policy", "gazette").splitlines()
    type_in("sites", "policy", "gazette", "--no-two-person-rule", "--trust-after", "0")

    with services.database.read() as memory:
        policy = memory.sites.by_name("gazette").policy
    assert policy.close_after is None
    assert policy.blocked_words == ()
    assert {"two_person_rule true", "trust_after 3"} <= set(kept)
    assert (policy.two_person_rule, policy.trust_after) == (False, None)


def test_a_token_is_printed_alone_on_the_last_line(type_in, gazette, services):
    printed = type_in("keys", "add", "gazette", "--role", "lead", "--name", "Camille")

    with services.database.read() as memory:
        holder = memory.keys.by_token(printed.splitlines()[-1], services.clock()).holder
    assert (holder.role, holder.label) == (Role.LEAD, "Camille")
    assert "lead\tCamille" in type_in("keys", "list", "gazette")


def test_a_revoked_token_opens_nothing(type_in, gazette, client):
    token = type_in("keys", "add", "gazette", "--role", "reader", "--name", "X").splitlines()[-1]
    number = type_in("keys", "list", "gazette").split("\t")[0]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/v1/moderation/counts", headers=headers).status_code == 200

    type_in("keys", "revoke", "gazette", number)

    assert client.get("/v1/moderation/counts", headers=headers).status_code == 401


def test_a_persons_role_is_no_token(type_in, gazette, services):
    add = ("--name", "Zoé", "--site", "gazette", "--role", "lead")
    type_in("people", "add", "zoe@gazette.example", *add)
    with services.database.read() as memory:
        site = memory.sites.by_name("gazette")
        (role,) = memory.keys.of_site(site.id)

    refusal = type_in("keys", "revoke", "gazette", str(role.holder.id), fails=True)

    assert "moderation people revoke zoe@gazette.example gazette" in refusal
    assert type_in("keys", "list", "gazette") == ""
    with services.database.read() as memory:
        assert memory.keys.of_site(site.id) == (role,)


def test_a_rotated_key_signs_and_the_old_one_is_still_believed(
    type_in, client, challenge, comment, start, environment
):
    body = comment()
    lines = _keys(environment)

    type_in("keys", "rotate")

    assert _keys(environment)[1:] == lines
    renewed = create_app(start(environment)).test_client()
    assert renewed.post("/v1/comments", json=body).status_code == 201


def _keys(environment):
    return (Path(environment["MODERATION_DATA"]) / "signing.keys").read_text().split()


@pytest.mark.parametrize(
    "words", [(), ("sites",), ("keys",), ("sites", "policy"), ("sites", "change"), ("run",)]
)
def test_help_helps(type_in, words):
    assert "Usage:" in type_in(*words, "--help")


@pytest.fixture
def entries(services, gazette):
    """Return the audit of the site as far as it tells of the command line."""

    def read():
        with services.database.read() as memory:
            found = [
                entry.content for entry in memory.audit.all(memory.sites.by_name("gazette").id)
            ]
        assert {(one["moderator"], one["key"]) for one in found} <= {("operator", None)}
        return found

    return read


def test_a_policy_changed_here_is_in_the_audit(type_in, gazette, entries):
    type_in("sites", "policy", "gazette")
    type_in("sites", "policy", "gazette", "--maximum-links", "2")  # as it was
    type_in("sites", "policy", "gazette", "--maximum-links", "7")

    (entry,) = entries()
    assert entry["kind"] == "policy"
    assert entry["changes"] == {"maximum_links": {"from": 2, "to": 7}}


def test_what_changes_of_a_site_is_in_the_audit(type_in, gazette, entries):
    type_in("sites", "change", "gazette", "--locale", "fr", "--name", "gazette")  # as it was
    type_in("sites", "change", "gazette", "--locale", "fr", "--origin", "https://b.example")

    (entry,) = entries()
    assert entry["kind"] == "policy"
    assert entry["changes"] == {
        "origins": {"from": ["https://gazette.example"], "to": ["https://b.example"]}
    }


def test_tokens_given_and_taken_are_in_the_audit(type_in, gazette, entries):
    words = ("--role", "moderator", "--name", "Ahmed", "--scope", "decide", "--expires-days", "3")
    token = type_in("keys", "add", "gazette", *words).splitlines()[-1]
    number = type_in("keys", "list", "gazette").partition("\t")[0]
    type_in("keys", "revoke", "gazette", number)
    type_in("keys", "revoke", "gazette", number, fails=True)

    given, taken = entries()
    assert (given["kind"], given["action"], given["holder"]) == ("key", "add", "Ahmed")
    assert (given["role"], given["scopes"]) == ("moderator", ["decide"])
    assert given["expires_at"]
    assert (taken["kind"], taken["action"], taken["holder"]) == ("key", "revoke", "Ahmed")
    assert given["holder_key"] == taken["holder_key"] == int(number)
    assert token not in str(given)
