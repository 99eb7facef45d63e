"""The page that tells who did what, and proves it."""

import json
import re
from hashlib import sha256

import pytest
from sqlalchemy import text

from moderation.domain.audit import OPERATOR, Kind, Note
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Role
from moderation.review.undo import undo


@pytest.fixture
def path(site):
    return f"/console/{site.key}/audit"


@pytest.fixture
def decided(remember, rule):
    """Make so many decisions: `decided(3)`."""
    return lambda n: [rule(remember(f"Remarque {number}")) for number in range(n)]


def enter(services, site, clock, *notes):
    with services.database.transaction() as transaction:
        transaction.audit.append(
            site.id, *(Note(kind, "Dominique", None, clock(), about) for kind, about in notes)
        )


def test_a_site_where_nothing_was_decided_has_no_entries(come_in, path):
    assert "Rien n’a encore été décidé" in come_in(Role.READER).client.get(path).text


def test_an_entry_is_told_in_words_with_its_comment(come_in, path, remember, rule, site):
    comment = remember("Achetez mes pilules.")
    rule(comment, Verdict.REJECT, Reason.SPAM)

    page = come_in(Role.READER).open(path)
    told = told_in(page)

    assert "Camille a rejeté le commentaire de Lucie, version\u00a01 Spam" in told
    assert "Achetez mes pilules." in told
    assert page.links["Lucie"].endswith(f"/comments/{comment.id}")


def told_in(page):
    """What the list of entries says, without its line ends."""
    return re.sub(r"[ \n]+", " ", page.texts["entries"])


def test_taking_back_is_told_as_such(
    come_in, path, remember, rule, services, site, clock, as_moderator
):
    rule(remember())
    with services.database.read() as memory:
        the_latest = memory.audit.last(site.id).content["id"]
        token = as_moderator["Authorization"].removeprefix("Bearer ")
        person = memory.keys.by_token(token, clock()).holder
    undo(the_latest, person, services.database, clock())

    assert "a annulé une décision" in told_in(come_in(Role.READER).open(path))


@pytest.mark.parametrize(
    ("verdict", "reason", "told"),
    [
        (Verdict.HOLD, Reason.ILLEGAL_CONTENT, "Camille a proposé de rejeter le commentaire de"),
        (Verdict.HOLD, None, "Camille a mis en attente le commentaire de"),
    ],
)
def test_a_proposal_is_told_apart_from_a_comment_put_on_hold(
    come_in, path, remember, rule, verdict, reason, told
):
    rule(remember(), verdict, reason)

    page = told_in(come_in(Role.READER).open(path))

    assert told in page
    assert ("une seconde personne" in page) == (reason is not None)


def test_what_this_page_has_no_words_for_is_told_all_the_same(come_in, path, services, site, clock):
    kinds = [(kind, {"action": "astonish"}) for kind in Kind if kind is not Kind.DECISION]
    enter(services, site, clock, *kinds, (Kind.WEBHOOK, {"action": "add", "webhook": "w"}))

    told = told_in(come_in(Role.READER).open(path))

    assert "a changé les réglages du site" in told
    assert "a ajouté un webhook" in told
    assert told.count("Dominique a ") == len(kinds) + 1


def test_what_changed_in_the_settings_is_told_in_words(come_in, path, services, site, clock):
    changes = {
        "edit_window": {"from": 900.0, "to": 1800.0},
        "captcha": {"from": "always", "to": "unsure"},
        "hold_above": {"from": None, "to": 0.4},
        "two_person_rule": {"from": False, "to": True},
        "blocked_words": {"from": [], "to": ["bitume", "<b>"]},
        "name": {"from": "gazette", "to": "La Gazette"},
        "origins": {
            "from": ["https://a.example"],
            "to": ["https://b.example", "https://c.example"],
        },
        "locale": {"from": "fr", "to": 7},
        "of_tomorrow": {"from": 1, "to": 2},
        "maximum_links": {"from": "x", "to": []},
        "close_after": {"from": 1e300, "to": {}},
        "intro": {"from": 1, "to": 2},
        "trust_after": 7,
    }
    for about in (changes, ["nothing"], None):
        enter(services, site, clock, (Kind.POLICY, {"changes": about}))

    told = told_in(come_in(Role.READER).open(path))

    assert (
        "Délais – Modifier ou retirer son commentaire, en minutes\u00a0: 30 (avant\u00a0: 15)"
        in told
    )
    assert (
        "Captcha – Quand le demander\u00a0: En cas de doute seulement (avant\u00a0: Toujours)"
        in told
    )
    assert "Seuils du modèle – Mettre en attente à partir de\u00a0: 0,4 (avant\u00a0: vide)" in told
    assert "Nom\u00a0: La Gazette (avant\u00a0: gazette)" in told
    assert "Origines\u00a0: https://b.example, https://c.example (avant\u00a0: https://a.ex" in told
    assert "Langue\u00a0: ? (avant\u00a0: fr)" in told
    assert "\u00a0: oui (avant\u00a0: non)" in told
    assert "\u00a0: bitume, <b> (avant\u00a0: vide)" in told
    assert "en jours\u00a0: ? (avant\u00a0: ?)" in told


