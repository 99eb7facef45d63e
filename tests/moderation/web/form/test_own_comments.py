"""Authors change and withdraw what they wrote, without JavaScript."""

import pytest
from browsing import Page, follow

from moderation.errors import StoreUnavailable

LINKS = "Voir https://a.example https://b.example https://c.example et https://d.example"
BETTER = "J’y étais dès sept heures."
PATHS = ("/form/edit", "/form/delete")
NOBODYS = "01a20846-fe00-7000-8abe-02b6041ea20e"


@pytest.fixture
def visit(client):
    def get(link):
        return Page(client.get(link))

    return get


def test_only_ones_own_comments_can_be_changed_and_only_others_reported(sent, show, client):
    mine = sent(name="Anne")
    client.delete_cookie(f"edit_{mine.id}", path="/form")
    page = sent(name="Benoît")

    own = [link for link in page.links.values() if "/form/edit" in link or "/delete" in link]
    reports = [link for link in page.links.values() if "/form/report" in link]
    assert own
    assert all(page.id in link for link in own)
    assert [mine.id in link for link in reports] == [True]


def test_an_author_changes_a_comment(sent, visit, client, clock):
    page = sent()
    clock.move(minutes=3)

    sheet = visit(page.links["Modifier"])
    told = follow(client, client.post("/form/edit", data=sheet.filled(text=BETTER)))

    assert sheet.text.startswith("La halle a retrouvé")
    assert "13\u00a0h\u00a015" in sheet.texts["hint"]
    assert told.roles["status"].strip().startswith("Votre commentaire est modifié.")
    assert told.texts["words"] == BETTER
    assert "modifié le 23 novembre 2026 à 13\u00a0h\u00a003" in told.texts["edited"]


def test_a_change_that_raises_doubts_waits_and_its_author_is_told(sent, visit, client):
    sheet = visit(sent().links["Modifier"])

    told = follow(client, client.post("/form/edit", data=sheet.filled(text=LINKS)))

    assert "attend d’être relu" in told.roles["status"]
    assert told.comments == []
    assert "Supprimer" in told.links


def test_a_held_comment_can_be_changed_and_deleted_too(sent, visit):
    page = sent(text=LINKS)

    assert "en attente" in page.roles["status"]
    assert visit(page.links["Modifier"]).text == LINKS
    assert visit(page.links["Supprimer"]).status == 200


def test_an_author_deletes_a_comment_after_being_asked(sent, visit, client):
    page = sent()

    sheet = visit(page.links["Supprimer"])
    told = follow(client, client.post("/form/delete", data=sheet.filled()))

    assert "Non, le garder" in sheet.links
    assert "La halle a retrouvé" in sheet.texts["quoted"]
    assert "est supprimé" in told.roles["status"]
    assert told.comments == []
    assert client.get_cookie(f"edit_{page.id}", path="/form") is None
    assert client.post("/form/delete", data=sheet.filled()).status_code == 403


def test_asking_deletes_nothing(sent, visit, show):
    visit(sent().links["Supprimer"])

    assert len(show().comments) == 1


def test_an_empty_text_changes_nothing_and_is_told_beside_the_field(sent, visit, client, show):
    sheet = visit(sent().links["Modifier"])

    page = Page(client.post("/form/edit", data=sheet.filled(text="  ")))

    assert page.status == 422
    assert "n’a pas encore été enregistrée" in page.roles["alert"]
    assert page.fields["text"]["aria-invalid"] == "true"
    assert page.links["Commentaire"] == "#text"
    assert "marché du samedi" in show().texts["words"]


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_after_the_window_nothing_can_be_changed_and_nothing_typed_is_lost(
    sent, visit, client, clock, page
):
    links = sent().links
    sheet = visit(links["Modifier" if page == "edit" else "Supprimer"])
    clock.move(minutes=15)

    late = Page(client.post(f"/form/{page}", data=sheet.filled(text=BETTER)))
    again = visit(links["Modifier"])

    assert late.status == again.status == 409
    assert "ne peut plus être modifié" in late.roles["alert"]
    assert page == "delete" or late.text == BETTER
    assert "button" not in {tag for tag, _ in late.tags}


