"""Errors as clients see them."""

import pytest

from moderation import errors
from moderation.web.problems import STATUS

OUR_OWN = {  # never leave the process
    errors.ModerationError,
    errors.ConfigurationError,
    errors.NothingToLearn,
    errors.TrainingFailed,
    errors.AddressRefused,
    errors.MailRefused,
}


def family(error):
    return {error}.union(*(family(child) for child in error.__subclasses__()))


def test_every_error_has_a_status():
    assert family(errors.ModerationError) - OUR_OWN == set(STATUS)


def test_error_codes_are_unique():
    codes = [error.code for error in family(errors.ModerationError)]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/nowhere", 404, "not_found"),
        ("delete", "/v1/counts", 405, "method_not_allowed"),
        ("get", "/v1/moderation/comments", 401, "unauthenticated"),
        ("get", "/v1/comments?site=unknown&thread=https://a.example", 404, "unknown_site"),
        ("get", "/v1/comments?site=unknown", 422, "invalid"),
    ],
)
def test_every_refusal_is_a_problem_document(client, method, path, status, code):
    reply = client.open(path, method=method.upper())

    assert reply.status_code == status
    assert reply.content_type == "application/problem+json"
    assert reply.json["code"] == code
    assert reply.json["status"] == status
    assert reply.json["detail"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b'{"a": 1, "a": 2}', 400, "malformed"),
        (b'{"a": NaN}', 400, "malformed"),
        (b"\xff\xfe{\x00}\x00", 400, "malformed"),
        (b"[" * 60_000, 400, "malformed"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, "malformed"),
        (b"1" * 5_000, 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b" " * 70_000, 413, "too_large"),
    ],
    ids=range(12),
)
def test_a_body_that_is_none_is_refused(client, body, status, code):
    reply = client.post("/v1/comments", data=body, content_type="application/json")

    assert (reply.status_code, reply.json["code"]) == (status, code)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_only_json_is_taken_by_the_api(client, kind):
    reply = client.post("/v1/comments", data=b"{}", content_type=kind)

    assert (reply.status_code, reply.json["code"]) == (415, "unsupported_media_type")


def test_a_problem_speaks_the_readers_language(client):
    body = {"site": "unknown"}

    french = client.post("/v1/challenges", json=body)
    english = client.post("/v1/challenges", json=body, headers={"Accept-Language": "en"})

    assert french.json["detail"] == "Ce site n’est pas connu du service."
    assert english.json["detail"] == "This site is not known to the service."


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"site": 1}, "/site", "not_text"),
        ({"text": "   \n "}, "/text", "empty"),
        ({"text": "a\x00b"}, "/text", "control_characters"),
        ({"text": "a" * 10_001}, "/text", "too_long"),
        ({"text": "\u200b\u2060"}, "/text", "empty"),
        ({"text": None}, "/text", "missing"),
        ({"text": ["a"]}, "/text", "not_text"),
        ({"author": {"name": ""}}, "/author/name", "empty"),
        ({"author": {"name": "a\nb"}}, "/author/name", "control_characters"),
        ({"author": {"name": "a", "email": "a@b"}}, "/author/email", "not_an_email"),
        ({"author": {"name": "a", "url": "javascript:x"}}, "/author/url", "not_a_url"),
        ({"author": {"name": "a", "role": "admin"}}, "/author/role", "unknown_field"),
        ({"author": "Lucie"}, "/author", "not_object"),
        ({"thread": {"url": "gazette"}}, "/thread/url", "not_a_url"),
        ({"parent": False}, "/parent", "not_text"),
        ({"status": "published"}, "/status", "unknown_field"),
        ({"a/b~c": 1}, "/a~1b~0c", "unknown_field"),
        ({"captcha": {}}, "/captcha", "one_captcha"),
        ({"captcha": {"token": "x", "answer": 17}}, "/captcha/answer", "not_text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_wrong_field_is_pointed_at(send, changes, pointer, code):
    reply = send(**changes)

    assert reply.status_code == 422
    assert {"pointer": pointer, "code": code} in [
        {"pointer": e["pointer"], "code": e["code"]} for e in reply.json["errors"]
    ]
    assert all(e["message"] for e in reply.json["errors"])


def test_a_lone_surrogate_is_pointed_at(client, comment):
    body = comment(text="SURROGATE")
    raw = client.application.json.dumps(body).replace("SURROGATE", "a\\ud800b")

    reply = client.post("/v1/comments", data=raw, content_type="application/json")

    assert reply.status_code == 422
    assert reply.json["errors"][0]["pointer"] == "/text"


def test_an_unforeseen_error_tells_nothing(client, services, monkeypatch, capfd):
    def fail(*_):
        raise RuntimeError("secret words of a reader")

    monkeypatch.setattr(type(services.sites), "by_key", fail)

    reply = client.post("/v1/challenges", json={"site": "x"})

    assert (reply.status_code, reply.json["code"]) == (500, "internal")
    assert "secret" not in reply.text
    assert "secret" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("locale", "accepted", "expected"),
    [
        (None, None, "Ce calcul a déjà servi."),
        (None, "en-GB,en;q=0.9", "This calculation was used before."),
        ("fr", "en", "Ce calcul a déjà servi."),
        ("en", None, "This calculation was used before."),
        (None, "ja", "Ce calcul a déjà servi."),
        (None, "de", "Diese Rechenaufgabe wurde schon einmal verwendet."),
    ],
)
def test_a_refused_comment_is_told_in_the_readers_language(
    send, challenge, locale, accepted, expected
):
    captcha = challenge()
    send(captcha=captcha)

    reply = send(captcha=captcha, locale=locale, headers=accepted and {"Accept-Language": accepted})

    assert reply.json["detail"].startswith(expected)


def test_choices_are_listed_without_a_word_of_another_language(client, as_moderator):
    reply = client.get("/v1/moderation/comments?status=x", headers=as_moderator)

    assert reply.json["errors"][0]["message"] == (
        "Valeurs possibles\u00a0: held, published, rejected, withdrawn."
    )


def test_a_query_text_that_is_too_long_is_told_so(client, as_moderator):
    reply = client.get(
        "/v1/moderation/comments", query_string={"q": "x" * 5000}, headers=as_moderator
    )

    assert reply.json["errors"][0]["code"] == "too_long"


def test_a_method_that_is_none_is_405_whatever_the_body(client):
    assert client.put("/v1/comments", data=b"x").status_code == 405
