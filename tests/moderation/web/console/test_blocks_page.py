"""The page of blocks: what is blocked, trying a block on what came in, blocking, lifting."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from moderation.domain.block import BlockKind
from moderation.domain.finding import Verdict
from moderation.domain.key import Role
from moderation.review.blocks import Wanted, block
from moderation.storage.excerpts import Excerpt

WORD = {"kind": "word", "pattern": "ponceuse", "reason": "Hors sujet", "verdict": "hold"}
PAGES = ("/blocks", "/blocks/preview", "/blocks/change")


@pytest.fixture
def lead(sit_down):
    return sit_down(Role.LEAD)


@pytest.fixture
def standing(services, site, clock):
    """Return what the site blocks now."""

    def look():
        with services.database.read() as memory:
            return memory.blocks.in_force(site.id, clock())

    return look


@pytest.fixture
def blocked(services, add_key, site, clock):
    """Block something beforehand: `blocked(pattern="ponceuse")`."""
    token = add_key(site, Role.LEAD)["Authorization"].removeprefix("Bearer ")
    with services.database.read() as memory:
        caller = memory.keys.by_token(token, clock()).holder

    def put(pattern="ponceuse", kind=BlockKind.WORD, expires_at=None, **more):
        wanted = Wanted(kind, pattern, Verdict.HOLD, "Motif de test", expires_at, **more)
        return block(wanted, caller, services.database, services.desk.fold, clock())

    return put


def entries(services, site):
    with services.database.read() as memory:
        return [one.content for one in memory.audit.page(Excerpt(site.id)).items]


def test_nothing_is_blocked_at_first_and_the_form_is_open(lead):
    page = lead.get("/blocks").text

    assert "Rien n’est bloqué sur ce site." in page
    assert re.search(r'<details class="card adding" open>', page)


def test_what_is_blocked_is_listed_with_who_why_and_until_when(lead, blocked, clock):
    blocked(expires_at=datetime(2026, 12, 1, 11, 0, tzinfo=UTC))

    page = lead.get("/blocks").text

    assert "ponceuse" in page
    assert "Motif de test" in page
    assert "Par Camille, le 23 novembre 2026" in page
    assert "jusqu’au 1er décembre 2026" in page


def test_what_is_over_stands_apart(lead, blocked, clock):
    blocked(expires_at=clock() + timedelta(hours=1))
    before = lead.get("/blocks").text

    clock.move(hours=1)
    page = lead.get("/blocks").text

    assert "Anciens blocages" not in before
    assert page.index("Anciens blocages") < page.index("ponceuse")


def test_an_address_fills_the_form_in(lead):
    page = lead.get("/blocks", kind="domain", pattern="credit.example", reason="Spam").text

    assert 'value="domain" checked' in page
    assert 'value="credit.example"' in page
    assert 'value="Spam"' in page
    assert " open>" in page


def test_the_sender_of_a_comment_is_blocked_from_the_comment(lead, remember, standing):
    comment = remember("Achetez mes volets.")
    page = lead.get("/blocks", kind="sender", comment=comment.id).text

    lead.post("/blocks", kind="sender", comment=comment.id, reason="Réclame")

    assert "Achetez mes volets." in page
    assert 'name="pattern"' not in page
    assert [(one.kind, one.comment_id) for one in standing()] == [(BlockKind.SENDER, comment.id)]
    assert "d’un commentaire" in lead.get("/blocks").text


def test_a_comment_of_another_site_is_not_shown(sit_down, remember, add_site):
    comment, elsewhere = remember("Rien que pour nous."), sit_down(Role.LEAD, where=add_site("x"))

    reply = elsewhere.get("/blocks", kind="sender", comment=comment.id)

    assert reply.status_code == 404
    assert "Rien que pour nous." not in reply.text


def test_trying_says_how_many_it_would_have_caught_and_changes_nothing(
    lead, remember, rule, standing, services, site
):
    first = remember("Ma ponceuse est en panne.")
    remember("Rendez-moi la ponceuse !")
    remember("Et le marché ?")
    rule(first, Verdict.PUBLISH)
    before = entries(services, site)

    page = lead.post("/blocks/preview", **WORD).text

    assert "2 commentaires auraient été mis en attente." in page
    assert "Une personne en a publié un" in page
    assert "Parmi 3 commentaires regardés." in page
    assert "Ma ponceuse est en panne." in page
    assert "Et le marché" not in page
    assert standing() == ()
    assert entries(services, site) == before


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ("hold", "Aucun commentaire n’aurait été mis en attente."),
        ("reject", "Aucun commentaire n’aurait été rejeté."),
    ],
)
def test_trying_in_vain_says_so(lead, verdict, told):
    page = lead.post("/blocks/preview", **{**WORD, "verdict": verdict}).text

    assert told in page
    assert "Il n’y a pas eu de commentaire pendant cette période." in page


def test_what_was_tried_can_be_confirmed(lead, standing, services, site):
    page = lead.post("/blocks/preview", **WORD, expiry="week").text
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    kept.pop("csrf")

    after = lead.follow(lead.post("/blocks", **kept)).text

    (made,) = standing()
    assert (made.pattern, made.reason, made.moderator) == ("ponceuse", "Hors sujet", "Camille")
    assert (made.expires_at - made.created_at).days == 7
    assert "C’est bloqué." in after
    assert entries(services, site)[0]["kind"] == "block"


def test_what_was_tried_can_be_changed(lead, standing):
    page = lead.post("/blocks/change", **WORD).text

    assert 'value="ponceuse"' in page
    assert 'value="word" checked' in page
    assert standing() == ()


def test_a_block_counts_for_the_next_comment(lead, send):
    send(text="Rien à redire de ma ponceuse.")

    lead.post("/blocks", **{**WORD, "verdict": "reject"})

    assert send(text="Ma ponceuse, encore elle.").status_code == 202


def test_a_last_day_counts_to_its_end_where_the_newsroom_is(lead, standing):
    lead.post("/blocks", **WORD, expiry="date", expires_at="2026-12-24")

    (made,) = standing()
    assert made.expires_at == datetime(2026, 12, 24, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("pattern", "", "Ce champ est obligatoire."),
        ("reason", " ", "Ce champ est obligatoire."),
        ("reason", "x" * 201, "Ce champ est trop long"),
        ("pattern", "a\0b", "caractères de contrôle"),
        ("kind", "planet", "Valeurs possibles"),
        ("verdict", "publish", "Valeurs possibles"),
        ("expiry", "soon", "Valeurs possibles"),
        ("expires_at", "31/12/2026", "Une date est attendue."),
        ("expires_at", "9999-12-31", "Une date est attendue."),
        ("expires_at", "2020-01-01", "Ce moment est déjà passé."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(lead, standing, field, value, told):
    typed = {**WORD, "expiry": "date" if field == "expires_at" else "never", field: value}

    reply = lead.post("/blocks/preview", **typed)

    assert reply.status_code == 422
    assert told in reply.text
    assert 'role="alert"' in reply.text
    for name in {"pattern", "reason"} - {field}:
        assert f'value="{WORD[name]}"' in reply.text
    assert standing() == ()


def test_the_same_is_not_blocked_twice(lead, blocked):
    blocked("ponceuse")

    reply = lead.post("/blocks", **WORD)

    assert reply.status_code == 422
    assert "Cela est déjà bloqué." in reply.text


def test_lifting_asks_first(lead, blocked, standing, services, site):
    one = blocked()

    asked = lead.get(f"/blocks/{one.id}/remove").text
    unchanged = standing()
    after = lead.follow(lead.post(f"/blocks/{one.id}/remove")).text

    assert "Lever ce blocage\u202f?" in asked
    assert unchanged == (one,)
    assert standing() == ()
    assert "Le blocage est levé." in after
    assert "Anciens blocages" in after
    assert entries(services, site)[0]["kind"] == "unblock"


def test_what_was_lifted_before_is_not_lifted_again(lead, blocked):
    one = blocked()
    lead.post(f"/blocks/{one.id}/remove")

    asked = lead.get(f"/blocks/{one.id}/remove")
    again = lead.post(f"/blocks/{one.id}/remove")

    assert "n’est plus en vigueur" in asked.text
    assert again.status_code == 404


def test_many_blocks_come_page_by_page_and_can_be_searched(lead, blocked, clock):
    for n in range(32):
        clock.move(seconds=1)
        blocked(f"mot{n:02}")

    first, second = lead.get("/blocks").text, lead.get("/blocks", page="2").text
    found = lead.get("/blocks", q="MOT17").text

    assert first.count('class="row"') == 30
    assert second.count('class="row"') == 2
    assert "mot31" in first
    assert "mot00" in second
    assert found.count('class="row"') == 1
    assert "Aucun blocage ne correspond." in lead.get("/blocks", q="rien").text


def test_a_page_that_cannot_be_is_no_error(lead):
    for page in ("0", "-1", "x", "99999", "٣"):
        assert lead.get("/blocks", page=page).status_code == 200


def test_a_form_that_is_not_ours_does_nothing(lead, standing):
    for path in PAGES:
        assert lead.client.post(lead.base + path, data=WORD).status_code == 403

    assert standing() == ()


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR])
def test_it_takes_a_lead(sit_down, role):
    someone = sit_down(role)

    assert someone.get("/blocks").status_code == 403
    for path in PAGES:
        assert someone.post(path, **WORD).status_code == 403


def test_another_site_is_not_found(lead, add_site, blocked):
    other, one = add_site("autre"), blocked()
    lead.base = f"/console/{other.key}"

    assert lead.get("/blocks").status_code == 404
    assert lead.get(f"/blocks/{one.id}/remove").status_code == 404
    for path in (*PAGES, f"/blocks/{one.id}/remove"):
        assert lead.post(path, **WORD).status_code == 404


def test_a_block_of_another_site_is_not_found_here(sit_down, blocked, add_site, standing):
    one, elsewhere = blocked(), sit_down(Role.LEAD, "Dominique", add_site("autre"))

    assert elsewhere.get(f"/blocks/{one.id}/remove").status_code == 404
    assert elsewhere.post(f"/blocks/{one.id}/remove").status_code == 404
    assert standing() == (one,)


def test_markup_in_a_pattern_stays_text(lead, blocked):
    blocked("<script>alert(1)</script>")

    assert "<script>alert" not in lead.get("/blocks").text
