"""On a pre-moderated site members are trusted once enough of their comments were published."""

from datetime import timedelta

import jwt
import pytest

from moderation.domain.finding import Verdict
from moderation.domain.site import Moderation

EMAIL = "lucie@courriel.example"


@pytest.fixture
def rules():
    return {"trust_after": 2}


@pytest.fixture
def site(add_site, rules):
    rates = "1000 per minute"
    return add_site(
        moderation=Moderation.PRE,
        comments_per_client=rates,
        challenges_per_client=rates,
        hold_above=1.0,
        reject_above=1.0,
        **rules,
    )


@pytest.fixture
def write(send, site, clock, services):
    """Write as somebody, and return the comment as it is kept: `write(member="4711")`."""
    texts = iter(f"Remarque numéro {n} sur la halle du village." for n in range(99))

    def post(member=None, **claims):
        soon = clock() + timedelta(hours=1)
        content = {"sub": member, "name": "Lucie", "aud": site.key, "exp": soon.timestamp()}
        token = jwt.encode({**content, **claims}, site.secret, algorithm="HS256")
        signed = {"identity": token} if member else {}
        clock.move(seconds=1)
        reply = send(text=next(texts), **signed)
        with services.database.read() as memory:
            return memory.comments.get(reply.json["id"], site.id)

    return post


def first(comment):
    return [dict(one.data) for one in comment.findings if one.code == "first_comment"]


def test_a_member_is_no_newcomer_after_as_many_published_comments_as_the_site_says(write, rule):
    for published in range(2):
        comment = write("4711")
        assert first(comment) == [{"published": published, "needed": 2}]
        rule(comment)

    assert first(write("4711")) == []
    assert write("4711").status.value == "published"


def test_another_member_with_the_same_address_is_a_newcomer(write, rule):
    verified = {"email": EMAIL, "email_verified": True}
    for _ in range(2):
        rule(write("4711", **verified))

    assert first(write("4712", **verified)) == [{"published": 0, "needed": 2}]


def test_an_address_that_anybody_can_type_never_counts(write, rule):
    for _ in range(3):
        rule(write())

    assert first(write()) == [{"published": 0, "needed": 2}]


def test_rejected_comments_count_for_nothing(write, rule):
    rule(write("4711"))
    rule(write("4711"), Verdict.HOLD)

    assert first(write("4711")) == [{"published": 1, "needed": 2}]


def test_whom_the_site_trusts_is_trusted_at_once(write):
    assert first(write("4711", trusted=True)) == []


def test_moderators_read_what_is_missing(client, write, as_moderator):
    comment = write("4711")

    shown = client.get(f"/v1/moderation/comments/{comment.id}", headers=as_moderator).json

    (told,) = [one["message"] for one in shown["findings"] if one["code"] == "first_comment"]
    assert "0, il en faut 2" in told


@pytest.mark.parametrize("rules", [{}])
def test_without_a_number_an_address_is_enough_as_before(write, rule):
    comment = write()
    assert first(comment) == [{}]
    rule(comment)

    assert first(write()) == []
