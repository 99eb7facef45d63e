"""The page of settings: every field of a policy, and the effect of thresholds beforehand."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from html import unescape

import pytest

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Role
from moderation.domain.site import (
    CaptchaDisplay,
    CaptchaLevel,
    CaptchaMode,
    Moderation,
    Policy,
)
from moderation.review.thresholds import Bin, Thresholds, Word
from moderation.storage.excerpts import Excerpt
from moderation.web.console import histogram, policy_form, rates
from moderation.web.console.policy_words import SECTION_OF
from moderation.web.sentences import COMPLETE

TYPED = policy_form.typed(Policy(), "fr")
SEEN = re.compile(r'name="seen" value="(\w+)"')
OTHER = Policy(
    hold_above=0.4,
    reject_above=0.925,
    captcha=CaptchaMode.UNSURE,
    captcha_level=CaptchaLevel.HARD,
    captcha_display=CaptchaDisplay.IMAGE,
    moderation=Moderation.PRE,
    comments_per_client="7 per minute",
    comments_per_site="70 per minute",
    challenges_per_client="17 per minute",
    maximum_links=4,
    blocked_words=("volets bleus", "bitume"),
    minimum_answer=timedelta(seconds=1.5),
    close_after=timedelta(days=14),
    edit_window=timedelta(minutes=30),
    hold_after_reports=3,
    two_person_rule=True,
    trust_after=6,
)


@pytest.fixture
def operator(sit_down):
    return sit_down(Role.OPERATOR)


@pytest.fixture
def policy(services, site):
    """Return the site's policy as it stands."""

    def look():
        with services.database.read() as memory:
            return memory.sites.by_id(site.id).policy

    return look


@pytest.fixture
def save(operator):
    """Send the form as it is shown now, with what was typed into it."""

    def send(**typed):
        seen = SEEN.search(operator.get("/policy").text)[1]
        return operator.post("/policy", seen=seen, **typed)

    return send


