"""A form of the webhooks that is sent again, by reloading its answer: it does nothing twice."""

import re
from html import unescape

import pytest
from desk import fields

from moderation.domain.identifier import is_id
from moderation.domain.key import Role

SENT = {"url": "https://9.9.9.9/hooks", "events": "comment.published"}
DONE = "C’était déjà fait"


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
def form(operator):
    """Return the form for another webhook, filled in."""
    shown = fields(operator.get("/webhooks").text, 'action="' + operator.base)
    return {**SENT, "id": shown["id"]}


def test_the_form_for_a_webhook_is_good_for_one(operator, webhooks, form):
    first, again = operator.post("/webhooks", **form), operator.post("/webhooks", **form)

    assert first.status_code == 200
    assert DONE in operator.follow(again).text
    assert [one.id for one in webhooks()] == [form["id"]]


def test_it_is_good_for_none_once_that_webhook_is_gone(operator, webhooks, form):
    operator.post("/webhooks", **form)
    operator.post(f"/webhooks/{form['id']}/remove")

    assert operator.post("/webhooks", **form).status_code == 303

    assert webhooks() == ()


def test_another_form_adds_another(operator, webhooks, form):
    operator.post("/webhooks", **form)
    second = fields(operator.get("/webhooks").text, 'action="' + operator.base)

    assert operator.post("/webhooks", **SENT, id=second["id"]).status_code == 200

    assert len(webhooks()) == 2


def test_what_was_wrong_is_mended_in_the_same_form(operator, form):
    wrong = operator.post("/webhooks", **{**form, "url": "ftp://journal.example/"})

    assert wrong.status_code == 422
    assert f'name="id" value="{form["id"]}"' in wrong.text


@pytest.mark.parametrize("brought", ["", "x", "../../etc", "0" * 36, "{01936F2E}"])
def test_an_id_that_is_not_ours_is_not_taken(operator, webhooks, brought):
    operator.post("/webhooks", **SENT, id=brought)

    (made,) = webhooks()
    assert made.id != brought
    assert is_id(made.id)


def test_a_secret_is_renewed_once_by_one_button(operator, webhooks, form):
    operator.post("/webhooks", **form)
    (before,) = webhooks()
    page = operator.get("/webhooks").text
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    path = f"/webhooks/{before.id}/rotate"

    first, again = operator.post(path, seen=seen), operator.post(path, seen=seen)

    (now,) = webhooks()
    assert before.secret not in unescape(page)
    assert now.secret in unescape(first.text)
    assert DONE in operator.follow(again).text
    assert now.former_secret == before.secret


def test_the_audit_says_which_webhook(operator, form, site):
    operator.post("/webhooks", **form)
    operator.post(f"/webhooks/{form['id']}/rotate")
    operator.post(f"/webhooks/{form['id']}/remove")

    told = unescape(operator.get("/audit").text)

    for done in (
        "a ajouté un webhook",
        "a renouvelé le secret d’un webhook",
        "a supprimé un webhook",
    ):
        assert f"{done} <q>https://9.9.9.9</q>" in told
    assert "/hooks</q>" not in told  # a secret may stand there, and readers see the audit
