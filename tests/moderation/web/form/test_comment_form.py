"""The comment form, as a browser without JavaScript sends it."""

from datetime import timedelta
from urllib.parse import urlsplit

from browsing import Page, follow
from places import ARTICLE
from solving import solve

TEXT = "La halle a retrouvé son marché du samedi.\n\nC’est une bonne nouvelle."


def test_every_field_has_a_label_that_stays(show):
    page = show()

    labels = {found["for"] for tag, found in page.tags if tag == "label"}
    shown = {n for n, found in page.fields.items() if found.get("type") != "hidden"}
    assert shown == {"text", "name", "email", "url", "website", "answer"}
    assert labels == {page.fields[name]["id"] for name in shown}
    assert not any("placeholder" in found for _, found in page.tags)
    assert [page.fields[n]["autocomplete"] for n in ("name", "email", "url")] == [
        "name", "email", "url",
    ]  # fmt: skip


def test_people_neither_see_nor_reach_the_honeypot(show):
    page = show()

    hidden = [found for _, found in page.tags if found.get("aria-hidden") == "true"]
    assert {"class": "beside", "aria-hidden": "true"} in hidden
    assert page.fields["website"]["tabindex"] == "-1"
    assert page.fields["website"]["autocomplete"] == "off"


def test_a_comment_is_published_and_the_reader_is_told(client, post, site):
    reply = post()

    page = follow(client, reply)
    address = urlsplit(reply.headers["Location"])
    assert (address.netloc, address.path, address.fragment) == ("", "/form", "result")
    assert "est publié" in page.roles["status"]
    assert "C’est une bonne nouvelle." in page.texts["words"]
    assert page.texts["comments-title"] == "1\u00a0commentaire"
    assert page.text == ""


def test_a_held_comment_is_not_shown_and_the_reader_is_told(client, post, add_site, show):
    strict = add_site("strict", blocked_words=("marché",))

    page = follow(client, post(page=show(site=strict.key)))

    assert "en attente de modération" in page.roles["status"]
    assert "words" not in page.texts


def test_each_problem_stands_beside_its_field_and_in_the_summary(post):
    page = Page(post(name=" ", email="lucie", url="ftp://lucie", text="", answer="beaucoup"))

    assert page.status == 422
    assert "n’a pas encore été envoyé" in page.roles["alert"]
    for name in ("name", "email", "url", "text"):
        found = page.fields[name]
        assert found["aria-invalid"] == "true"
        assert page.texts[found["aria-describedby"]]
        assert f"#{name}" in page.links.values()
    assert page.fields["email"]["value"] == "lucie"


def test_a_field_the_form_does_not_have_is_refused(post):
    page = Page(post(status="published"))

    assert page.status == 422
    assert "Ce champ n’existe pas." in page.roles["alert"]


def test_an_unknown_site_is_a_page_and_the_text_is_kept(client, post):
    shown = Page(client.get("/form", query_string={"site": "nobody", "thread": ARTICLE}))
    sent = Page(post(site="nobody"))

    assert shown.status == sent.status == 404
    assert "bonne nouvelle" in sent.text
    assert "button" not in {tag for tag, _ in sent.tags}


def test_a_closed_page_takes_no_comment_and_loses_no_text(client, add_site, show, write, clock):
    old = add_site("old", close_after=timedelta(days=30), comments_per_client="9 per minute")
    follow(client, client.post("/form", data=write(show(site=old.key))))
    clock.move(days=29, hours=23, minutes=58)
    sent = write(show(site=old.key))
    clock.move(minutes=3)

    shown, refused = show(site=old.key), Page(client.post("/form", data=sent))

    assert shown.status == 200
    assert "text" not in shown.fields
    assert "sont fermés" in shown.texts["notice"]
    assert refused.status == 409
    assert "bonne nouvelle" in refused.text
    assert refused.fields["token"]["value"]


def test_the_form_speaks_english_to_who_asks(client, show, write):
    page = show(lang="en")
    sent = {**page.filled(), "name": "Ann", "text": TEXT, "answer": solve(page.question, "en")}

    told = follow(client, client.post("/form", data=sent))

    assert page.texts["form-title"] == "Leave a comment"
    assert "is published" in told.roles["status"]
    assert told.tags[0] == ("html", {"lang": "en"})
    assert "at 13:00" in told.texts["when"]


def test_a_belgian_site_asks_as_belgians_count(add_site, show):
    belgian = add_site("gazet", locale="fr-BE")

    for lang in ("", "fr"):
        page = show(site=belgian.key, lang=lang)
        assert page.fields["lang"]["value"] == "fr-BE"
        assert page.tags[0] == ("html", {"lang": "fr"})


def test_a_blank_parent_is_none(post):
    assert post(parent=" ").status_code == 303
