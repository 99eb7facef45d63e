"""Another policy for a site: what may stand in it, and what the audit says of the change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.domain.key import Role
from moderation.domain.site import Moderation, Policy
from moderation.errors import InvalidRequest, NotFound
from moderation.review.policy import change_policy, check


@pytest.fixture
def change(services, site, add_key, clock):
    """Change the policy of the site: `change(maximum_links=3)`."""
    token = add_key(site, Role.LEAD, "Zoé")["Authorization"].removeprefix("Bearer ")
    with services.database.read() as memory:
        lead = memory.keys.by_token(token, clock()).holder

    def make(site_id=site.id, **fields):
        policy = replace(site.policy, **fields)
        change_policy(site_id, policy, lead, services.database, clock())
        return policy

    return make


@pytest.fixture
def entries(services, site):
    def read():
        with services.database.read() as memory:
            return [entry.content for entry in memory.audit.all(site.id)]

    return read


def test_only_what_changed_is_entered_with_what_it_was(services, site, change, entries):
    policy = change(
        moderation=Moderation.PRE, trust_after=3, edit_window=timedelta(0), blocked_words=("x",)
    )

    (entry,) = entries()
    assert (entry["kind"], entry["moderator"]) == ("policy", "Zoé")
    assert entry["changes"] == {
        "moderation": {"from": "post", "to": "pre"},
        "blocked_words": {"from": [], "to": ["x"]},
        "edit_window": {"from": 900.0, "to": 0.0},
        "trust_after": {"from": None, "to": 3},
    }
    with services.database.read() as memory:
        assert memory.sites.by_id(site.id).policy == policy


def test_a_policy_that_stays_the_same_is_no_entry(change, entries):
    change()

    assert entries() == []


def test_a_policy_that_cannot_be_changes_nothing(services, site, change, entries):
    with pytest.raises(InvalidRequest):
        change(maximum_links=101)

    assert entries() == []
    with services.database.read() as memory:
        assert memory.sites.by_id(site.id).policy == site.policy


def test_a_site_that_is_not_there_has_no_policy(change):
    with pytest.raises(NotFound):
        change(site_id=99)


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"hold_above": -0.1}, "/hold_above", "too_small"),
        ({"reject_above": 1.1}, "/reject_above", "too_big"),
        ({"hold_above": float("nan")}, "/hold_above", "not_a_figure"),
        ({"hold_above": 0.9, "reject_above": 0.1}, "/hold_above", "thresholds_order"),
        ({"comments_per_client": "often"}, "/comments_per_client", "not_a_rate"),
        ({"comments_per_client": "0 per minute"}, "/comments_per_client", "rate_of_zero"),
        ({"comments_per_site": "9/second; 0/hour"}, "/comments_per_site", "rate_of_zero"),
        ({"comments_per_site": ""}, "/comments_per_site", "not_a_rate"),
        ({"challenges_per_client": "5 per minute;" * 50}, "/challenges_per_client", "not_a_rate"),
        ({"minimum_answer": timedelta(seconds=61)}, "/minimum_answer", "too_big"),
        ({"close_after": timedelta(0)}, "/close_after", "too_small"),
        ({"edit_window": timedelta(days=2)}, "/edit_window", "too_big"),
        ({"hold_after_reports": 0}, "/hold_after_reports", "too_small"),
        ({"trust_after": 0}, "/trust_after", "too_small"),
        ({"blocked_words": ("x" * 255,)}, "/blocked_words", "too_long"),
        ({"blocked_words": ("x",) * 5001}, "/blocked_words", "too_many"),
    ],
)
def test_what_cannot_stand_in_a_policy_is_refused_with_its_field(fields, pointer, code):
    with pytest.raises(InvalidRequest) as refusal:
        check(replace(Policy(), **fields))

    assert [(one.pointer, one.code) for one in refusal.value.problems] == [(pointer, code)]


def test_every_problem_is_told_at_once():
    with pytest.raises(InvalidRequest) as refusal:
        check(Policy(maximum_links=-1, comments_per_site="often", trust_after=1001))

    assert len(refusal.value.problems) == 3


def test_the_defaults_can_be():
    check(Policy())
