"""Hostile input gets nothing, and never an error of ours."""

import copy
import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import ARTICLE
from schemathesis.checks import content_type_conformance, not_a_server_error

SCRIPT = "<script>alert(document.cookie)</script>"
INJECTIONS = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE comments; --",
    "{{7*7}}${7*7}%s%n",
    "\u202etxt.exe",
    "a\r\nSet-Cookie: x=1",
]
FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def environment(environment):
    """Without limits, which would answer before anything is read."""
    return {**environment, "MODERATION_LIMITS": "off"}


@pytest.mark.parametrize("injection", INJECTIONS)
def test_what_is_injected_is_text_and_nothing_else(send, client, site, as_moderator, injection):
    sent = send(
        text=f"Bonjour à tous {injection}",
        author={"name": injection.replace("\r\n", " "), "url": "https://lucie.example"},
        thread={"url": ARTICLE, "title": injection.replace("\r\n", " ")},
    )

    query = {"site": site.key, "thread": ARTICLE}
    shown = client.get("/v1/comments", query_string=query)
    listed = client.get("/v1/moderation/comments", headers=as_moderator)
    assert sent.status_code in (201, 202)
    assert "Set-Cookie" not in sent.headers
    for reply in (sent, shown, listed):
        assert reply.status_code < 300
        for item in reply.json.get("comments", [reply.json]):
            assert "<script" not in item.get("html", "")
            assert "<img" not in item.get("html", "")
    assert client.get("/v1/moderation/counts", headers=as_moderator).status_code == 200


@pytest.mark.parametrize(
    "extra",
    [{"status": "published"}, {"id": "1"}, {"score": 0}, {"site_id": 1}, {"version": 1}],
    ids=str,
)
def test_nobody_assigns_what_is_ours(send, extra):
    assert send(**extra).status_code == 422


@FUZZ
@given(data=st.data())
def test_no_value_anywhere_in_a_comment_makes_us_fail(client, site, data):
    body = {
        "site": site.key,
        "thread": {"url": ARTICLE, "title": ""},
        "parent": None,
        "author": {"name": "Lucie", "email": "", "url": ""},
        "text": "Bonjour.",
        "captcha": {"token": "x", "answer": "1"},
        "website": "",
        "locale": "fr",
    }
    paths = [(k,) for k in body] + [
        (k, i) for k in body if isinstance(body[k], dict) for i in body[k]
    ]
    *outer, name = data.draw(st.sampled_from(paths))
    changed = copy.deepcopy(body)
    place = changed[outer[0]] if outer else changed
    place[name] = data.draw(JSON | st.sampled_from(INJECTIONS))

    reply = client.post("/v1/comments", data=json.dumps(changed), content_type="application/json")

    assert 400 <= reply.status_code < 500, (changed, reply.text)
    assert reply.content_type == "application/problem+json"


@FUZZ
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_make_us_fail(client, body):
    for path in ("/v1/comments", "/v1/challenges", "/v1/challenges/answers"):
        reply = client.post(path, data=body, content_type="application/json")
        assert 400 <= reply.status_code < 500


@FUZZ
@given(
    query=st.dictionaries(
        st.sampled_from(["site", "thread", "cursor", "limit", "order", "q", "since", "x"]),
        st.text(max_size=60),
        max_size=5,
    )
)
def test_no_query_makes_us_fail(client, site, as_operator, query):
    query = {"site": site.key, **query}
    for path in ("comments", "counts", "moderation/comments", "moderation/audit", "labels.jsonl"):
        reply = client.get(f"/v1/{path}", query_string=query, headers=as_operator)
        assert reply.status_code < 500, (path, query, reply.text)


def test_every_described_operation_stands_up_to_any_request(app, as_operator):
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [result.ok() for result in described.get_all_operations()]

    for operation in operations:

        @settings(FUZZ, max_examples=30, derandomize=True)
        @given(case=operation.as_strategy())
        def stands(case):
            reply = case.call(headers=as_operator)
            case.validate_response(reply, checks=[not_a_server_error, content_type_conformance])

        stands()

    assert len(operations) >= 12
