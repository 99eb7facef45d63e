"""Comments: remembered as they were sent and judged."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from moderation.domain.comment import Author, Status
from moderation.domain.finding import Finding, Verdict
from moderation.domain.site import Policy
from moderation.errors import InvalidRequest, NotFound

FINDINGS = (
    Finding("spam", Verdict.HOLD, {"score": 0.75, "parts": ["casino", "été"]}),
    Finding("links", Verdict.PUBLISH),
)
UNSCORED = (Finding("unscored", Verdict.HOLD),)


@pytest.fixture
def other_site(database, now):
    with database.transaction() as tx:
        return tx.sites.add("L'autre", [], "fr", Policy(), now)


def test_a_comment_is_remembered_as_it_was_sent(database, add):
    author = Author("Zoë", "zoe@example.org", "https://zoe.example")
    comment = add(
        "C'est l'été 🌞\n« voilà »", Verdict.HOLD, findings=FINDINGS, score=0.75, author=author
    )

    with database.read() as tx:
        assert tx.comments.get(comment.id, comment.site_id) == comment
    assert (comment.status, comment.version, comment.model) == (Status.HELD, 1, "model-1")
    assert comment.findings == FINDINGS


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.PUBLISH, Status.PUBLISHED),
        (Verdict.HOLD, Status.HELD),
        (Verdict.REJECT, Status.REJECTED),
    ],
)
def test_the_verdict_says_where_a_comment_stands(add, verdict, status):
    assert add(verdict=verdict).status is status


def test_moments_keep_their_place_in_time(database, engine, add):
    brussels = timezone(timedelta(hours=1))
    moment = datetime(2026, 11, 23, 10, 30, 0, 654321, tzinfo=brussels)
    comment = add(received_at=moment)

    with database.read() as tx:
        read = tx.comments.get(comment.id, comment.site_id).created_at
    assert read == moment
    assert read.tzinfo is UTC
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            stored = connection.execute(text("SELECT created_at FROM comments")).scalar()
        assert stored == "2026-11-23 09:30:00.654321"


def test_a_moment_without_time_zone_is_a_mistake(database, site):
    with pytest.raises(StatementError, match="time zone"), database.transaction() as tx:
        tx.threads.ensure(site.id, "https://journal.example/a", "", datetime(2026, 11, 23))


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "💣" * 5000, "", "\u202e"])
def test_any_text_can_be_remembered(database, add, text):
    comment = add(text, author=Author(text, text, text))

    with database.read() as tx:
        read = tx.comments.get(comment.id, comment.site_id)
    assert read.text == text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")


@pytest.mark.parametrize("comment_id", ["", "unknown", "\x00", "\ud800", "' OR 1=1 --"])
def test_an_unknown_comment_is_not_found(database, add, comment_id):
    site_id = add().site_id

    with database.read() as tx, pytest.raises(NotFound):
        tx.comments.get(comment_id, site_id)


def test_a_comment_of_another_site_is_not_found(database, add, other_site):
    comment = add()

    with database.read() as tx, pytest.raises(NotFound):
        tx.comments.get(comment.id, other_site.id)


def test_an_answer_belongs_to_the_thread_of_what_it_answers(database, add):
    first = add()

    assert add(parent=first.id).parent == first.id
    for parent, page in (
        (first.id, "https://journal.example/autre"),
        ("unknown", first.thread_url),
    ):
        with pytest.raises(InvalidRequest) as refusal:
            add(parent=parent, thread_url=page)
        assert refusal.value.problems[0].pointer == "/parent"


def test_a_thread_that_is_known_is_not_made_again(database, site, add, now):
    page = "https://journal.example/autre"
    with database.transaction() as tx:
        titled = tx.threads.ensure(site.id, page, "Un titre", now)
        untitled = tx.threads.ensure(site.id, page + "/2", "", now)

    in_titled = add(thread=titled, thread_url=titled.url, thread_title="Un autre titre")
    in_untitled = add(thread=untitled, thread_url=untitled.url, thread_title="Enfin un titre")

    assert (in_titled.thread_url, in_titled.thread_title) == (page, "Un titre")
    assert (in_untitled.thread_url, in_untitled.thread_title) == (page + "/2", "Enfin un titre")
    with database.read() as tx:
        assert tx.comments.get(in_titled.id, site.id) == in_titled
        assert tx.comments.get(in_untitled.id, site.id) == in_untitled


def test_a_refused_comment_leaves_nothing_behind(database, add):
    with pytest.raises(InvalidRequest):
        add(parent="unknown", thread_url="https://journal.example/autre")

    with database.read() as tx:
        assert tx.threads.by_url(1, "https://journal.example/autre") is None


def test_a_duplicate_is_the_same_text_on_the_same_site_lately(database, add, other_site):
    comment = add(fingerprint="abc")
    site_id, moment = comment.site_id, comment.created_at

    with database.read() as tx:
        is_known = tx.fingerprints.is_known
        assert is_known(site_id, "abc", moment)
        assert not is_known(site_id, "abc", moment, other_than=comment.id)
        assert not is_known(site_id, "abc", moment + timedelta(microseconds=1))
        assert not is_known(site_id, "abd", moment)
        assert not is_known(other_site.id, "abc", moment)


def test_texts_too_short_for_a_fingerprint_are_no_duplicates(database, add):
    comment = add(fingerprint="")

    with database.transaction() as tx:
        assert not tx.fingerprints.is_known_for_good(comment.site_id, "", comment.created_at)


def test_an_author_is_known_by_a_published_comment(database, add, other_site):
    site_id = add(verdict=Verdict.PUBLISH, author=Author("Anna", "anna@example.org")).site_id
    add(verdict=Verdict.HOLD, author=Author("Bob", "bob@example.org"))
    add(verdict=Verdict.PUBLISH, author=Author("Chloé"))

    with database.read() as tx:
        assert tx.authors.is_known(site_id, "anna@example.org")
        assert not tx.authors.is_known(site_id, "bob@example.org")
        assert not tx.authors.is_known(site_id, "Chloé")
        assert not tx.authors.is_known(site_id, "")
        assert not tx.authors.is_known(other_site.id, "anna@example.org")


def test_the_record_of_an_author_goes_by_address_or_else_by_name(database, add):
    anna, namesake = Author("Anna", "anna@example.org"), Author("Anna")
    for verdict in (Verdict.PUBLISH, Verdict.PUBLISH, Verdict.REJECT):
        site_id = add(verdict=verdict, author=anna).site_id
    add(verdict=Verdict.HOLD, author=namesake)

    with database.read() as tx:
        assert tx.authors.record(site_id, anna) == {"published": 2, "rejected": 1, "held": 0}
        assert tx.authors.record(site_id, namesake) == {"published": 2, "rejected": 1, "held": 1}


def test_unscored_comments_come_oldest_first(database, add):
    waiting = [add(findings=UNSCORED) for _ in range(3)]
    add(findings=FINDINGS)
    add(verdict=Verdict.REJECT, findings=UNSCORED)

    with database.read() as tx:
        assert tx.arrivals.unscored(10) == tuple(waiting)
        assert tx.arrivals.unscored(2) == tuple(waiting[:2])


def test_what_a_person_has_held_is_not_judged_again(database, add, decision, key_id):
    by_a_person, by_the_service = add(findings=UNSCORED), add(findings=UNSCORED)

    with database.transaction() as tx:
        tx.decisions.decide(decision(by_a_person, Verdict.HOLD, key_id=key_id), by_a_person.site_id)
        tx.decisions.decide(decision(by_the_service, Verdict.HOLD), by_the_service.site_id)

    with database.read() as tx:
        assert [comment.id for comment in tx.arrivals.unscored(10)] == [by_the_service.id]