def test_the_links_disappear_when_the_window_is_over(sent, show, clock):
    sent()
    clock.move(minutes=15)

    assert "Modifier" not in show().links


def test_authors_do_not_learn_from_the_page_what_was_decided(sent, visit, client, as_moderator):
    page = sent()
    decisions = f"/v1/moderation/comments/{page.id}/decisions"
    ruling = {"verdict": "reject", "reason": "OFF_TOPIC", "version": 1}
    client.post(decisions, json=ruling, headers=as_moderator)

    assert visit(page.links["Modifier"]).status == 200


@pytest.mark.parametrize("path", PATHS)
def test_an_id_of_nothing_is_a_page_for_people(client, path):
    for n, comment in enumerate(("", "x", NOBODYS, "\x00", "é" * 64, "f" * 65, "../../x")):
        somebody = {"REMOTE_ADDR": f"203.0.113.{n}"}
        shown = Page(client.get(path, query_string={"comment": comment}))
        sheet = {"comment": comment, "text": "x"}
        tried = Page(client.post(path, data=sheet, environ_base=somebody))

        assert {shown.status, tried.status} <= {403, 422}
        assert "alert" in shown.roles
        assert "alert" in tried.roles


@pytest.mark.parametrize("path", PATHS)
def test_no_other_page_can_change_a_comment(sent, client, show, path):
    comment = sent().id

    for origin in ("https://elsewhere.example", "null", "https://localhost.example"):
        sent_in = {"comment": comment, "text": BETTER}
        reply = client.post(path, data=sent_in, headers={"Origin": origin})

        assert reply.status_code == 403
        assert "marché du samedi" in show().texts["words"]


@pytest.mark.parametrize("path", PATHS)
def test_only_a_form_changes_a_comment(sent, client, path):
    reply = client.post(path, json={"comment": sent().id, "text": BETTER})

    assert reply.status_code == 415


def test_a_lost_database_loses_no_change(sent, visit, client, lose_database):
    sheet = visit(sent().links["Modifier"])
    lose_database()

    page = Page(client.post("/form/edit", data=sheet.filled(text=BETTER)))

    assert page.status == 503
    assert page.text == BETTER
    assert page.fields["comment"]["value"] == sheet.fields["comment"]["value"]
    assert "Enregistrer" in page.texts["main"]


@pytest.mark.parametrize("rates", ["4 per minute"])
def test_a_spent_limit_loses_no_change(sent, visit, client):
    sheet = visit(sent().links["Modifier"])
    typed = sheet.filled(text=BETTER)
    replies = [client.post("/form/edit", data=typed) for _ in range(6)]

    page = Page(replies[-1])

    assert page.status == 429
    assert page.text == BETTER


def test_an_unforeseen_error_loses_no_change(sent, visit, client, monkeypatch):
    def fail(*_):
        raise RuntimeError("nobody thought of this")

    sheet = visit(sent().links["Modifier"])
    monkeypatch.setattr("moderation.web.public.own.amend", fail)

    page = Page(client.post("/form/edit", data=sheet.filled(text=BETTER)))

    assert (page.status, page.text) == (500, BETTER)


def test_a_database_that_is_busy_deletes_nothing(sent, visit, client, monkeypatch, show):
    def fail(*_):
        raise StoreUnavailable("database")

    sheet = visit(sent().links["Supprimer"])
    monkeypatch.setattr("moderation.web.public.own.withdraw", fail)

    page = Page(client.post("/form/delete", data=sheet.filled()))

    assert page.status == 503
    assert "n’a pas été supprimé" in page.roles["alert"]
    assert len(show().comments) == 1


def test_the_page_speaks_the_language_of_the_form(sent, show, visit, client):
    sent()
    english = show(lang="en")

    sheet = visit(english.links["Edit"])
    told = follow(client, client.post("/form/edit", data=sheet.filled(text=BETTER)))

    assert sheet.tags[0] == ("html", {"lang": "en"})
    assert "Edit your comment" in sheet.texts["about"]
    assert "has been changed" in told.roles["status"]
