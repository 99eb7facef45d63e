"""Nothing that was typed is lost, whatever goes wrong."""

import pytest
from browsing import Page, follow
from places import ARTICLE, ORIGIN
from solving import solve

from moderation.app import create_app
from moderation.domain.site import Policy

TEXT = "La halle a retrouvé son marché du samedi.\n\nC’est une bonne nouvelle."


def test_too_long_a_form_is_answered_with_advice(client, write):
    page = Page(client.post("/form", data=write(text="é" * 20_000)))
    english = client.post("/form?lang=en", data=write(text="é" * 20_000)).text

    assert page.status == 413
    assert "page précédente" in page.roles["alert"]
    assert "“Back” button" in english
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_spent_limit_says_when_to_try_again_and_keeps_the_text(client, add_site, show, write):
    slow = add_site("slow", comments_per_client="1 per minute")
    assert client.post("/form", data=write(show(site=slow.key))).status_code == 303

    page = Page(client.post("/form", data=write(show(site=slow.key), text="Encore un mot.")))

    assert page.status == 429
    assert 1 <= int(page.headers["Retry-After"]) <= 61
    assert page.text == "Encore un mot."
    assert page.fields["token"]["value"]


def test_a_lost_database_loses_no_text_and_no_answer(client, write, lose_database):
    sent = write()
    lose_database()

    page = Page(client.post("/form", data=sent))
    shown = Page(client.get("/form", query_string={"site": sent["site"], "thread": ARTICLE}))

    assert page.status == shown.status == 503
    assert int(page.headers["Retry-After"]) >= 1
    assert int(shown.headers["Retry-After"]) >= 1
    for name in ("site", "thread", "title", "name", "token", "answer"):
        assert page.fields[name]["value"] == sent[name]
    assert page.text == TEXT
    assert "reste valable" in page.texts["hint"]


def test_without_redis_a_comment_is_received(start, environment, tmp_path):
    lonely = start({**environment, "MODERATION_REDIS_URL": f"unix://{tmp_path}/nothing"})
    with lonely.database.transaction() as memory:
        site = memory.sites.add("lonely", [ORIGIN], "fr", Policy(), lonely.clock())
    client = create_app(lonely).test_client()
    page = Page(client.get("/form", query_string={"site": site.key, "thread": ARTICLE}))
    sent = page.filled(name="Lucie", text=TEXT, answer=solve(page.question))

    told = follow(client, client.post("/form", data=sent))

    assert "en attente de modération" in told.roles["status"]


def test_an_unforeseen_error_loses_no_text(client, write, monkeypatch):
    def fail(*_):
        raise RuntimeError("nobody thought of this")

    sent = write()
    monkeypatch.setattr("moderation.web.public.form.take_in", fail)

    page = Page(client.post("/form", data=sent))

    assert page.status == 500
    assert "bonne nouvelle" in page.text


@pytest.mark.parametrize("type_", ["application/json", "multipart/form-data; boundary=x", ""])
def test_only_a_form_is_a_form(client, type_):
    page = Page(client.post("/form", data=b"{}", content_type=type_))

    assert page.status == 415
    assert "n’a pas pu être lu" in page.roles["alert"]


@pytest.mark.parametrize("query", [{}, {"site": "x"}, {"thread": "https://gazette.example/a"}])
def test_a_link_that_lacks_something_is_called_incomplete(client, query):
    page = Page(client.get("/form", query_string=query))

    assert page.status == 422
    assert page.roles["alert"].startswith("Ce lien est incomplet")
    assert "/demo" not in page.links.values()
