"""Lists: every comment exactly once, in order, whatever arrives while pages are turned."""

from dataclasses import replace

import pytest

from moderation.domain.comment import JUDGED, Author, Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Finding, Verdict
from moderation.domain.site import Policy
from moderation.errors import InvalidRequest
from moderation.storage.listing import Listing, Order

SCORES = [0.9, None, 0.5, 0.1, 0.5, None, 0.45, 0.9]
VERDICTS = [Verdict.HOLD, Verdict.PUBLISH, Verdict.REJECT]

OF_ALL = [order for order in Order if order is not Order.REPORTS]


def pages(database, listing, between=lambda: None):
    """Turn all pages of `listing` and return the comments on them."""
    found = []
    for _ in range(100):
        with database.read() as tx:
            page = tx.comments.find(listing)
        found.extend(page.items)
        if page.next is None:
            return found
        assert len(page.items) == listing.limit
        between()
        listing = replace(listing, cursor=page.next)
    raise AssertionError("there is no last page")


def in_order(comments, order):
    last = float("-inf")
    weight = {
        Order.NEWEST: lambda comment: 0,
        Order.OLDEST: lambda comment: 0,
        Order.SCORE: lambda comment: -(last if comment.score is None else comment.score),
        Order.UNCERTAIN: lambda c: 2 if c.score is None else abs(c.score - 0.5),
    }[order]
    is_newest_first = order in {Order.NEWEST, Order.SCORE}
    by_id = sorted(comments, key=lambda comment: comment.id, reverse=is_newest_first)
    return sorted(by_id, key=weight)


@pytest.mark.parametrize("order", OF_ALL)
def test_pages_show_every_comment_once_in_order(database, site, add, order):
    comments = [add(verdict=verdict, score=score) for score in SCORES for verdict in VERDICTS]

    for status in (None, *JUDGED):
        expected = [comment for comment in comments if status in (None, comment.status)]
        for limit in (3, len(expected), 100):
            found = pages(database, Listing(site.id, status=status, order=order, limit=limit))
            assert found == in_order(expected, order)


@pytest.mark.parametrize("order", OF_ALL)
def test_new_comments_neither_hide_nor_repeat_others(database, site, add, order):
    there = [add(score=score).id for score in SCORES]

    listing = Listing(site.id, order=order, limit=2)
    found = [comment.id for comment in pages(database, listing, lambda: add(score=0.7))]

    assert len(found) == len(set(found))
    assert set(there) <= set(found)


def test_the_uncertain_are_those_close_to_the_threshold(database, site, add):
    scores = [0.99, None, 0.5, 0.8, 0.71, 0.1, 0.65]
    for score in scores:
        add(score=score)

    for limit in (1, 3, 10):
        listing = Listing(site.id, order=Order.UNCERTAIN, pivot=0.7, limit=limit)
        found = [comment.score for comment in pages(database, listing)]
        assert found == [0.71, 0.65, 0.8, 0.5, 0.99, 0.1, None]


def test_what_a_person_has_decided_is_not_uncertain(database, site, add, decision, key_id):
    there = [add(score=0.5) for _ in range(4)]
    with database.transaction() as tx:
        tx.decisions.decide(decision(there[0], Verdict.HOLD, key_id=key_id), site.id)
        tx.decisions.decide(decision(there[1], Verdict.PUBLISH, key_id=key_id), site.id)
        tx.decisions.decide(decision(there[2], Verdict.HOLD), site.id)

    found = [one.id for one in pages(database, Listing(site.id, order=Order.UNCERTAIN))]

    assert found == [there[2].id, there[3].id]


def test_a_cursor_does_not_outlive_its_threshold(database, site, add):
    for score in (0.1, 0.2):
        add(score=score)
    listing = Listing(site.id, order=Order.UNCERTAIN, pivot=0.7, limit=1)
    with database.read() as tx:
        cursor = tx.comments.find(listing).next

    with database.read() as tx, pytest.raises(InvalidRequest):
        tx.comments.find(replace(listing, cursor=cursor, pivot=0.6))


