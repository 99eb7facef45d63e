"""One comment: the page says why it stands where it stands."""

import re

import pytest

from moderation.domain.decision import Reason
from moderation.domain.finding import Finding, Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.report import Report
from moderation.web.console.marking import pieces, signals, told
from moderation.web.sentences import has_sentence, sentences

SPAM = "Gagnez 3000 euros par semaine depuis chez vous, écrivez-moi sur WhatsApp !"


@pytest.fixture
def report(services, clock):
    def add(comment, reason=Reason.OFFENSIVE, text="Cela me blesse."):
        made = Report(new_id(clock()), comment.id, reason, text, "reader", clock())
        with services.database.transaction() as transaction:
            transaction.reports.add(made)

    return add


def test_the_page_tells_what_was_noticed_and_what_pushed_the_score(camille, remember):
    figures = {"score": 0.98, "threshold": 0.5}
    finding = Finding("spam_score", Verdict.HOLD, figures)
    comment = remember(SPAM, score=0.98, version="baseline-2", findings=(finding,))

    page = camille.get(f"/comments/{comment.id}").text

    assert "Le texte ressemble à du spam\u00a0: score 0,98, seuil 0,50." in page
    assert re.search(r'<mark class="spam s4" title="\+\d+,\d[^"]*rapproche du spam">', page)
    assert "Passages qui rapprochent du spam" in page
    assert "Modèle baseline-2" in page
    text = re.search(r'<div class="text"[^>]*>(.*?)</div>', page, re.DOTALL)[1]
    assert re.sub("<[^>]+>", "", text) == SPAM


def test_what_readers_reported_stands_there_and_is_taken_up_by_a_decision(
    camille, remember, report
):
    comment = remember("Un mot de trop.", Verdict.PUBLISH)
    report(comment)

    before = camille.get(f"/comments/{comment.id}").text
    camille.decide(comment, verdict="publish")
    after = camille.get(f"/comments/{comment.id}").text

    assert "1\u00a0signalement" in before
    assert "Propos offensants</strong>" in before
    assert "Cela me blesse." in before
    assert "à examiner" in before
    assert "à examiner" not in after


def test_the_page_shows_the_author_the_thread_and_what_is_alike(camille, remember, clock):
    other = remember("La halle rouvre samedi matin avec ses trente marchands.", Verdict.PUBLISH)
    clock.move(minutes=1)
    comment = remember("La halle rouvre samedi matin avec ses vingt marchands.")

    page = camille.get(f"/comments/{comment.id}").text

    assert page.count(f"/comments/{other.id}?") + page.count(f'/comments/{other.id}"') == 2
    assert "L’auteur sur ce site" in page
    assert "author=Lucie" in page
    assert "Ce commentaire</strong>" in page


def test_hostile_text_stays_text(camille, remember):
    comment = remember('<script>alert("1")</script> & <b>gras</b>')

    page = camille.get(f"/comments/{comment.id}").text

    assert "<script>alert" not in page
    assert "<b>gras" not in page


def test_another_sites_comment_is_not_there(sit_down, add_site, remember):
    comment = remember()
    stranger = sit_down(name="Ahmed", where=add_site("autre"))

    assert stranger.get(f"/comments/{comment.id}").status_code == 404
    assert stranger.decide(comment, verdict="publish").status_code == 404


def test_a_withdrawn_comment_has_nothing_left_to_decide(camille, remember, services, clock):
    comment = remember()
    with services.database.transaction() as transaction:
        transaction.decisions.withdraw(comment, clock())

    page = camille.get(f"/comments/{comment.id}").text

    assert "Son auteur a retiré ce commentaire" in page
    assert "/decisions" not in page
    assert camille.decide(comment, verdict="publish").status_code == 404


def test_a_reader_sees_why_and_is_told_that_others_decide(sit_down, remember):
    comment = remember()
    reader = sit_down(Role.READER, "Rachid")

    page = reader.get(f"/comments/{comment.id}").text

    assert "Pourquoi" in page
    assert "Votre rôle permet de lire, pas de décider." in page
    assert reader.decide(comment, verdict="publish").status_code == 403


def test_a_text_in_pieces_is_the_whole_text():
    text = "Un deux\ntrois"
    spans = [{"start": 0, "end": 2, "weight": 2.0}, {"start": 3, "end": 7, "weight": -0.2}]

    cut = pieces(text, spans)

    assert "".join(one.text for one in cut) == text
    assert [(one.text, one.side, one.strength) for one in cut if one.strength] == [
        ("Un", "spam", 4)
    ]
    assert pieces("", []) == []


def test_the_strongest_words_come_first_and_punctuation_is_no_word():
    cut = pieces("a ! b", [{"start": at, "end": at + 1, "weight": at + 1.0} for at in (0, 2, 4)])

    assert told(cut) == {"spam": ["b", "a"], "ham": []}


def test_signals_that_decide_nothing_are_left_out():
    found = signals({"links": 0.4, "short": -1.0, "digits": 0.01})

    assert [(one.name, one.side) for one in found] == [("short", "ham"), ("links", "spam")]


def test_every_finding_has_a_short_name():
    codes = [key.partition(".")[2] for key in sentences("fr") if key.startswith("finding.")]

    assert [code for code in codes if not has_sentence(f"finding_name.{code}")] == []


def test_every_signal_and_reason_has_words():
    from classifier.signals import SIGNALS

    assert [one for one in (*SIGNALS, "author") if not has_sentence(f"signal.{one}")] == []
    assert [one for one in Reason if not has_sentence(f"reason.{one}")] == []
