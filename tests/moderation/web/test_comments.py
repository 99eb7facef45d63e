"""The path of a comment, as a reader's page walks it."""

from datetime import timedelta

import pytest
from places import ARTICLE, ORIGIN

from moderation.domain.site import CaptchaMode, Moderation

SPAM = (
    "Besoin d’un prêt entre particuliers sérieux et rapide à 2 % ? Contactez Madame Grâce par "
    "WhatsApp ou par e-mail pret.grace@finance.example, réponse en 24 heures sans paperasse !"
)


@pytest.fixture
def read(client, site):
    def get(**query):
        reply = client.get(
            "/v1/comments", query_string={"site": site.key, "thread": ARTICLE, **query}
        )
        assert reply.status_code == 200, reply.json
        return reply.json

    return get


def test_a_readers_comment_is_published_and_read(send, read):
    sent = send(text="Très bel article.\n\nVoir https://halle.example/horaires")

    (shown,) = read()["comments"]
    assert sent.status_code == 201
    assert sent.json["status"] == "published"
    assert sent.json["edit_token"].startswith("edit_")
    assert shown["id"] == sent.json["id"]
    assert shown["author"] == {"name": "Lucie Marchand"}
    assert shown["text"] == "Très bel article.\n\nVoir https://halle.example/horaires"
    assert shown["html"] == (
        '<p>Très bel article.</p><p>Voir <a href="https://halle.example/horaires" '
        'rel="nofollow ugc noopener">https://halle.example/horaires</a></p>'
    )


def test_spam_never_appears_and_its_sender_learns_nothing(send, read, as_moderator, client):
    sent = send(text=SPAM)

    item = client.get(f"/v1/moderation/comments/{sent.json['id']}", headers=as_moderator).json
    assert sent.status_code == 202
    assert sent.json["status"] == "received"
    assert "rejected" not in sent.text
    assert (read()["comments"], read()["count"]) == ([], 0)
    assert item["status"] in ("held", "rejected")
    assert item["findings"][0]["code"] == "spam_score"
    assert item["findings"][0]["message"].startswith("Le texte ressemble à du spam")


def test_a_captcha_is_good_for_one_comment_only(send, challenge):
    captcha = challenge()

    first, second = send(captcha=captcha), send(captcha=captcha, text="Encore une remarque, merci.")

    assert first.status_code == 201
    assert (second.status_code, second.json["code"]) == (403, "captcha_replayed")


def test_a_wrong_answer_burns_the_challenge(send, challenge):
    captcha = challenge()

    wrong = send(captcha={**captcha, "answer": "99"})
    right = send(captcha=captcha)

    assert (wrong.status_code, wrong.json["code"]) == (403, "captcha_failed")
    assert (right.status_code, right.json["code"]) == (403, "captcha_replayed")


@pytest.mark.parametrize("slip", [{"text": ""}, {"author": {"name": ""}}])
def test_a_slip_in_another_field_burns_no_challenge(send, challenge, slip):
    captcha = challenge()

    assert send(captcha=captcha, **slip).status_code == 422
    assert send(captcha=captcha).status_code == 201


def test_an_answer_that_is_no_number_burns_no_challenge(send, challenge):
    captcha = challenge()

    slip = send(captcha={**captcha, "answer": "je ne sais pas"})

    assert slip.status_code == 422
    assert slip.json["errors"][0]["pointer"] == "/captcha/answer"
    assert send(captcha=captcha).status_code == 201


def test_an_answer_after_five_minutes_is_too_late(send, challenge, clock):
    captcha = challenge()

    clock.move(minutes=5)

    assert send(captcha=captcha).json["code"] == "captcha_expired"


def test_a_challenge_of_another_site_opens_nothing(send, challenge, add_site):
    other = add_site("other")

    assert send(captcha=challenge(other.key)).json["code"] == "captcha_failed"