def test_criteria_narrow_a_list(database, site, add, decision):
    spam = Finding("spam", Verdict.HOLD, {"score": 0.8})
    plain = add("Rien à dire")
    suspect = add("Gagnez gros au casino", findings=(spam, Finding("links", Verdict.HOLD)))
    signed = add("Bonjour", author=Author("Zoé", "zoe@example.org"))
    rejected = add("Vendu", findings=(spam,))
    with database.transaction() as tx:
        ruling = decision(rejected, Verdict.REJECT, reason=Reason.AD)
        rejected = tx.decisions.decide(ruling, site.id)

    def found(**criteria):
        return {comment.id for comment in pages(database, Listing(site.id, **criteria))}

    assert found() == {plain.id, suspect.id, signed.id, rejected.id}
    assert found(finding="spam") == {suspect.id, rejected.id}
    assert found(finding="spam", status=Status.HELD) == {suspect.id}
    assert found(reason=Reason.AD) == {rejected.id}
    assert found(reason=Reason.SPAM) == set()
    assert found(author="Zoé") == found(author="zoe@example.org") == {signed.id}
    assert found(author="zo") == set()
    assert found(q="casino") == {suspect.id}
    assert found(q="casino", finding="spam", status=Status.HELD, order=Order.SCORE) == {suspect.id}
    assert found(q="casino", author="Zoé") == set()


def test_the_reason_is_that_of_the_latest_decision(database, site, add, decision):
    comment = add()
    with database.transaction() as tx:
        comment = tx.decisions.decide(decision(comment, Verdict.REJECT), site.id)
        comment = tx.decisions.decide(decision(comment, Verdict.PUBLISH), site.id)

    assert pages(database, Listing(site.id, reason=Reason.SPAM)) == []


@pytest.mark.parametrize("hostile", ["\x00", "\ud800", "' OR 1=1 --", "%", "x" * 100_000])
def test_hostile_criteria_find_nothing(database, site, add, hostile):
    add()

    for name in ("finding", "author"):
        assert pages(database, Listing(site.id, **{name: hostile})) == []


def test_a_site_sees_its_own_comments_only(database, add, now):
    add()
    with database.transaction() as tx:
        other = tx.sites.add("L'autre", [], "fr", Policy(), now)

    assert pages(database, Listing(other.id)) == []


@pytest.fixture
def cursor(database, site, add):
    for _ in range(3):
        add(verdict=Verdict.PUBLISH)
    with database.read() as tx:
        return tx.comments.find(Listing(site.id, limit=1)).next


@pytest.mark.parametrize(
    "change",
    [
        lambda cursor: "",
        lambda cursor: "é",
        lambda cursor: "\x00",
        lambda cursor: "A" * len(cursor),
        lambda cursor: cursor[:-1],
        lambda cursor: cursor + "A",
        lambda cursor: cursor.swapcase(),
        lambda cursor: cursor + "!",
        lambda cursor: cursor[:-1] + chr(ord(cursor[-1]) + 1),
        lambda cursor: "B" + cursor[1:],
    ],
)
def test_a_tampered_cursor_is_refused(database, site, cursor, change):
    with database.read() as tx, pytest.raises(InvalidRequest) as refusal:
        tx.comments.find(Listing(site.id, cursor=change(cursor)))

    assert [(p.pointer, p.code) for p in refusal.value.problems] == [("/cursor", "invalid_cursor")]


@pytest.mark.parametrize(
    "other",
    [
        {"order": Order.SCORE},
        {"order": Order.OLDEST},
        {"status": Status.PUBLISHED},
        {"q": "bonjour"},
        {"author": "Anna"},
        {"site_id": 99},
    ],
)
def test_a_cursor_is_good_for_its_own_list_only(database, site, cursor, other):
    with database.read() as tx, pytest.raises(InvalidRequest):
        tx.comments.find(Listing(**{"site_id": site.id, "cursor": cursor, **other}))


def test_a_cursor_does_not_depend_on_the_size_of_pages(database, site, cursor):
    with database.read() as tx:
        assert len(tx.comments.find(Listing(site.id, cursor=cursor, limit=7)).items) == 2


def test_a_cursor_can_stand_in_an_address(cursor):
    assert cursor.replace("-", "").replace("_", "").isalnum()
