"""What every answer carries, and what no log entry holds."""

import io
import json

import pytest
import structlog
from places import ARTICLE

from moderation.web.logs import configure


@pytest.mark.parametrize("path", ["/healthz", "/v1/nowhere", "/demo", "/docs", "/openapi.json"])
def test_every_answer_is_protected(client, path):
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Request-Id"]


def test_an_injected_header_stays_a_value(client, site):
    reply = client.get(
        "/v1/comments", query_string={"site": site.key, "thread": ARTICLE + "\r\nX-Evil: 1"}
    )

    assert reply.status_code == 422
    assert "X-Evil" not in reply.headers


@pytest.fixture
def log():
    """What was logged so far, entry by entry."""
    stream = io.StringIO()
    configure("debug", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]

    structlog.reset_defaults()


def test_a_log_entry_says_what_was_asked_and_nothing_of_the_reader(
    log, send, client, as_moderator, challenge
):
    captcha = challenge()
    sent = send(
        text="Un secret bien gardé dans ce texte.",
        author={"name": "Ursule", "email": "ursule@courriel.example"},
        captcha=captcha,
    )
    client.get("/v1/moderation/comments?q=ursule", headers=as_moderator)

    entries = log()

    requests = [e for e in entries if e["event"] == "request"]
    assert {"method", "route", "status", "milliseconds", "request_id", "timestamp"} <= set(
        requests[-1]
    )
    assert len({e["request_id"] for e in requests}) == len(requests)
    written = json.dumps(entries, ensure_ascii=False).lower()
    tokens = (captcha["token"], sent.json["edit_token"], as_moderator["Authorization"][7:])
    for word in ("secret", "ursule", "courriel", "127.0.0.1", *tokens):
        assert word.lower() not in written
