"""The captcha's question on the form: as text or as a picture, and another at the asking."""

import re

import pytest
from browsing import Page

TEXT = "La halle a retrouvé son marché du samedi.\n\nC’est une bonne nouvelle."


def test_the_question_is_shown_and_can_be_heard(show):
    page = show()

    assert re.fullmatch(r"\S+ [+−×] \S+ =", page.question)
    assert page.texts["unseen"].endswith("\u202f?")


@pytest.mark.parametrize("code", ["wrong", "expired", "replayed"])
def test_a_captcha_that_opens_nothing_keeps_the_text_and_asks_again(client, write, clock, code):
    sent = write(answer="99") if code == "wrong" else write()
    if code == "expired":
        clock.move(minutes=6)
    if code == "replayed":
        assert client.post("/form", data={**sent, "name": "Paul"}).status_code == 303

    page = Page(client.post("/form", data=sent))

    assert page.status == 403
    assert page.text == TEXT
    assert page.fields["name"]["value"] == "Lucie Marchand"
    assert page.fields["answer"]["value"] == ""
    assert page.fields["answer"]["aria-invalid"] == "true"
    assert page.fields["token"]["value"] != sent["token"]
    assert page.links["Calcul"] == "#answer"
    assert "calcul" in page.texts["answer-error"]
    assert client.post("/form", data=write(page)).status_code == 303


def test_an_answer_that_is_no_number_is_a_typing_error(post, client, write):
    page = Page(post(answer="beaucoup"))

    assert page.status == 422
    assert page.fields["answer"]["aria-describedby"] == "answer-error answer-hint"
    assert client.post("/form", data=write(page)).status_code == 303


def test_another_question_keeps_everything_that_was_typed(client, show, write):
    first = show()
    sent = write(first, email="lucie@courriel.example", url="https://lucie.example", answer="1")

    page = Page(client.post("/form/question", data=sent))

    kept = {name: value for name, value in sent.items() if name not in ("token", "answer")}
    assert page.status == 200
    assert {name: page.filled()[name] for name in kept} == kept
    assert page.fields["answer"]["value"] == ""
    assert page.fields["token"]["value"] != sent["token"]
    assert "alert" not in page.roles
    assert client.post("/form", data=write(page)).status_code == 303


def test_another_question_is_a_button_that_asks_for_no_field(show):
    page = show()

    (button,) = [found for found in page.attributes("button") if "formaction" in found]
    assert button["formaction"] == "/form/question?lang=fr#answer"
    assert "formnovalidate" in button
    first, *_ = page.attributes("button")
    assert "formaction" not in first  # what Enter presses


def test_another_question_costs_no_comment_but_has_a_limit(client, add_site, show, write):
    site = add_site(
        "slow", comments_per_client="1 per minute", challenges_per_client="5 per minute"
    )
    sent = write(show(site=site.key))

    replies = [client.post("/form/question", data=sent) for _ in range(5)]
    spent = Page(replies[-1])

    assert [reply.status_code for reply in replies] == [200] * 4 + [429]
    assert spent.text == sent["text"]
    assert client.post("/form", data=sent).status_code == 303


def test_another_question_on_a_page_nobody_knows_keeps_the_text(client, write):
    page = Page(client.post("/form/question", data=write(site="nobody")))

    assert page.status == 404
    assert "bonne nouvelle" in page.text


def test_another_question_for_another_page_is_refused(client, write):
    reply = client.post(
        "/form/question", data=write(), headers={"Origin": "https://elsewhere.example"}
    )

    assert reply.status_code == 403


@pytest.fixture
def unsure(add_site):
    """A site that asks only when in doubt, and doubts whoever mentions bitumen."""
    rates = {"comments_per_client": "99 per minute", "challenges_per_client": "99 per minute"}
    return add_site("unsure", captcha="unsure", blocked_words=("bitume",), **rates)


