"""The one address of a page."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderation.domain.thread import Thread, normalise_url, origin_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spelling", "normal"),
    [
        ("https://Gazette.example/Village/", "https://gazette.example/Village"),
        ("HTTPS://gazette.example:443/a", "https://gazette.example/a"),
        ("http://gazette.example:8080/", "http://gazette.example:8080"),
        (
            "https://gazette.example/a?utm_source=x&b=2&a=1#suite",
            "https://gazette.example/a?a=1&b=2",
        ),
        ("https://gazette.example/caf%C3%A9", "https://gazette.example/caf%C3%A9"),
        ("https://gazette.example/café", "https://gazette.example/caf%C3%A9"),
        ("https://gazette.example/%7Enous", "https://gazette.example/~nous"),
        ("https://été.example./x", "https://xn--t-9fab.example/x"),
        ("https://[::1]:8000/x", "https://[::1]:8000/x"),
    ],
)
def test_spellings_of_one_address_are_one_thread(spelling, normal):
    assert normalise_url(spelling) == normal


@pytest.mark.parametrize(
    "address",
    [
        "", "gazette.example/a", "javascript:alert(1)", "ftp://gazette.example/", "https://",
        "https:///a", "https://user:secret@gazette.example/", "https://gazette.example:99999/",
        "https://gazette.example/\n", "https://gazette.example/\x00", "https://g.example/%ff",
        "https://gazette.example/" + "a" * 2000, "https://[::1", "https://a\ud800.example/",
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused(address):
    with pytest.raises(ValueError):
        normalise_url(address)


@given(st.text(max_size=80))
@example("?a=%00")
@example("//[")
def test_any_text_is_normalised_once_for_all_or_refused(path):
    try:
        normal = normalise_url(f"https://gazette.example/{path}")
    except ValueError:
        return

    assert normalise_url(normal) == normal
    assert normal.isascii()


def test_an_origin_is_what_browsers_send():
    assert origin_of("https://Gazette.example:443/a/b?c") == "https://gazette.example"


def test_a_thread_closes_after_its_days():
    thread = Thread(1, 1, "https://gazette.example/a", "", NOW - timedelta(days=30))

    assert thread.is_closed(NOW, timedelta(days=30))
    assert not thread.is_closed(NOW, timedelta(days=31))
    assert not thread.is_closed(NOW, None)
