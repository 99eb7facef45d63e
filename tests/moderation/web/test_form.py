"""The form without JavaScript, as a browser sends it."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from places import ARTICLE, ORIGIN
from solving import solve

from moderation.app import create_app
from moderation.domain.site import Policy

TEXT = "La halle a retrouvé son marché du samedi.\n\nC’est une bonne nouvelle."
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
VOID = {"input", "img", "br", "meta", "link"}


class Page(HTMLParser):
    """What a person finds on a page: fields, links, and the text of what has an id."""

    def __init__(self, reply):
        super().__init__()
        self.status, self.headers = reply.status_code, reply.headers
        self.tags, self.fields, self.links, self.texts, self.roles = [], {}, {}, {}, {}
        self._open = []
        self.feed(reply.text.replace("\r\n", "\n"))  # as browsers do

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        self.tags.append((tag, found))
        if tag in ("input", "textarea"):
            self.fields[found["name"]] = {"value": "", **found}
        if tag not in VOID:
            self._open.append((tag, found))

    def handle_endtag(self, tag):
        while self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for tag, found in self._open:
            if tag == "textarea":
                self.fields[found["name"]]["value"] += data
            if tag == "a":
                self.links[data.strip()] = found["href"]
            for kind, name in ((self.texts, "id"), (self.roles, "role"), (self.texts, "class")):
                if name in found:
                    kind[found[name]] = kind.get(found[name], "") + data

    @property
    def text(self):
        """What stands in the field for the comment; its first line end is dropped by browsers."""
        return self.fields["text"]["value"].removeprefix("\n")

    @property
    def question(self):
        return self.texts["question"]

    def filled(self, **changes):
        """Return what a browser would post: the fields as they are, and what was typed."""
        sent = {name: found["value"] for name, found in self.fields.items()}
        return {**sent, "text": self.text, **changes}


@pytest.fixture
def site(add_site):
    """A site that leaves the model out of it: these tests are about the form."""
    rates = "1000 per minute"
    return add_site(
        comments_per_client=rates, challenges_per_client=rates, hold_above=1.0, reject_above=1.0
    )


@pytest.fixture
def show(client, site):
    """Open the form: `show(parent=…)`."""

    def get(**changes):
        query = {"site": site.key, "thread": ARTICLE, "title": "La halle rouvre", **changes}
        return Page(client.get("/form", query_string=query))

    return get


@pytest.fixture
def write(show):
    """Fill the form in as a reader does, the sum included: `write(text=…)`."""

    def fill(page=None, **changes):
        page = page or show()
        typed = {"name": "Lucie Marchand", "text": TEXT, "answer": solve(page.question)}
        return page.filled(**{**typed, **changes})

    return fill


@pytest.fixture
def post(client, write):
    """Send the form in: `post(text=…)`."""

    def send(headers=None, **changes):
        return client.post("/form", data=write(**changes), headers=headers)

    return send


def follow(client, reply):
    assert reply.status_code == 303
    return Page(client.get(reply.headers["Location"]))


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


def test_the_question_is_shown_and_can_be_heard(show):
    page = show()

    assert re.fullmatch(r"\S+ [+−×] \S+ =", page.question)
    assert page.texts["unseen"].endswith("\u202f?")


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


@pytest.mark.parametrize("code", ["wrong", "expired", "replayed"])
def test_a_captcha_that_opens_nothing_keeps_the_text_and_asks_again(client, write, clock, code):
    sent = write(answer="99") if code == "wrong" else write()
    if code == "expired":
        clock.move(minutes=6)
    if code == "replayed":
        assert client.post("/form", data=sent).status_code == 303

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


def test_an_answer_that_is_no_number_is_a_typing_error(post, client, write):
    page = Page(post(answer="beaucoup"))

    assert page.status == 422
    assert page.fields["answer"]["aria-describedby"] == "answer-error answer-hint"
    assert client.post("/form", data=write(page)).status_code == 303


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


@pytest.fixture
def lose_database(services):
    """Take the database away from the running service."""

    def lose():
        services.database.close()
        for path in services.settings.data.glob("moderation.sqlite3*"):
            path.unlink()

    return lose


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
    monkeypatch.setattr("moderation.web.public.form.submit", fail)

    page = Page(client.post("/form", data=sent))

    assert page.status == 500
    assert "bonne nouvelle" in page.text


def test_nothing_a_reader_writes_becomes_markup(client, post, show):
    reflected = Page(post(name=SCRIPT, text=SCRIPT, email=SCRIPT, url=SCRIPT, title=SCRIPT))
    stored = follow(client, post(name=SCRIPT, text=SCRIPT, title=SCRIPT))
    parent = next(f["id"] for tag, f in stored.tags if tag == "article").removeprefix("comment-")
    answering = show(parent=parent, title=SCRIPT)

    assert reflected.status == 422
    for page in (reflected, stored, answering):
        assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "style"})
        assert not any(name.startswith("on") for _, found in page.tags for name in found)
    assert reflected.text == SCRIPT
    assert reflected.fields["url"]["value"] == SCRIPT
    assert "<script>alert(1)</script>" in stored.texts["words"]


def test_line_ends_in_an_address_start_no_header(client, site):
    query = {"site": site.key, "thread": f"{ARTICLE}\r\nX-Evil: 1", "lang": "fr\r\nX-Evil: 1"}

    reply = client.get("/form", query_string=query)

    assert reply.status_code == 422
    assert "X-Evil" not in reply.headers


def test_a_form_leads_to_our_own_page_only(client, write, show):
    page = show(thread="https://elsewhere.example/page")
    sent = write(page)

    reply = client.post("/form", data=sent)

    address = urlsplit(reply.headers["Location"])
    assert (address.scheme, address.netloc, address.path) == ("", "", "/form")
    assert parse_qs(address.query)["thread"] == ["https://elsewhere.example/page"]
    assert not any(link.startswith("https:") for link in page.links.values())
    assert ARTICLE in show().links.values()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (ORIGIN, 303),
        ("http://localhost", 303),  # the name the client calls the service by
        ("http://127.0.0.1:8000", 303),  # its own address, from the settings
        ("https://elsewhere.example", 403),
        ("https://elsewhere.example/http://localhost", 403),
        ("null", 403),
    ],
)
def test_a_form_may_stand_on_our_pages_and_the_sites(post, origin, status):
    assert post(headers={"Origin": origin}).status_code == status


def test_a_reply_stands_below_what_it_answers(client, post, show, clock):
    def newest():
        found = [f["id"] for tag, f in show().tags if tag == "article"]
        return max(found).removeprefix("comment-")

    post(name="Anne", text="Premier mot")
    clock.move(minutes=1)
    post(page=show(parent=newest()), name="Benoît", text="Réponse à Anne")
    clock.move(minutes=1)
    first = show(parent=newest())
    post(page=first, name="Chloé", text="Réponse à Benoît")

    page = show()

    assert first.texts["form-title"] == "Répondre à Benoît"
    assert "Réponse à Anne" in first.texts["quoted"]
    order = [page.texts["words"].index(t) for t in ("Premier", "à Anne", "à Benoît")]
    assert order == sorted(order)
    assert "en réponse à Benoît" in page.texts["when"]
    assert "en réponse à Anne" not in page.texts["when"]
    lists = [f for tag, f in page.tags if tag == "ol"]
    assert lists == [{}, {"aria-label": "Réponses à Anne"}]


def test_a_comment_that_is_gone_cannot_be_answered(client, as_moderator, post, write, show):
    post(text="Bientôt retiré")
    article = next(f["id"] for tag, f in show().tags if tag == "article")
    parent = article.removeprefix("comment-")
    sent = write(show(parent=parent), text="Je réponds.")
    ruling = {"verdict": "reject", "reason": "OTHER", "version": 1}
    decisions = f"/v1/moderation/comments/{parent}/decisions"
    client.post(decisions, json=ruling, headers=as_moderator)

    shown, refused = show(parent=parent), Page(client.post("/form", data=sent))

    assert "n’est plus là" in shown.roles["status"]
    assert shown.fields["parent"]["value"] == ""
    assert refused.status == 422
    assert refused.text == "Je réponds."
    assert client.post("/form", data=write(refused)).status_code == 303


def test_older_comments_are_a_link_away(client, send, show, clock):
    for number in range(32):
        clock.move(seconds=1)
        assert send(text=f"Merci pour l’article numéro {number} sur la halle.").status_code == 201

    first = show()
    older = Page(client.get(first.links["Commentaires plus anciens"]))

    assert first.texts["comments-title"] == "32\u00a0commentaires"
    assert "numéro 31 " in first.texts["words"]
    assert "numéro 1 " not in first.texts["words"]
    assert "numéro 1 " in older.texts["words"]
    assert "Commentaires plus anciens" not in older.links
    assert Page(client.get(older.links["Revenir aux plus récents"])).status == 200


def test_a_cursor_from_elsewhere_is_refused_on_a_page(show):
    page = show(cursor="abc")

    assert page.status == 422
    assert "alert" in page.roles


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


def test_dates_are_written_as_french_people_write_them(client, post, clock):
    clock.move(days=8, hours=1, minutes=5)

    page = follow(client, post())

    assert "1er décembre 2026 à 14\u00a0h\u00a005" in page.texts["when"]
    times = [found["datetime"] for tag, found in page.tags if tag == "time"]
    assert times == ["2026-12-01T13:05:00.000Z"]


@pytest.mark.parametrize("type_", ["application/json", "multipart/form-data; boundary=x", ""])
def test_only_a_form_is_a_form(client, type_):
    page = Page(client.post("/form", data=b"{}", content_type=type_))

    assert page.status == 415
    assert "n’a pas pu être lu" in page.roles["alert"]


def test_the_pages_run_no_script_and_are_nobody_elses(show):
    headers = show().headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'self'" in policy
    assert headers["Cache-Control"] == "private, no-cache"  # no-store would forget what was typed
    assert headers["X-Frame-Options"] == "DENY"
