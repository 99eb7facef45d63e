"""The comments below the form: order, conversations, dates, marks."""

import jwt
import pytest
from browsing import Page, follow


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


def test_dates_are_written_as_french_people_write_them(client, post, clock):
    clock.move(days=8, hours=1, minutes=5)

    page = follow(client, post())

    assert "1er décembre 2026 à 14\u00a0h\u00a005" in page.texts["when"]
    times = [found["datetime"] for tag, found in page.tags if tag == "time"]
    assert times == ["2026-12-01T13:05:00.000Z"]


@pytest.fixture
def talk(send, clock):
    """Say something, a minute after what was said before: `talk("…", parent)`, its id."""

    def say(text, parent=None, **author):
        clock.move(minutes=1)
        reply = send(text=text, parent=parent, **author)
        assert reply.json["status"] == "published", text
        return reply.json["id"]

    return say


def remarks(talk, parent, count):
    return [talk(f"Remarque numéro {n} sur la halle.", parent) for n in range(count)]


def test_readers_choose_which_comments_come_first(talk, show, client):
    first, second = talk("Premier mot sur la halle."), talk("Second mot sur la halle.")

    newest = show()
    oldest = Page(client.get(newest.links["Plus anciens"]))
    back = Page(client.get(oldest.links["Plus récents"]))

    assert newest.comments == back.comments == [second, first]
    assert oldest.comments == [first, second]
    marked = [f for f in oldest.attributes("a") if f.get("aria-current") == "true"]
    assert [link["href"] for link in marked] == [oldest.links["Plus anciens"]]


def test_the_order_is_kept_when_pages_are_turned(talk, show, client):
    said = remarks(talk, None, 22)

    first = show(order="oldest")
    second = Page(client.get(first.links["Commentaires plus récents"]))

    assert first.comments + second.comments == said
    assert Page(client.get(second.links["Revenir aux plus anciens"])).comments == first.comments


def test_an_order_that_does_not_exist_is_the_usual_one(talk, show):
    first, second = talk("Premier mot sur la halle."), talk("Second mot sur la halle.")

    for order in ("score", "x", "\x00", "newest"):
        assert show(order=order).comments == [second, first]


def test_a_reply_stays_below_what_it_answers_however_old_that_is(talk, show):
    old = talk("Le tout premier mot.")
    remarks(talk, None, 5)
    late = talk("Une réponse tardive.", old)

    shown = show().comments

    assert shown[-2:] == [old, late]


def test_more_than_ten_replies_are_a_link_away(talk, show, client):
    root = talk("Le tout premier mot.")
    replies = remarks(talk, root, 13)

    page = show()
    whole = Page(client.get(page.links["Lire les 3\u00a0réponses suivantes"]))

    assert page.comments == [root, *replies[:10]]
    assert whole.comments == [root, *replies]
    assert whole.texts["comments-title"] == "Conversation"
    assert Page(client.get(whole.links["Tous les commentaires"])).comments == page.comments


def test_a_deep_link_shows_that_conversation_alone(talk, show):
    root, other = talk("Le tout premier mot."), talk("Autre chose.")
    reply = talk("Une réponse.", root)

    page = show(comment=reply)

    assert page.comments == [root, reply]
    assert other not in page.comments


def test_the_date_of_a_comment_is_its_address(talk, show, client):
    root = talk("Le tout premier mot.")
    (link,) = [link for link in show().links.values() if f"comment={root}#comment-" in link]

    assert Page(client.get(link)).comments == [root]


def test_a_deep_link_to_nothing_shows_everything_else(talk, show):
    said = talk("Le tout premier mot.")

    for asked in ("x", "01a20846-fe00-7000-8abe-02b6041ea20e", "é"):
        page = show(comment=asked)

        assert page.status == 200
        assert "n’est plus là" in page.roles["status"]
        assert page.comments == [said]
    assert show(comment="a\u2028b").status == 422


def test_a_comment_of_another_site_is_not_shown_here(add_site, client, post, show):
    other = add_site("autre", hold_above=1.0)
    location = post(page=show(site=other.key)).headers["Location"]
    foreign = location.partition("sent=")[2].partition("#")[0]

    shown, answering = show(comment=foreign), show(parent=foreign)

    assert shown.comments == []
    assert "n’est plus là" in shown.roles["status"]
    assert "quoted" not in answering.texts


def test_replies_to_what_is_gone_say_so(talk, show, client, as_moderator):
    root = talk("Le tout premier mot.")
    removed = talk("À retirer.", root)
    reply = talk("Une réponse à ce qui est retiré.", removed)
    for gone in (removed, root):
        ruling = {"verdict": "reject", "reason": "OTHER", "version": 1}
        decisions = f"/v1/moderation/comments/{gone}/decisions"
        client.post(decisions, json=ruling, headers=as_moderator)

    page = show()

    assert page.comments == [reply]
    assert "n’est plus là" in page.texts["none"]
    assert "en réponse à un commentaire retiré" in page.texts["when"]


def test_a_comment_says_that_it_was_changed_and_when(send, show, client, clock):
    sent = send().json
    clock.move(minutes=5)
    headers = {"Authorization": f"Bearer {sent['edit_token']}"}
    client.patch(f"/v1/comments/{sent['id']}", json={"text": "Mieux dit."}, headers=headers)

    assert show().texts["edited"] == "modifié le 23 novembre 2026 à 13\u00a0h\u00a005"


def test_a_member_is_marked(send, show, site, clock):
    claims = {"sub": "4711", "name": "Lucie", "aud": site.key, "exp": clock().timestamp() + 60}
    send(identity=jwt.encode(claims, site.secret, algorithm="HS256"))

    assert show().texts["member"] == "membre"


def test_the_comments_can_be_followed(show, client):
    page = show()

    (told,) = [f for f in page.attributes("link") if f.get("rel") == "alternate"]
    assert told["type"] == "application/atom+xml"
    assert page.links["Suivre ces commentaires (flux Atom)"] == told["href"]
    assert client.get(told["href"]).mimetype == "application/atom+xml"


def test_a_published_comment_is_a_link_away_even_behind_ten_others(talk, show, post, client):
    root = talk("Le tout premier mot.")
    remarks(talk, root, 11)

    told = follow(client, post(page=show(parent=root), text="Le douzième mot."))
    seen = Page(client.get(told.links["Voir votre commentaire"]))

    assert "Le douzième mot." not in told.texts["words"]
    assert "Le douzième mot." in seen.texts["words"]