def test_a_comment_without_a_captcha_is_refused(client, comment):
    body = comment()
    del body["captcha"]

    reply = client.post("/v1/comments", json=body)

    assert reply.status_code == 422
    assert reply.json["errors"][0]["pointer"] == "/captcha"


def test_a_site_may_ask_for_no_captcha(client, comment, add_site):
    free = add_site("free", captcha=CaptchaMode.NEVER)
    body = comment(site=free.key)
    del body["captcha"]

    assert client.post("/v1/comments", json=body).status_code == 201


def test_a_response_from_an_earlier_answer_is_good_once(client, send, challenge):
    captcha = challenge()

    answered = client.post("/v1/challenges/answers", json=captcha)
    response = {"response": answered.json["response"]}

    assert answered.status_code == 200
    assert client.post("/v1/challenges/answers", json=captcha).json["code"] == "captcha_replayed"
    assert send(captcha=response).status_code == 201
    assert send(captcha=response).json["code"] == "captcha_replayed"


def test_a_wrong_answer_gets_no_response(client, challenge):
    captcha = challenge()

    wrong = client.post("/v1/challenges/answers", json={**captcha, "answer": "99"})

    assert (wrong.status_code, wrong.json["code"]) == (403, "captcha_failed")
    assert client.post("/v1/challenges/answers", json=captcha).json["code"] == "captcha_replayed"


