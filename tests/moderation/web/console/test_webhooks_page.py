"""The page of webhooks: who is told of what, secrets, and how each delivery went."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.webhook import Because, DeliveryStatus, Outcome
from moderation.storage.excerpts import Excerpt
from moderation.web.console.webhooks import sentence_of
from moderation.web.sentences import has_sentence
from moderation.webhooks import transport

URL = "https://9.9.9.9/hooks/comments"  # public, and needs no look-up; nothing is sent there
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{20,}")


@pytest.fixture
def operator(sit_down):
    return sit_down(Role.OPERATOR)


@pytest.fixture
def webhooks(services, site):
    """Return the site's webhooks."""

    def look():
        with services.database.read() as memory:
            return memory.webhooks.of_site(site.id)

    return look


@pytest.fixture
def add(operator, webhooks):
    """Add a webhook by the form; return it and the page."""

    def send(url=URL, *events):
        reply = operator.post("/webhooks", url=url, events=list(events) or ["comment.published"])
        assert reply.status_code == 200, reply.text
        return webhooks()[-1], reply

    return send


@pytest.fixture
def put(services, site, clock):
    """Let something happen that webhooks are told of; return the event."""

    def happen(kind=EventType.COMMENT_PUBLISHED, **data):
        clock.move(seconds=1)
        event = Event(new_id(clock()), kind, site.id, data, clock())
        with services.database.transaction() as transaction:
            transaction.outbox.put(event)
        return event

    return happen


@pytest.fixture
def attempt(services, clock):
    """Let a delivery be tried: `attempt(webhook, status, status_code, error)`."""

    def record(webhook, status, status_code=None, error="", next_at=None):
        with services.database.transaction() as transaction:
            leased = transaction.deliveries.lease(webhook.id, clock(), clock())
            outcome = Outcome(status, status_code, error, next_at)
            transaction.deliveries.record(leased, outcome, clock())

    return record


def test_there_is_none_at_first_and_the_form_is_open(operator):
    page = operator.get("/webhooks").text

    assert "Aucun webhook n’est encore là." in page
    assert '<details class="card adding" open>' in page
    for one in EventType:
        assert f'value="{one.value}"' in page


