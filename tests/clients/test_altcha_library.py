"""ALTCHA's Python library as a client: it solves our challenges and asks us whether they are.

Nothing is shortened here: the searches are as long as a reader's.
"""

import json
from datetime import timedelta
from urllib.request import Request, urlopen

import altcha
import pytest
from altcha import v1
from working import work_out


@pytest.fixture
def site(add_site):
    return add_site(minimum_answer=timedelta(0), hold_above=1.0, reject_above=1.0)


@pytest.fixture(params=[1, 2])
def payload(request, url, site):
    with urlopen(f"{url}/altcha/challenge?site={site.key}&v={request.param}") as reply:
        return work_out(json.load(reply))


def test_its_remote_verification_is_told_yes_once(url, payload):
    first = altcha.verify_server(payload, f"{url}/altcha/verify", secret="not needed here")
    second = altcha.verify_server(payload, f"{url}/altcha/verify")

    assert (first.verified, first.reason) == (True, None)
    assert not second.verified


def test_what_it_solved_opens_a_comment(url, payload, comment):
    body = json.dumps(comment(captcha={"altcha": payload})).encode()
    request = Request(f"{url}/v1/comments", body, {"Content-Type": "application/json"})

    with urlopen(request) as reply:
        assert reply.status == 201

    assert not altcha.verify_server(payload, f"{url}/altcha/verify").verified


def test_it_reads_the_expiry_of_both_versions(client, site):
    new, old = (
        client.get("/altcha/challenge", query_string={"site": site.key, "v": v}).json
        for v in (2, 1)
    )

    assert altcha.Challenge.from_dict(new).to_dict() == new
    assert v1.extract_params({"salt": old["salt"]})["expires"][0].isdigit()
    assert isinstance(altcha.Challenge.from_dict(new).parameters.expires_at, int)