def test_an_unsure_site_asks_plain_comments_nothing(unsure, client, show, write):
    page = show(site=unsure.key)

    reply = client.post("/form", data=write(page))

    assert "answer" not in page.fields
    assert "outcome=published" in reply.headers["Location"]


def test_an_unsure_site_asks_in_a_friendly_way_and_keeps_the_text(unsure, client, show, write):
    sent = write(show(site=unsure.key), text="Encore du bitume.")

    page = Page(client.post("/form", data=sent))

    assert page.status == 403
    assert "alert" not in page.roles
    assert "dernière vérification avant l’envoi" in page.roles["status"]
    assert "#answer" in page.links.values()
    assert "aria-invalid" not in page.fields["answer"]
    assert (page.text, page.typed("name")) == ("Encore du bitume.", "Lucie Marchand")
    answered = client.post("/form", data=write(page, text="Encore du bitume."))
    assert "outcome=received" in answered.headers["Location"]


def test_the_question_is_good_for_that_comment_and_then_for_the_next_one(
    unsure, client, show, write
):
    sent = write(show(site=unsure.key), text="Encore du bitume.")
    asked = Page(client.post("/form", data=sent))

    other = Page(client.post("/form", data=write(asked, text="Toujours du bitume.")))
    reply = client.post("/form", data=write(other, text="Toujours du bitume."))

    assert other.status == 403
    assert other.text == "Toujours du bitume."
    assert reply.status_code == 303


def test_after_a_wrong_answer_an_unsure_site_asks_again(unsure, client, show, write):
    asked = Page(client.post("/form", data=write(show(site=unsure.key), text="Du bitume.")))

    wrong = Page(client.post("/form", data=write(asked, text="Du bitume.", answer="99")))
    renewed = Page(client.post("/form/question", data=write(wrong, text="Du bitume.")))

    assert wrong.status == 403
    assert wrong.fields["answer"]["aria-invalid"] == "true"
    assert "question" in renewed.texts
    assert client.post("/form", data=write(renewed, text="Du bitume.")).status_code == 303


def test_a_site_that_never_asks_has_no_question(add_site, client, show, write):
    page = show(site=add_site("libre", captcha="never").key)

    assert "answer" not in page.fields
    assert client.post("/form", data=write(page)).status_code == 303


@pytest.fixture
def speaking(services, monkeypatch):
    """A service with a voice, whatever this machine has."""
    monkeypatch.setattr(services.captcha, "can_speak", lambda locale: True)


def test_a_picture_can_be_heard_too(speaking, add_site, client, show):
    page = show(site=add_site("images", captcha_display="image").key)

    (picture,) = page.attributes("img")
    (sound,) = page.attributes("audio")
    drawn = client.get(picture["src"])
    assert "question" not in page.texts
    assert "unseen" not in page.texts
    assert "écouter" in picture["alt"]
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    assert sound["src"].startswith("/v1/challenges/audio.wav?")
    assert "controls" in sound
    assert page.links == {} or not any(link.endswith(".wav") for link in page.links.values())


def test_what_is_seen_and_heard_comes_from_this_service_alone(show):
    policy = show().headers["Content-Security-Policy"]

    assert "img-src 'self'" in policy
    assert "media-src 'self'" in policy


def test_a_question_in_words_can_be_heard_where_there_is_a_voice(speaking, show):
    assert "Écouter la question" in show().texts["ways"]


def test_without_a_voice_there_is_nothing_to_listen_to(services, monkeypatch, show):
    monkeypatch.setattr(services.captcha, "can_speak", lambda locale: False)

    assert show().attributes("audio") == []


def test_the_form_says_how_long_the_question_lives(show):
    assert show().texts["answer-hint"].endswith("reste valable 5\u00a0min.")


class TestShortLife:
    """Where a question lives for less than a minute."""

    @pytest.fixture
    def environment(self, environment):
        return {**environment, "MODERATION_CHALLENGE_SECONDS": "10"}

    def test_seconds_are_told(self, show):
        assert show().texts["answer-hint"].endswith("reste valable 10\u00a0s.")
