"""Nobody reaches through the form: no markup, no header, no other page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import Page, follow
from places import ARTICLE, ORIGIN

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


def test_nothing_a_reader_writes_becomes_markup(client, post, show):
    reflected = Page(post(name=SCRIPT, text=SCRIPT, email=SCRIPT, url=SCRIPT, title=SCRIPT))
    stored = follow(client, post(name=SCRIPT, text=SCRIPT, title=SCRIPT))
    parent = next(f["id"] for tag, f in stored.tags if tag == "article").removeprefix("comment-")
    answering = show(parent=parent, title=SCRIPT)

    assert reflected.status == 422
    for page in (reflected, stored, answering):
        assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "style"})
        assert not any(name.startswith("on") for _, found in page.tags for name in found)
    assert reflected.text == SCRIPT
    assert reflected.fields["url"]["value"] == SCRIPT
    assert "<script>alert(1)</script>" in stored.texts["words"]


def test_line_ends_in_an_address_start_no_header(client, site):
    query = {"site": site.key, "thread": f"{ARTICLE}\r\nX-Evil: 1", "lang": "fr\r\nX-Evil: 1"}

    reply = client.get("/form", query_string=query)

    assert reply.status_code == 422
    assert "X-Evil" not in reply.headers


def test_a_form_leads_to_our_own_page_only(client, write, show):
    page = show(thread="https://elsewhere.example/page")
    sent = write(page)

    reply = client.post("/form", data=sent)

    address = urlsplit(reply.headers["Location"])
    assert (address.scheme, address.netloc, address.path) == ("", "", "/form")
    assert parse_qs(address.query)["thread"] == ["https://elsewhere.example/page"]
    assert not any(link.startswith("https:") for link in page.links.values())
    assert ARTICLE in show().links.values()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (ORIGIN, 303),
        ("http://localhost", 303),  # the name the client calls the service by
        ("http://127.0.0.1:8000", 303),  # its own address, from the settings
        ("https://elsewhere.example", 403),
        ("https://elsewhere.example/http://localhost", 403),
        ("null", 403),
    ],
)
def test_a_form_may_stand_on_our_pages_and_the_sites(post, origin, status):
    assert post(headers={"Origin": origin}).status_code == status


def test_the_pages_run_no_script_and_are_nobody_elses(show):
    headers = show().headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'self'" in policy
    assert headers["Cache-Control"] == "private, no-cache"  # no-store would forget what was typed
    assert headers["X-Frame-Options"] == "DENY"
