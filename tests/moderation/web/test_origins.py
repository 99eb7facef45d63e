"""Which pages may call for a site, and read what is answered."""

import pytest
from places import ARTICLE, ORIGIN

ELSEWHERE = "https://elsewhere.example"


def test_the_sites_page_may_read_the_answer(client, site):
    reply = client.get(
        "/v1/comments",
        query_string={"site": site.key, "thread": ARTICLE},
        headers={"Origin": ORIGIN},
    )

    assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in reply.headers["Vary"]


def test_another_page_is_refused_and_may_read_why(client, site):
    reply = client.get(
        "/v1/comments",
        query_string={"site": site.key, "thread": ARTICLE},
        headers={"Origin": ELSEWHERE},
    )

    assert (reply.status_code, reply.json["code"]) == (403, "origin_not_allowed")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("body", "status"), [({"site": "unknown"}, 404), ({}, 422), ({"site": "x" * 65_000 * 2}, 413)]
)
def test_a_page_may_read_why_it_is_refused(client, site, body, status):
    reply = client.post("/v1/challenges", json=body, headers={"Origin": ORIGIN})

    assert reply.status_code == status
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in reply.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "POST", "GET"])
def test_browsers_may_ask_beforehand(client, method):
    reply = client.options(
        "/v1/comments/1",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization",
        },
    )

    assert method in reply.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in reply.headers["Access-Control-Allow-Headers"]