def cells(page):
    """Return the rows of the table of the effect: its name, then its numbers."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page)
    return [re.findall(r">([^<>]+)<", f">{row}") for row in rows]


def test_every_field_of_the_policy_is_in_the_form(operator):
    page = operator.get("/policy").text

    assert {one.name for one in fields(Policy)} <= set(re.findall(r'name="(\w+)"', page))


def test_a_policy_is_read_as_it_was_shown():
    for language in COMPLETE:
        assert policy_form.meant(policy_form.typed(OTHER, language)) == OTHER
        assert policy_form.meant(policy_form.typed(Policy(), language)) == Policy()


def test_every_setting_is_named_with_its_part_of_the_page_where_it_stands_alone():
    assert {one.name for one in fields(Policy)} == SECTION_OF.keys()


@pytest.mark.parametrize(
    ("kept", "french"),
    [
        ("5 per minute", "5 par minute"),
        ("5 per minute; 60 per hour", "5 par minute\u202f; 60 par heure"),
        ("1 per 10 seconds;9 per day", "1 par 10 secondes\u202f;9 par jour"),
        ("9/minute", "9/minute"),
        ("many per fortnight", "many par fortnight"),
    ],
)
def test_a_rate_is_shown_in_the_language_of_the_page_and_read_back(kept, french):
    assert rates.shown(kept, "fr") == french
    assert rates.shown(kept, "en") == kept
    assert rates.read(french) == rates.read(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("5 par minute", "5 per minute"), ("3 PAR HEURE ; 9 par jours", "3 per hour; 9 per days")],
)
def test_a_rate_may_be_typed_in_french(save, policy, typed, kept):
    assert save(**{**TYPED, "comments_per_client": typed}).status_code == 303

    assert policy().comments_per_client == kept


def test_the_page_shows_what_stands(operator, services, site):
    with services.database.transaction() as transaction:
        transaction.sites.set_policy(site.id, OTHER)

    page = operator.get("/policy").text

    assert re.search(r'id="hold_above"[^>]* value="0,4"', page)
    assert re.search(r'id="edit_window"[^>]* value="30"', page)
    assert "volets bleus\nbitume</textarea>" in page
    assert '<option value="unsure" selected>' in page
    assert 'value="pre" checked' in page
    assert 'name="two_person_rule" value="on" checked' in page


def test_the_site_is_shown_and_how_to_change_it(operator, site):
    page = operator.get("/policy").text

    assert site.key in page
    assert site.origins[0] in page
    assert "moderation sites change" in page
    assert site.secret not in page


def test_saving_changes_the_policy_and_enters_the_audit(operator, save, policy, services, site):
    after = operator.follow(save(**policy_form.typed(OTHER, "fr"))).text

    assert policy() == OTHER
    assert "Les réglages sont enregistrés." in after
    with services.database.read() as memory:
        entry = memory.audit.page(Excerpt(site.id)).items[0].content
    assert (entry["kind"], entry["moderator"]) == ("policy", "Camille")
    assert entry["changes"]["hold_above"] == {"from": None, "to": 0.4}


def test_saving_what_stands_already_is_no_entry(save, policy, services, site):
    before = policy()

    assert save(**policy_form.typed(before, "fr")).status_code == 303

    assert policy() == before
    with services.database.read() as memory:
        assert memory.audit.page(Excerpt(site.id)).items == ()


def test_settings_that_changed_since_they_were_seen_are_not_overwritten(operator, save, policy):
    seen = SEEN.search(operator.get("/policy").text)[1]
    theirs = {**TYPED, "maximum_links": "9", "two_person_rule": "on", "captcha": "unsure"}
    assert save(**theirs).status_code == 303
    mine = {**TYPED, "maximum_links": "3", "blocked_words": "bitume"}

    refusals = [operator.post("/policy", seen=one, **mine) for one in (seen, "", "x")]

    for reply in refusals:
        assert reply.status_code == 409
        assert "Quelqu’un a enregistré d’autres réglages" in reply.text
        assert re.search(r'id="maximum_links"[^>]* value="3"', reply.text)
    page = unescape(refusals[0].text)
    assert dict(
        re.findall(r'<li><a href="#(\w+)">.* – .*</a> – aujourd’hui\u00a0: (.*)</li>', page)
    ) == {
        "captcha": "En cas de doute seulement",
        "maximum_links": "9",
        "blocked_words": "vide",
        "two_person_rule": "oui",
    }
    assert policy().maximum_links == 9
    assert operator.post("/policy", seen=SEEN.search(page)[1], **mine).status_code == 303
    assert (policy().maximum_links, policy().blocked_words) == (3, ("bitume",))


def test_who_wants_what_another_has_saved_already_is_refused_nothing(operator, save, policy):
    seen = SEEN.search(operator.get("/policy").text)[1]
    wanted = {**TYPED, "maximum_links": "9"}
    save(**wanted)

    assert operator.post("/policy", seen=seen, **wanted).status_code == 303


def test_looking_at_an_effect_does_not_make_changed_settings_seen(operator, save):
    seen = SEEN.search(operator.get("/policy").text)[1]
    save(**{**TYPED, "maximum_links": "9"})

    looked = operator.post("/policy/effect", **{**TYPED, "seen": seen, "hold_above": "0,5"})

    assert SEEN.search(looked.text)[1] == seen


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hold_above": "beaucoup"}, "Un nombre est attendu, par exemple 0,85."),
        ({"hold_above": "1,5"}, "trop grande (au plus 1)"),
        ({"hold_above": "0,9", "reject_above": "0,5"}, "inférieur au seuil de rejet"),
        ({"maximum_links": ""}, "Ce champ est obligatoire."),
        ({"maximum_links": "2,5"}, "un nombre entier"),
        ({"edit_window": "1441"}, "trop grande (au plus 1\u202f440)"),
        ({"close_after": "0"}, "trop petite (au moins 1)"),
        ({"hold_after_reports": "-3"}, "un nombre entier"),
        ({"minimum_answer": "61"}, "trop grande (au plus 60)"),
        ({"comments_per_client": "parfois"}, "Ce n’est pas une limite lisible"),
        ({"comments_per_client": "0 per minute"}, "fermerait le site à tout le monde"),
        ({"blocked_words": "x" * 255}, "Ce champ est trop long"),
        ({"captcha": "sometimes"}, "Valeurs possibles"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(operator, policy, changes, told):
    before = policy()
    sent = {**TYPED, "challenges_per_client": "19 per minute", **changes}

    reply = operator.post("/policy", **sent)

    assert reply.status_code == 422
    assert told in reply.text
    assert 'value="19 per minute"' in reply.text
    assert policy() == before
    if "captcha" not in changes:
        name = next(iter(changes))
        assert re.search(rf'id="{name}"[^>]*aria-invalid="true"', reply.text)
        assert f'id="{name}-wrong"' in reply.text


def test_all_that_is_wrong_is_told_at_once(operator):
    reply = operator.post("/policy", **{**TYPED, "maximum_links": "", "edit_window": "9999"})

    assert set(re.findall(r'id="(\w+)-wrong"', reply.text)) == {"maximum_links", "edit_window"}


@pytest.fixture
def scored(remember, rule):
    """Four comments with scores; a person published one, and rejected another as spam."""
    remember(score=0.1)
    rule(remember(score=0.6), Verdict.PUBLISH)
    rule(remember(score=0.7), Verdict.REJECT, Reason.SPAM)
    remember(score=0.95)
    remember()


def test_the_effect_of_other_thresholds_is_shown_and_nothing_is_saved(
    operator, scored, policy, services, site
):
    with services.database.transaction() as transaction:
        transaction.sites.set_policy(
            site.id, replace(site.policy, hold_above=0.65, reject_above=0.9)
        )
    before = policy()

    reply = operator.post("/policy/effect", **{**TYPED, "hold_above": "0.5", "reject_above": "0,8"})

    assert cells(reply.text) == [
        ["Publiés", "2", "1", "−1"],
        ["Mis en attente", "1", "2", "+1"],
        ["Rejetés", "1", "1", "0"],
    ]
    assert (
        "mettraient en attente ou rejetteraient\u00a0: 1. Avec ceux d’aujourd’hui\u00a0: 0."
        in reply.text
    )
    assert "nothing" not in reply.text
    assert "rien n’est encore enregistré" in reply.text
    assert 'value="0.5"' in reply.text
    assert policy() == before


def test_without_thresholds_the_models_count(operator, scored, services):
    page = operator.get("/policy").text

    assert cells(page)[0][0] == "Publiés"
    assert f"{services.model.hold:.4f}".rstrip("0").replace(".", ",") in page


def test_the_effect_keeps_what_was_typed_elsewhere_even_if_it_is_wrong(operator, scored):
    sent = {**TYPED, "hold_above": "0,5", "reject_above": "0,8", "maximum_links": "cent"}

    reply = operator.post("/policy/effect", **sent)

    assert reply.status_code == 200
    assert 'value="cent"' in reply.text
    assert len(cells(reply.text)) == 3


def test_thresholds_that_cannot_be_have_no_effect(operator, scored):
    reply = operator.post("/policy/effect", **{**TYPED, "hold_above": "0,9", "reject_above": "0,5"})

    assert reply.status_code == 422
    assert "inférieur au seuil de rejet" in reply.text
    assert cells(reply.text) == []


def test_a_site_without_comments_has_no_effect_to_show(operator):
    assert "Aucun commentaire n’a reçu de score" in operator.get("/policy").text


def test_a_histogram_marks_both_thresholds_and_stacks_what_people_said():
    words = {Word.PUBLISHED: 3, Word.SPAM: 1, Word.OTHER: 0, Word.NONE: 0}
    empty = dict.fromkeys(Word, 0)
    bins = [Bin(0.0, 0.5, words), Bin(0.5, 1.0, empty)]

    drawing = histogram.draw(bins, Thresholds(0.25, 0.75))

    published, spam = drawing.bars
    assert (published.shade, spam.shade) == ("published", "spam")
    assert published.height == 3 * spam.height
    assert spam.y == drawing.top
    assert published.y == spam.y + spam.height
    assert published.y + published.height == drawing.bottom
    assert [(one.x, one.is_left) for one in drawing.marks] == [(83.0, False), (237.0, True)]


def test_a_form_that_is_not_ours_saves_nothing(operator, policy):
    before = policy()

    for path in ("/policy", "/policy/effect"):
        reply = operator.client.post(operator.base + path, data=policy_form.typed(OTHER, "fr"))
        assert reply.status_code == 403

    assert policy() == before


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR, Role.LEAD])
def test_it_takes_an_operator(sit_down, role, policy):
    someone, before = sit_down(role), policy()

    assert someone.get("/policy").status_code == 403
    assert someone.post("/policy", **policy_form.typed(OTHER, "fr")).status_code == 403
    assert someone.post("/policy/effect", **TYPED).status_code == 403
    assert policy() == before


def test_another_site_is_not_found(operator, add_site):
    operator.base = f"/console/{add_site('autre').key}"

    assert operator.get("/policy").status_code == 404
    assert operator.post("/policy", **TYPED).status_code == 404
    assert operator.post("/policy/effect", **TYPED).status_code == 404


def test_the_page_is_in_english_for_who_reads_english(operator):
    page = unescape(operator.get("/policy", lang="en").text)

    assert "The model’s thresholds" in page
    assert re.search(r'id="minimum_answer"[^>]* value="0.5"', page)


def test_a_threshold_that_is_no_number_is_told_where_the_effect_would_be(operator, scored):
    reply = operator.post("/policy/effect", **{**TYPED, "hold_above": "abc"})

    assert "Un nombre est attendu" in reply.text[reply.text.index('id="effect"') :]