def test_the_same_request_twice_is_one_comment(client, comment, read):
    body, headers = comment(), {"Idempotency-Key": "a-key"}

    first = client.post("/v1/comments", json=body, headers=headers)
    again = client.post("/v1/comments", json=body, headers=headers)
    other = client.post("/v1/comments", json={**body, "text": "Autre texte."}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert (other.status_code, other.json["code"]) == (409, "idempotency_conflict")
    assert read()["count"] == 1


@pytest.mark.parametrize("key", ["", "k" * 256, "é"])
def test_an_idempotency_key_that_is_none_is_refused(send, key):
    assert send(headers={"Idempotency-Key": key}).status_code == 422


def test_a_page_that_is_not_the_sites_is_refused(send, client, site):
    ours, theirs = {"Origin": ORIGIN}, {"Origin": "https://elsewhere.example"}

    allowed, refused = send(headers=ours), send(headers=theirs)

    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert (refused.status_code, refused.json["code"]) == (403, "origin_not_allowed")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"  # to read why, nothing else
    for path in ("/v1/comments", "/v1/counts"):
        query = {"site": site.key, "thread": ARTICLE}
        assert client.get(path, query_string=query, headers=theirs).status_code == 403
    assert client.post("/v1/challenges", json={"site": site.key}, headers=theirs).status_code == 403


def test_a_browser_may_ask_before_it_sends(client):
    reply = client.options(
        "/v1/comments", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    )

    assert reply.status_code == 200
    assert "Idempotency-Key" in reply.headers["Access-Control-Allow-Headers"]


def test_an_answer_names_the_comment_it_is_to(send, read, clock):
    parent = send().json["id"]
    clock.move(minutes=1)

    reply = send(parent=parent, text="Tout à fait d’accord avec vous, Lucie.")

    assert reply.status_code == 201
    assert [c["parent"] for c in read(order="oldest")["comments"]] == [None, parent]


@pytest.mark.parametrize("parent", ["", " "])
def test_a_blank_parent_is_none(send, read, parent):
    reply = send(parent=parent)

    assert reply.status_code == 201, reply.json
    assert read()["comments"][0]["parent"] is None


def test_a_name_is_kept_as_it_is_seen(send, read):
    reply = send(author={"name": "\u202eeiz\u200bcuL"})

    assert reply.status_code == 201, reply.json
    assert read()["comments"][0]["author"]["name"] == "eizcuL"


@pytest.mark.parametrize(
    "parent", ["unknown", "0191e2f0-0000-7000-8000-000000000000", "' OR 1=1 --"]
)
def test_an_answer_to_nothing_is_refused(send, parent):
    reply = send(parent=parent)

    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/parent")


def test_an_answer_to_another_page_or_to_a_held_comment_is_refused(send):
    elsewhere = send(thread={"url": ORIGIN + "/autre"}).json["id"]
    held = send(text="a.example http://b.example http://c.example http://d.example").json["id"]

    assert send(parent=elsewhere).status_code == 422
    assert send(parent=held).status_code == 422


def test_a_page_is_turned_without_losing_or_repeating_a_comment(send, read, clock):
    sent = [send(text=f"Remarque numéro {n}, merci pour l’article.").json["id"] for n in range(5)]

    first = read(limit=2)
    clock.move(minutes=1)
    send(text="Un commentaire arrivé entre deux pages, bonjour.")
    second = read(limit=2, cursor=first["next"])
    third = read(limit=2, cursor=second["next"])

    seen = [c["id"] for page in (first, second, third) for c in page["comments"]]
    assert sorted(seen) == sorted(sent)
    assert third["next"] is None


def test_an_unchanged_page_answers_304(client, site, send):
    query = {"site": site.key, "thread": ARTICLE}
    send()

    first = client.get("/v1/comments", query_string=query)
    again = {"If-None-Match": first.headers["ETag"]}
    unchanged = client.get("/v1/comments", query_string=query, headers=again)
    send(text="Un second commentaire change la page.")
    changed = client.get("/v1/comments", query_string=query, headers=again)

    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_spellings_of_a_page_share_its_comments(send, read):
    send(
        thread={"url": ARTICLE.upper().replace("/VILLAGE/LA-HALLE", "/village/la-halle/?utm_x=1#c")}
    )

    assert read()["count"] == 1


def test_counts_are_by_page(client, site, send):
    send()
    other = ORIGIN + "/autre"

    reply = client.get("/v1/counts", query_string={"site": site.key, "thread": [ARTICLE, other]})

    assert reply.json == {"counts": {ARTICLE: 1, other: 0}}


def test_the_same_text_twice_waits(send, read):
    text = "Je trouve que la mairie a bien fait de rouvrir la halle."

    assert send(text=text).status_code == 201
    assert send(text=text.upper(), author={"name": "Paul"}).status_code == 202
    assert read()["count"] == 1


def test_a_closed_page_takes_no_comment(send, challenge, add_site, clock):
    closing = add_site("closing", close_after=timedelta(days=30))
    assert send(site=closing.key).status_code == 201
    clock.move(days=30)
    captcha = challenge(closing.key)

    refused = send(site=closing.key, captcha=captcha, text="Trop tard ?")

    assert (refused.status_code, refused.json["code"]) == (409, "thread_closed")


def test_on_a_pre_moderated_site_a_newcomer_waits_and_a_regular_does_not(
    send, add_site, add_key, client
):
    careful = add_site("careful", moderation=Moderation.PRE)
    headers = add_key(careful)

    first = send(site=careful.key)
    url = f"/v1/moderation/comments/{first.json['id']}/decisions"
    decided = client.post(url, json={"verdict": "publish", "version": 1}, headers=headers)
    second = send(site=careful.key, text="Une deuxième remarque, en connaissance de cause.")

    assert (first.status_code, decided.status_code, second.status_code) == (202, 201, 201)


def test_a_filled_honeypot_is_received_and_rejected(send, client, as_moderator):
    sent = send(website="https://spam.example")

    item = client.get(f"/v1/moderation/comments/{sent.json['id']}", headers=as_moderator).json
    assert sent.status_code == 202
    assert item["status"] == "rejected"
    assert "honeypot" in [f["code"] for f in item["findings"]]


def test_what_readers_see_holds_no_address(send, client, site):
    send(
        author={"name": "Lucie", "email": "lucie@courriel.example", "url": "https://lucie.example"}
    )

    reply = client.get("/v1/comments", query_string={"site": site.key, "thread": ARTICLE})

    assert "courriel" not in reply.text
    assert reply.json["comments"][0]["author"] == {"name": "Lucie", "url": "https://lucie.example"}
