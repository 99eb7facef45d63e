"""A form that is sent again, by a second click or after going back, is one comment."""

import pytest
from browsing import Page, follow
from places import ARTICLE
from solving import solve

from moderation.domain.site import CaptchaMode


@pytest.fixture
def count(client, site):
    """Count the published comments of the article."""

    def ask(site=site):
        query = {"site": site.key, "thread": ARTICLE}
        return client.get("/v1/comments", query_string=query).json["count"]

    return ask


def test_the_same_form_again_shows_the_first_result(client, write, count):
    form = write()

    first, second = (client.post("/form", data=form) for _ in range(2))

    assert second.status_code == 303
    assert second.headers["Location"] == first.headers["Location"]
    assert count() == 1
    assert "est publié" in follow(client, second).roles["status"]


def test_without_a_captcha_too(client, write, show, add_site, count):
    trusting = add_site("trusting", captcha=CaptchaMode.NEVER, hold_above=1.0, reject_above=1.0)
    form = write(show(site=trusting.key))

    first, second = (client.post("/form", data=form) for _ in range(2))

    assert second.headers["Location"] == first.headers["Location"]
    assert count(trusting) == 1


def test_another_question_in_between_changes_nothing(client, write, count):
    form = write()
    client.post("/form", data=form)
    page = Page(client.post("/form/question", data=form))

    again = client.post("/form", data=page.filled(answer=solve(page.question)))

    assert again.status_code == 303
    assert count() == 1


def test_the_key_is_kept_through_refusals(client, write, count):
    form = write(answer="41")
    page = Page(client.post("/form", data=form))
    mended = page.filled(answer=solve(page.question))
    client.post("/form", data=mended)

    gone_back_twice = client.post("/form", data=form)

    assert gone_back_twice.status_code == 303
    assert count() == 1


def test_other_words_are_another_comment(client, write, count):
    form = write()
    client.post("/form", data=form)
    page = Page(client.post("/form", data={**form, "text": "J’ai encore réfléchi à la halle."}))

    told = client.post("/form", data=page.filled(answer=solve(page.question)))

    assert page.text == "J’ai encore réfléchi à la halle."
    assert told.status_code == 303
    assert count() == 2


def test_each_form_has_a_key_of_its_own(show):
    one, other = show(), show()

    assert one.typed("key") != other.typed("key")


def test_a_form_without_a_key_is_taken_in(client, write, count):
    form = write()
    form.pop("key")

    assert client.post("/form", data=form).status_code == 303
    assert count() == 1


def test_what_was_deleted_since_is_not_sent_again_unasked(client, write, count):
    form = write()
    told = follow(client, client.post("/form", data=form))
    client.post("/form/delete", data={"comment": told.comments[0]})
    page = Page(client.post("/form", data=form))

    sent = client.post("/form", data=page.filled(answer=solve(page.question)))

    assert "est supprimé" in page.roles["alert"]
    assert page.text == form["text"]
    assert sent.status_code == 303
    assert count() == 1
