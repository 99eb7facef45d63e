"""What resembles a comment, and what stands around it, on both databases."""

from datetime import timedelta

import pytest

from moderation.domain.comment import Author
from moderation.domain.finding import Verdict
from moderation.domain.site import Policy
from moderation.review.similar import Why, similar_to
from moderation.review.surroundings import surroundings

DAY = timedelta(days=1)
LOAN = "Offre de prêt entre particuliers, réponse garantie sous vingt-quatre heures"
SOME = [Verdict.HOLD, Verdict.PUBLISH, Verdict.REJECT]


@pytest.fixture
def withdraw(database, now):
    def carry_out(comment):
        with database.transaction() as tx:
            tx.decisions.withdraw(comment, now)

    return carry_out


def told(found):
    return [(one.comment.id, one.why) for one in found]


@pytest.mark.parametrize("verdict", SOME)
def test_the_same_text_is_found_whatever_became_of_it(database, add, verdict):
    other = add("un texte", verdict, fingerprint="f", client="b")
    comment = add("le même", fingerprint="f", client="a")

    (found,) = similar_to(comment, database)

    assert (found.comment.id, found.why, found.similarity) == (other.id, Why.SAME_TEXT, 1.0)


def test_no_fingerprint_resembles_no_other(database, add):
    add("Merci", fingerprint="", client="b")

    assert similar_to(add("+1", fingerprint="", client="a"), database) == ()


@pytest.mark.parametrize("verdict", SOME)
def test_the_same_sender_is_found_for_30_days(database, add, now, verdict):
    add("ancien", verdict, client="a", received_at=now - 31 * DAY)
    recent = add("récent", verdict, client="a", received_at=now - 29 * DAY)
    add("autrui", verdict, client="b")
    comment = add("nouveau", client="a", received_at=now)

    assert told(similar_to(comment, database)) == [(recent.id, Why.SAME_SENDER)]


@pytest.mark.parametrize("verdict", SOME)
def test_what_is_alike_in_words_is_found_with_its_likeness(database, add, verdict):
    other = add(f"{LOAN} !", verdict, client="b")
    add("Offre intéressante, merci pour l'article sur la halle du marché", client="c")
    comment = add(LOAN.upper().replace("RÉPONSE", "REPONSE") + " Promis", client="a")

    (found,) = similar_to(comment, database)

    assert (found.comment.id, found.why) == (other.id, Why.ALIKE)
    assert 0.8 < found.similarity < 1


def test_comments_the_index_does_not_hold_yet_and_long_since_does_are_found(database, add):
    early = add(LOAN, client="b")
    for n in range(70):
        add(f"sujet numéro {n}", client=f"c{n}")
    late = add(f"{LOAN} vraiment", client="b")

    found = similar_to(add(f"{LOAN} oui", client="a"), database)

    assert {one.comment.id for one in found} == {early.id, late.id}


def test_five_at_most_and_no_kind_crowds_out_the_others(database, add):
    same = [add("rien à voir", fingerprint="f", client=f"s{n}") for n in range(6)]
    alike = add(LOAN, client="b")
    sender = add("autre chose", client="a")
    comment = add(f"{LOAN} bien", fingerprint="f", client="a")

    found = similar_to(comment, database)

    assert told(found) == [
        *((one.id, Why.SAME_TEXT) for one in reversed(same[-3:])),
        (alike.id, Why.ALIKE),
        (sender.id, Why.SAME_SENDER),
    ]
    with_one_kind = similar_to(add("seul", fingerprint="f", client="z"), database)
    assert len(with_one_kind) == 5


def test_each_comment_is_shown_once(database, add):
    other = add(LOAN, fingerprint="f", client="a")

    found = similar_to(add(LOAN, fingerprint="f", client="a"), database)

    assert told(found) == [(other.id, Why.SAME_TEXT)]


def test_neither_other_sites_nor_withdrawn_comments_resemble(database, add, withdraw, now):
    with database.transaction() as tx:
        other = tx.sites.add("Autre", [], "fr", Policy(), now)
    add(LOAN, fingerprint="f", client="a", site=other)
    withdraw(add(LOAN, fingerprint="f", client="a"))

    assert similar_to(add(LOAN, fingerprint="f", client="a"), database) == ()


def test_words_that_are_syntax_elsewhere_are_only_words(database, add):
    hostile = 'OR AND NEAR( "citation" * : \' & | !'

    assert similar_to(add(hostile, client="a"), database) == ()
    assert similar_to(add("", client="b", author=Author("")), database) == ()


def test_what_stands_around_is_shown_in_order_whatever_became_of_it(database, add):
    before = [add(f"avant {n}", SOME[n % 3]) for n in range(7)]
    comment = add("ici")
    after = [add(f"après {n}", SOME[n % 3]) for n in range(7)]
    add("ailleurs", thread_url="https://journal.example/autre")

    found = surroundings(comment, database)

    assert [one.id for one in found.before] == [one.id for one in before[-5:]]
    assert [one.id for one in found.after] == [one.id for one in after[:5]]
    assert found.parent is None


def test_the_parent_is_shown_unless_it_was_withdrawn(database, add, withdraw):
    parent = add("question", Verdict.PUBLISH)
    reply = add("réponse", parent=parent.id)

    assert surroundings(reply, database).parent.id == parent.id
    withdraw(parent)
    assert surroundings(reply, database).parent is None
    assert surroundings(reply, database).before == ()
