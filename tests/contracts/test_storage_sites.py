"""Sites and keys: found by what they show, and told from others."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from moderation.domain.key import Moderator, Role
from moderation.domain.site import CaptchaLevel, CaptchaMode, Moderation, Policy
from moderation.errors import InvalidRequest, NotFound, Unauthenticated, UnknownSite
from moderation.storage import policies

durations = st.integers(0, 10**9).map(lambda n: timedelta(milliseconds=n))
thresholds = st.none() | st.floats(0, 1)
every_policy = st.builds(
    Policy,
    hold_above=thresholds,
    reject_above=thresholds,
    captcha=st.sampled_from(CaptchaMode),
    captcha_level=st.sampled_from(CaptchaLevel),
    moderation=st.sampled_from(Moderation),
    maximum_links=st.integers(0, 100),
    blocked_words=st.lists(st.text()).map(tuple),
    minimum_answer=durations,
    close_after=st.none() | durations,
)


@given(every_policy)
def test_a_policy_survives_json(policy):
    assert policies.load(policies.save(policy)) == policy


def test_a_policy_of_another_version_is_read_as_far_as_it_is_understood():
    document = {"maximum_links": 7, "invented_later": True}

    assert policies.load(document) == Policy(maximum_links=7)


def test_every_field_of_a_policy_is_stored():
    assert set(policies.save(Policy())) == set(Policy.__dataclass_fields__)


def test_a_site_gets_keys_of_its_own(database, now):
    with database.transaction() as tx:
        first = tx.sites.add("one", [], "fr", Policy(), now)
        second = tx.sites.add("two", [], "fr", Policy(), now)

    assert re.fullmatch(r"site_[\w-]{24}", first.key)
    assert re.fullmatch(r"[\w-]{43}", first.secret)
    assert re.fullmatch(r"[a-z0-9]{12}", first.akismet_key)
    mine = {first.key, first.secret, first.akismet_key}
    assert mine.isdisjoint({second.key, second.secret, second.akismet_key})


def test_a_site_is_found_by_any_of_its_keys(database, now):
    policy = Policy(hold_above=0.4, blocked_words=("casino",), close_after=timedelta(days=30))
    with database.transaction() as tx:
        site = tx.sites.add("Été", ["https://a.example"], "fr-BE", policy, now)

    with database.read() as tx:
        assert tx.sites.by_key(site.key) == site
        assert tx.sites.by_id(site.id) == site
        assert tx.sites.by_name("Été") == site
        assert tx.sites.by_secret(site.secret) == site
        assert tx.sites.by_akismet_key(site.akismet_key) == site
        assert tx.sites.all() == (site,)
    assert site.policy == policy


@pytest.mark.parametrize("key", ["", "site_unknown", "\x00", "\ud800", "' OR 1=1 --"])
def test_an_unknown_key_opens_no_site(database, site, key):
    with database.read() as tx:
        with pytest.raises(UnknownSite):
            tx.sites.by_key(key)
        assert tx.sites.by_name(key) is None
        assert tx.sites.by_secret(key) is None
        assert tx.sites.by_akismet_key(key) is None
        with pytest.raises(NotFound):
            tx.sites.by_id(site.id + 1)


def test_two_sites_cannot_have_the_same_name(database, site, now):
    with pytest.raises(InvalidRequest) as refusal, database.transaction() as tx:
        tx.sites.add(site.name, [], "fr", Policy(), now)

    assert [(p.pointer, p.code) for p in refusal.value.problems] == [("/name", "name_taken")]


def test_a_policy_can_be_replaced(database, site):
    with database.transaction() as tx:
        tx.sites.set_policy(site.id, Policy(maximum_links=9))

    with database.read() as tx:
        assert tx.sites.by_key(site.key).policy == Policy(maximum_links=9)
    with pytest.raises(NotFound), database.transaction() as tx:
        tx.sites.set_policy(site.id + 1, Policy())


def test_origins_can_be_replaced(database, site):
    with database.transaction() as tx:
        tx.sites.change(site.id, origins=["https://autre.example"])

    with database.read() as tx:
        assert tx.sites.by_key(site.key).origins == ("https://autre.example",)
    with pytest.raises(NotFound), database.transaction() as tx:
        tx.sites.change(site.id + 1, origins=[])


def test_a_site_can_be_renamed_but_not_like_another(database, site, now):
    with database.transaction() as tx:
        tx.sites.add("La Gazette", [], "fr", Policy(), now)
        tx.sites.change(site.id, name="Le Courrier")

    with pytest.raises(InvalidRequest) as refusal, database.transaction() as tx:
        tx.sites.change(site.id, name="La Gazette")

    assert [(p.pointer, p.code) for p in refusal.value.problems] == [("/name", "name_taken")]
    with database.read() as tx:
        assert tx.sites.by_key(site.key).name == "Le Courrier"


def test_a_token_tells_who_is_calling(database, site, now):
    with database.transaction() as tx:
        token = tx.keys.add(site, Role.LEAD, "Zoé", now)

    with database.read() as tx:
        moderator = tx.keys.by_token(token, now).holder
        assert [key.holder for key in tx.keys.of_site(site.id)] == [moderator]
    assert re.fullmatch(r"mod_[\w-]{43}", token)
    assert moderator == Moderator(moderator.id, site.id, site.key, "Zoé", Role.LEAD)


def test_a_token_is_nowhere_in_the_database(database, engine, site, now):
    with database.transaction() as tx:
        token = tx.keys.add(site, Role.LEAD, "Zoé", now)

    with engine.connect() as connection:
        stored = [
            str(value) for row in connection.execute(text("SELECT * FROM keys")) for value in row
        ]
    assert not any(token[4:] in value for value in stored)
    assert any(re.fullmatch("[0-9a-f]{64}", value) for value in stored)


@pytest.mark.parametrize("token", ["", "mod_unknown", "\x00", "\ud800"])
def test_an_unknown_token_is_nobody(database, site, token, now):
    with database.read() as tx, pytest.raises(Unauthenticated):
        tx.keys.by_token(token, now)


def test_a_revoked_token_is_nobody(database, site, now):
    with database.transaction() as tx:
        token = tx.keys.add(site, Role.MODERATOR, "Zoé", now)
        key_id = tx.keys.by_token(token, now).holder.id
        with pytest.raises(NotFound):
            tx.keys.revoke(key_id, site.id + 1, now)

    with database.transaction() as tx:
        tx.keys.revoke(key_id, site.id, now)

    with database.transaction() as tx:
        assert tx.keys.of_site(site.id) == ()
        with pytest.raises(Unauthenticated):
            tx.keys.by_token(token, now)
        with pytest.raises(NotFound):
            tx.keys.revoke(key_id, site.id, now)
