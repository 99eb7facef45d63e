"""Who is asked for a captcha: everybody, only the unsure cases, nobody; and the site's members."""

import jwt
import pytest
from solving import solve

from moderation.domain.site import CaptchaMode, Moderation

HAM = "La halle a retrouvé son marché du samedi, et c’est une bonne nouvelle."
LINKS = "Voir https://a.example https://b.example https://c.example et https://d.example"
FAR = 4_000_000_000


@pytest.fixture
def unsure(add_site):
    return add_site("prudente", captcha=CaptchaMode.UNSURE, comments_per_client="1000 per minute")


@pytest.fixture
def identity(clock):
    def sign(site, secret=None, **claims):
        known = {"sub": "4711", "name": "Lucie M.", "aud": site.key, "exp": FAR, **claims}
        kept = {name: value for name, value in known.items() if value is not None}
        return jwt.encode(kept, secret or site.secret, algorithm="HS256")

    return sign


def answered(reply):
    asked = reply.json["challenge"]
    return {"token": asked["token"], "answer": solve(asked["question"])}


def test_plain_ham_passes_without_a_puzzle(unsure, send):
    assert send(site=unsure.key, captcha=None, text=HAM).status_code == 201


def test_what_is_not_plain_ham_is_asked_for_one_and_then_taken_in(unsure, send):
    asked = send(site=unsure.key, captcha=None, text=LINKS)

    assert (asked.status_code, asked.json["code"]) == (403, "captcha_required")
    assert asked.json["challenge"]["kind"] == "arithmetic"
    assert send(site=unsure.key, captcha=answered(asked), text=LINKS).status_code == 202


def test_a_comment_that_is_only_asked_about_is_not_kept(unsure, send, add_key, client):
    send(site=unsure.key, captcha=None, text=LINKS)

    counts = client.get("/v1/moderation/counts", headers=add_key(unsure)).json
    assert counts == {"held": 0, "published": 0, "rejected": 0}


def test_the_answer_is_good_for_that_comment_only(unsure, send):
    captcha = answered(send(site=unsure.key, captcha=None, text=LINKS))

    other = send(site=unsure.key, captcha=captcha, text=f"{LINKS} https://e.example")
    same = send(site=unsure.key, captcha=captcha, text=LINKS)

    assert (other.status_code, other.json["code"]) == (403, "captcha_failed")
    assert same.status_code == 202


def test_an_ordinary_challenge_is_good_too(unsure, send, challenge):
    assert send(site=unsure.key, captcha=challenge(unsure.key), text=LINKS).status_code == 202


def test_who_failed_lately_is_asked_whatever_they_write(unsure, send, challenge):
    for _ in range(2):
        send(site=unsure.key, captcha={**challenge(unsure.key), "answer": "99"}, text=HAM)

    assert send(site=unsure.key, captcha=None, text=HAM).json["code"] == "captcha_required"


def test_in_a_crowd_everybody_is_asked(unsure, send, clock):
    crowd = [send(site=unsure.key, captcha=None, text=f"{HAM} {n}") for n in range(200)]

    assert crowd[-1].json["code"] == "captcha_required"
    clock.move(seconds=11)
    calm = send(site=unsure.key, captcha=None, text=f"{HAM} Bref.")
    assert calm.status_code == 201


def test_by_default_everybody_is_asked(send):
    reply = send(captcha=None, text=HAM)

    assert reply.status_code == 422
    assert reply.json["errors"][0]["pointer"] == "/captcha"


def test_a_trusted_member_is_spared_and_signs_as_the_site_says(site, send, client, identity):
    sent = send(captcha=None, identity=identity(site, trusted=True), author={"name": "Quelqu’un"})

    assert sent.status_code == 201
    assert sent.json["comment"]["author"] == {"name": "Lucie M.", "is_member": True}


def test_a_members_comment_is_still_judged(site, send, identity):
    sent = send(captcha=None, identity=identity(site, trusted=True), text=LINKS)

    assert sent.status_code == 202