def test_whom_the_command_line_let_in_is_told_in_words(come_in, path, services, site, clock):
    notes = [
        Note(kind, OPERATOR, None, clock(), {"action": action, "holder": "Zoé", "role": "lead"})
        for kind, action in (
            (Kind.KEY, "add"),
            (Kind.KEY, "revoke"),
            *(
                (Kind.PERSON, act)
                for act in ("grant", "revoke", "close", "reopen", "password", "codes")
            ),
        )
    ]
    with services.database.transaction() as transaction:
        transaction.audit.append(site.id, *notes)

    told = told_in(come_in(Role.READER).open(path))

    for sentence in (
        "a créé un jeton\u00a0: Zoé (responsable)",
        "a révoqué un jeton\u00a0: Zoé La ligne",
        "a donné un accès\u00a0: Zoé (responsable)",
        "a retiré un accès\u00a0: Zoé La ligne",
        "a fermé un compte\u00a0: Zoé",
        "a rouvert un compte\u00a0: Zoé",
        "a renouvelé un mot de passe\u00a0: Zoé",
        "a désactivé les codes à usage unique de Zoé",
    ):
        assert f"La ligne de commande {sentence}" in told


def test_entries_come_page_by_page_each_once(come_in, path, decided):
    decided(43)
    browser = come_in(Role.READER)

    first = browser.open(path)
    second = browser.open(first.links["Plus anciennes"])

    numbers = [found["id"] for page in (first, second) for found in page.attributes("li")
               if found.get("id", "").startswith("e-")]  # fmt: skip
    assert numbers == [f"e-{number}" for number in range(43, 0, -1)]
    assert "Plus anciennes" not in second.links
    assert second.links["Les plus récentes"] == path


def test_it_is_narrowed_to_who_what_and_when(come_in, path, decided, services, site, clock):
    decided(2)
    clock.move(days=3)
    enter(services, site, clock, (Kind.POLICY, {"changes": {}}))
    today = clock().date().isoformat()
    browser = come_in(Role.READER)

    def numbers(query):
        page = browser.open(f"{path}?{query}")
        return [one["id"] for one in page.attributes("li") if one.get("id", "").startswith("e-")]

    assert numbers("who=Camille") == ["e-2", "e-1"]
    assert numbers("kind=policy") == numbers(f"since={today}") == ["e-3"]
    assert numbers(f"who=&kind=decision&since=&until={today}") == ["e-2", "e-1"]
    assert numbers(f"who=Camille&since={today}") == []


def test_the_next_page_of_an_excerpt_is_narrowed_too(come_in, path, decided, services, site, clock):
    enter(services, site, clock, *[(Kind.POLICY, {"changes": {}})] * 41)
    decided(1)
    browser = come_in(Role.READER)

    second = browser.open(browser.open(f"{path}?kind=policy").links["Plus anciennes"])

    assert "a changé les réglages" in told_in(second)
    assert second.links["Les plus récentes"] == f"{path}?kind=policy"
    assert second.links["Effacer les filtres"] == path


def test_an_excerpt_without_entries_says_so(come_in, path, decided):
    decided(1)

    page = come_in(Role.READER).client.get(f"{path}?kind=webhook").text

    assert "Aucune entrée ne répond à ces filtres." in page


@pytest.mark.parametrize("query", ["kind=claim", "since=hier", "until=9999-12-31", "who=%0A%00x"])
def test_filters_that_cannot_be_read_are_refused_and_everything_shown(
    come_in, path, decided, query
):
    decided(1)

    reply = come_in(Role.READER).client.get(f"{path}?{query}")

    assert reply.status_code == 422
    assert 'id="e-1"' in reply.text


@pytest.mark.parametrize("cursor", ["x", "%00", "é", "WyJhdWRpdCJd"])
def test_a_cursor_from_elsewhere_is_refused_and_the_first_page_shown(
    come_in, path, decided, cursor
):
    decided(1)

    reply = come_in(Role.READER).client.get(f"{path}?cursor={cursor}")

    assert reply.status_code == 422
    assert 'id="e-1"' in reply.text


def test_the_head_of_the_chain_is_shown_to_be_noted(come_in, path, decided, services, site):
    decided(2)
    with services.database.read() as memory:
        head = memory.audit.last(site.id)

    page = come_in(Role.READER).client.get(path).text

    assert f"moderation audit verify {site.name} --head 2:{head.hash}" in page


def test_a_sound_chain_is_said_to_be_sound(come_in, path, decided):
    decided(3)

    page = come_in(Role.READER).open(f"{path}?check=1")

    assert "Les 3 dernières entrées se suivent sans faille" in page.roles["status"]


def test_an_entry_that_was_changed_is_found(come_in, path, decided, services):
    decided(5)
    with services.database.transaction() as transaction:
        run = transaction._connection.execute
        triggers = run(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"))  # fmt: skip # noqa: E501
        for (name,) in triggers.all():
            run(text(f"DROP TRIGGER {name}"))
        run(text("UPDATE audit SET line = replace(line, 'publish', 'reject') WHERE number = 3"))

    page = come_in(Role.READER).open(f"{path}?check=1")

    assert "L’entrée n°\u00a03 ne va pas" in page.roles["alert"]


def test_only_the_latest_entries_are_checked_from_where_they_begin(
    come_in, path, decided, monkeypatch
):
    monkeypatch.setattr("moderation.web.console.audit.CHECKED", 2)
    decided(5)

    page = come_in(Role.READER).open(f"{path}?check=1")

    assert "Les 2 dernières entrées" in page.roles["status"]


def test_the_whole_audit_is_downloaded_a_line_each(come_in, path, decided):
    decided(3)

    reply = come_in(Role.READER).client.get(f"{path}/audit.jsonl")

    lines = reply.text.splitlines()
    assert reply.headers["Content-Disposition"].startswith("attachment; filename=audit-")
    assert [json.loads(line)["number"] for line in lines] == [1, 2, 3]
    assert json.loads(lines[2])["previous"] == sha256(lines[1].encode()).hexdigest()
