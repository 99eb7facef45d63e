"""Excerpts of the audit: who, what, when, in both databases."""

import math
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.domain.audit import Kind, Note
from moderation.domain.site import Policy
from moderation.errors import InvalidRequest
from moderation.storage import cursors
from moderation.storage.cursors import Position
from moderation.storage.excerpts import Excerpt

NAMES = ("Camille", "Dominique", "service")
KINDS = (Kind.DECISION, Kind.POLICY, Kind.BLOCK)
MINUTES = (0, 3, 1, 2, 5, 4)  # whoever enters first has not always looked at the clock first


@pytest.fixture
def told(database, site, now):
    """Eighteen entries: each name and kind, at six times; as (kind, name, moment), by number."""
    made = [
        (kind, name, now + timedelta(minutes=MINUTES[n % len(MINUTES)]))
        for n, (kind, name, _) in enumerate(product(KINDS, NAMES, range(2)))
    ]
    with database.transaction() as transaction:
        for kind, name, moment in made:
            transaction.audit.append(site.id, Note(kind, name, None, moment, {"action": "try"}))
    return dict(enumerate(made, 1))


@pytest.fixture
def ask(database, site):
    """Turn the pages of an excerpt, and return the numbers on them."""

    def run(limit=4, **asked):
        numbers, cursor = [], None
        while True:
            excerpt = Excerpt(site.id, **asked, cursor=cursor, limit=limit)
            with database.read() as memory:
                page = memory.audit.page(excerpt)
            assert 0 < len(page.items) <= limit or not numbers
            numbers.extend(entry.number for entry in page.items)
            if page.next is None:
                return numbers
            cursor = page.next

    return run


def test_without_criteria_it_is_the_whole_audit(ask, told):
    assert ask() == sorted(told, reverse=True)


@pytest.mark.parametrize("kind", KINDS)
def test_entries_of_a_kind(ask, told, kind):
    assert sorted(ask(kind=kind)) == [n for n in told if told[n][0] is kind]


def test_entries_of_a_person(ask, told):
    found = ask(moderator="Dominique")

    assert sorted(found) == [n for n in told if told[n][1] == "Dominique"]
    assert ask(moderator="dominique") == []


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(ask, told, now):
    since, until = now + timedelta(minutes=1), now + timedelta(minutes=4)

    found = ask(since=since, until=until)

    assert sorted(found) == [n for n in told if since <= told[n][2] < until]


@pytest.mark.parametrize(
    "narrowed", [{"kind": Kind.DECISION}, {"moderator": "Camille"}, {"kind": Kind.BLOCK}]
)
def test_what_is_narrowed_comes_the_newest_first(ask, told, narrowed):
    moments = [(told[n][2], n) for n in ask(**narrowed)]

    assert moments == sorted(moments, reverse=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_criteria_narrow_together_and_pages_show_every_entry_once(ask, told, now, data):
    minute = st.none() | st.integers(-1, 7).map(lambda n: now + timedelta(minutes=n))
    asked = {
        "kind": data.draw(st.none() | st.sampled_from(Kind), label="kind"),
        "moderator": data.draw(st.none() | st.sampled_from((*NAMES, "Personne")), label="who"),
        "since": data.draw(minute, label="since"),
        "until": data.draw(minute, label="until"),
    }

    found = ask(limit=data.draw(st.integers(1, 20), label="limit"), **asked)

    assert sorted(found) == [
        number
        for number, (kind, name, moment) in told.items()
        if asked["kind"] in (None, kind)
        and asked["moderator"] in (None, name)
        and (asked["since"] is None or asked["since"] <= moment)
        and (asked["until"] is None or moment < asked["until"])
    ]


def test_another_sites_entries_are_in_no_excerpt(database, told, now):
    with database.transaction() as transaction:
        other = transaction.sites.add("ailleurs", (), "fr", Policy(), now)
        page = transaction.audit.page(Excerpt(other.id, moderator="Camille"))

    assert page.items == ()


def test_a_cursor_is_good_for_its_own_excerpt_alone(database, site, told):
    with database.read() as memory:
        cursor = memory.audit.page(Excerpt(site.id, limit=2)).next

        with pytest.raises(InvalidRequest):
            memory.audit.page(Excerpt(site.id, moderator="Camille", cursor=cursor))


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, 1e300, -1e300, 0.0])
@pytest.mark.parametrize("timed", [True, False])
def test_a_made_up_cursor_is_refused_or_begins_somewhere(database, site, told, now, weight, timed):
    excerpt = Excerpt(site.id, since=now if timed else None)
    forged = cursors.write(excerpt.scope, Position(str(UUID(int=2**127)), weight))

    with database.read() as memory, pytest.raises(InvalidRequest):
        memory.audit.page(Excerpt(site.id, since=excerpt.since, cursor=forged))