def test_an_added_one_shows_its_secret_this_once(operator, add):
    made, reply = add(URL, "comment.published", "model.drift")

    assert SECRET.search(unescape(reply.text))[0] == made.secret
    assert reply.headers["Cache-Control"] == "no-store"
    assert made.url == URL
    assert made.events == (EventType.COMMENT_PUBLISHED, EventType.MODEL_DRIFT)
    page = operator.get("/webhooks").text
    assert URL in page
    assert "les commentaires s’éloignent du modèle" in page
    assert not SECRET.search(unescape(page))


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"url": ""}, "Ce champ est obligatoire."),
        ({"url": "ftp://journal.example/"}, "http:// ou https://"),
        ({"url": "https://a:b@journal.example/"}, "ni nom d’utilisateur ni mot de passe"),
        ({"url": "https://127.0.0.1/"}, "ne mène pas à un serveur public"),
        ({"events": []}, "Cochez au moins un événement."),
        ({"events": ["comment.liked"]}, "Cochez au moins un événement."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(operator, webhooks, sent, told):
    form = {"url": URL, "events": ["comment.held", "comment.edited"], **sent}

    reply = operator.post("/webhooks", **form)

    assert reply.status_code == 422
    assert told in unescape(reply.text)
    assert f'value="{form["url"]}"' in reply.text
    if "events" not in sent:
        assert reply.text.count(" checked") == 2
    assert webhooks() == ()


def test_there_is_an_end_to_how_many_a_site_may_have(operator, add, webhooks):
    for n in range(20):
        add(f"{URL}/{n}")

    reply = operator.post("/webhooks", url=URL, events=["comment.held"])

    assert reply.status_code == 409
    assert "plus de 20 webhooks" in reply.text
    assert f'value="{URL}"' in reply.text
    assert len(webhooks()) == 20


def test_a_new_secret_is_shown_and_the_former_one_signs_for_a_day(operator, add, webhooks, clock):
    made, _ = add()

    reply = operator.post(f"/webhooks/{made.id}/rotate")

    (now,) = webhooks()
    assert now.secret != made.secret
    assert now.secret in unescape(reply.text)
    assert reply.headers["Cache-Control"] == "no-store"
    assert "l’ancien secret signe aussi jusqu’au 24 novembre 2026" in operator.get("/webhooks").text
    clock.move(hours=10)
    operator.get("/webhooks")
    clock.move(hours=11)
    operator.get("/webhooks")
    clock.move(hours=11)
    assert "l’ancien secret" not in operator.get("/webhooks").text


@pytest.mark.parametrize(
    ("because", "told"),
    [(Because.GONE, "répondu 410"), (Because.FAILING, "échoué dix fois")],
)
def test_one_that_is_suspended_tells_why_and_is_used_again(
    operator, add, webhooks, services, site, clock, because, told
):
    made, _ = add()
    with services.database.transaction() as transaction:
        transaction.webhooks.disable(made.id, site.id, because, clock())
    page = operator.get("/webhooks").text

    after = operator.follow(operator.post(f"/webhooks/{made.id}/enable")).text

    assert told in page
    assert "Suspendu" in page
    assert webhooks()[0].disabled_at is None
    assert "de nouveau en service" in after
    assert "Suspendu" not in after


def test_removing_asks_first(operator, add, webhooks, services, site):
    made, _ = add()

    asked = operator.get(f"/webhooks/{made.id}/remove").text
    unchanged = webhooks()
    after = operator.follow(operator.post(f"/webhooks/{made.id}/remove")).text

    assert URL in asked
    assert unchanged == (made,)
    assert webhooks() == ()
    assert "Le webhook est supprimé." in after
    with services.database.read() as memory:
        actions = [one.content["action"] for one in memory.audit.page(Excerpt(site.id)).items]
    assert actions == ["remove", "add"]


def test_deliveries_tell_how_they_went(operator, add, put, attempt, clock):
    made, _ = add()
    assert "Rien n’a encore été envoyé" in operator.get(f"/webhooks/{made.id}/deliveries").text
    put(text="<b>gras</b>")
    attempt(made, DeliveryStatus.DELIVERED, 204)
    put()
    attempt(made, DeliveryStatus.FAILED, 503, "status_503")

    page = unescape(operator.get(f"/webhooks/{made.id}/deliveries").text)

    assert page.index("Abandonné") < page.index("reçu le 23 novembre 2026")
    assert "Le serveur a répondu 503 au lieu de 2xx." in page
    assert "réponse 204" in page
    assert "1 essai" in page


def test_markup_in_a_delivery_stays_text(operator, add, put):
    made, _ = add()
    put(text="<b>gras</b>")

    assert "<b>gras" not in operator.get(f"/webhooks/{made.id}/deliveries").text


def test_what_waits_tells_when_it_is_tried_next(operator, add, put, attempt, clock):
    made, _ = add()
    put()
    later = clock().replace(hour=18, minute=5)
    attempt(made, DeliveryStatus.WAITING, None, "timed_out", next_at=later)

    page = operator.get(f"/webhooks/{made.id}/deliveries").text

    assert "prochain essai le 23 novembre 2026 à 19\u00a0h\u00a005" in page
    assert "n’a pas répondu à temps" in page


def test_a_delivery_is_made_once_more(operator, add, put, attempt, services):
    made, _ = add()
    event = put()
    attempt(made, DeliveryStatus.FAILED, 500, "status_500")

    reply = operator.post(f"/webhooks/{made.id}/deliveries/{event.id}/replay")

    assert "sous le même identifiant" in operator.follow(reply).text
    with services.database.read() as memory:
        (one,) = memory.deliveries.page(made.id).items
    assert (one.event_id, one.status) == (event.id, DeliveryStatus.WAITING)


def test_deliveries_come_page_by_page_and_a_replay_stays_on_its_page(operator, add, put):
    made, _ = add()
    events = [put() for _ in range(52)]

    first = unescape(operator.get(f"/webhooks/{made.id}/deliveries").text)
    cursor = unquote(re.search(r"cursor=([^\"&]+)", first)[1])
    second = operator.get(f"/webhooks/{made.id}/deliveries", cursor=cursor).text
    reply = operator.post(f"/webhooks/{made.id}/deliveries/{events[0].id}/replay", cursor=cursor)

    assert first.count('class="row"') == 50
    assert second.count('class="row"') == 2
    assert events[0].id in second
    assert operator.follow(reply).text.count('class="row"') == 2


def test_a_cursor_that_was_changed_is_refused(operator, add):
    made, _ = add()

    assert operator.get(f"/webhooks/{made.id}/deliveries", cursor="x").status_code == 422


def test_whatever_goes_wrong_has_a_sentence():
    codes = set(transport.ERRORS.values()) | {"webhook_removed"}
    codes |= {f"webhook_{because.value}" for because in Because}

    assert {code for code in codes if not has_sentence(f"webhooks.error_{code}")} == set()
    assert all(has_sentence(f"webhooks.because_{because.value}") for because in Because)
    assert sentence_of("status_404") == "webhooks.error_status"
    assert sentence_of("never_heard_of") == "webhooks.error_other"


def paths(webhook_id):
    return (
        "/webhooks",
        f"/webhooks/{webhook_id}/rotate",
        f"/webhooks/{webhook_id}/enable",
        f"/webhooks/{webhook_id}/remove",
        f"/webhooks/{webhook_id}/deliveries/{webhook_id}/replay",
    )


def test_a_form_that_is_not_ours_does_nothing(operator, add, webhooks):
    made, _ = add()

    for path in paths(made.id):
        assert operator.client.post(operator.base + path, data={"url": URL}).status_code == 403

    assert webhooks() == (made,)


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR, Role.LEAD])
def test_it_takes_an_operator(sit_down, add, webhooks, role):
    (made, _), someone = add(), sit_down(role, "Dominique")

    for path in ("/webhooks", f"/webhooks/{made.id}/remove", f"/webhooks/{made.id}/deliveries"):
        assert someone.get(path).status_code == 403
    for path in paths(made.id):
        assert someone.post(path).status_code == 403
    assert webhooks() == (made,)


def test_another_site_is_not_found(operator, add, webhooks, add_site):
    made, _ = add()
    operator.base = f"/console/{add_site('autre').key}"

    assert operator.get("/webhooks").status_code == 404
    assert operator.get(f"/webhooks/{made.id}/deliveries").status_code == 404
    for path in paths(made.id):
        assert operator.post(path).status_code == 404
    assert webhooks() == (made,)


def test_a_webhook_of_another_site_is_not_found_here(sit_down, add, webhooks, add_site):
    (made, _), elsewhere = add(), sit_down(Role.OPERATOR, "Dominique", add_site("autre"))

    assert elsewhere.get(f"/webhooks/{made.id}/remove").status_code == 404
    assert elsewhere.get(f"/webhooks/{made.id}/deliveries").status_code == 404
    for path in paths(made.id)[1:]:
        assert elsewhere.post(path).status_code == 404
    assert webhooks() == (made,)