def test_a_member_who_is_not_trusted_is_asked_like_anybody(site, send, challenge, identity):
    token = identity(site)

    assert send(captcha=None, identity=token).status_code == 422
    assert send(captcha=challenge(), identity=token).status_code == 201


def test_an_address_counts_only_when_the_site_has_verified_it(
    site, send, client, as_moderator, identity
):
    claims = {"trusted": True, "email": "lucie@courriel.example"}
    for n, (is_verified, kept) in enumerate([(True, "lucie@courriel.example"), ("true", "")]):
        token = identity(site, email_verified=is_verified, **claims)
        sent = send(captcha=None, identity=token, text=f"{HAM} Vraiment, {n} fois.").json
        seen = client.get(f"/v1/moderation/comments/{sent['id']}", headers=as_moderator).json
        assert (seen["author"]["email"], seen["member"]) == (kept, "4711")


def test_a_trusted_members_first_comment_does_not_wait(add_site, send, identity):
    pre = add_site("relue", moderation=Moderation.PRE)

    first = send(site=pre.key, captcha=None, identity=identity(pre, trusted=True))

    assert first.status_code == 201


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": 1_763_000_000}, "identity_expired"),
        ({"exp": None}, "identity_invalid"),
        ({"exp": "soon"}, "identity_invalid"),
        ({"exp": 10**400}, "identity_invalid"),
        ({"exp": float("nan")}, "identity_invalid"),
        ({"exp": float("inf")}, "identity_invalid"),
        ({"exp": "4000000000"}, "identity_invalid"),
        ({"exp": True}, "identity_invalid"),
        ({"nbf": FAR}, "identity_invalid"),
        ({"iat": FAR}, "identity_invalid"),
        ({"nbf": "soon"}, "identity_invalid"),
        ({"aud": "site_other"}, "identity_invalid"),
        ({"aud": None}, "identity_invalid"),
        ({"sub": None}, "identity_invalid"),
        ({"sub": ""}, "identity_invalid"),
        ({"sub": 4711}, "identity_invalid"),
        ({"name": ""}, "identity_invalid"),
        ({"name": "x" * 81}, "identity_invalid"),
        ({"name": "a\nb"}, "identity_invalid"),
        ({"secret": "another secret of thirty-two bytes"}, "identity_invalid"),
    ],
)
def test_a_token_that_is_not_good_is_refused(site, send, challenge, identity, claims, code):
    reply = send(captcha=challenge(), identity=identity(site, **claims))

    assert reply.status_code == 422
    assert reply.json["errors"][0]["code"] == code


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_is_good_from_half_a_minute_before_its_time_by_the_services_clock(
    site, send, identity, clock, claim
):
    clock.move(days=400)  # the machine is not there yet
    begins_at = int(clock().timestamp())
    token = identity(site, trusted=True, **{claim: begins_at})

    clock.move(seconds=-31)
    early = send(captcha=None, identity=token)
    clock.move(seconds=1)
    soon = send(captcha=None, identity=token)

    assert (early.status_code, soon.status_code) == (422, 201)


def test_an_unsigned_token_is_refused(site, send, challenge):
    claims = {"sub": "1", "name": "Lucie", "aud": site.key, "exp": FAR, "trusted": True}
    token = jwt.encode(claims, None, algorithm="none")

    reply = send(captcha=challenge(), identity=token)

    assert reply.status_code == 422


def test_a_report_in_an_unsure_site_is_asked_for_a_puzzle(unsure, send, client):
    sent = send(site=unsure.key, captcha=None, text=HAM).json
    path, body = f"/v1/comments/{sent['id']}/reports", {"reason": "SPAM"}

    asked = client.post(path, json=body)
    done = client.post(path, json={**body, "captcha": answered(asked)})

    assert asked.json["code"] == "captcha_required"
    assert done.status_code == 202
