"""Identifiers sort by time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.identifier import new_id

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.integers(1, 10**9))
def test_a_later_identifier_sorts_after_an_earlier_one(moment, microseconds):
    assert new_id(moment) < new_id(moment + timedelta(microseconds=microseconds))


@given(MOMENTS)
def test_an_identifier_is_a_uuid_of_version_7(moment):
    assert UUID(new_id(moment)).version == 7


def test_two_identifiers_of_one_moment_differ():
    now = datetime(2026, 11, 23, tzinfo=UTC)

    assert new_id(now) != new_id(now)
