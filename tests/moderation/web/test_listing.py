"""What a list can be narrowed to, and that turning its pages misses nothing."""

import pytest
from places import ARTICLE

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.report import Report

ORDERS = ["newest", "oldest", "score", "uncertain", "reports"]


@pytest.fixture
def report(services, clock):
    def put(comment, n=1):
        with services.database.transaction() as tx:
            for reader in range(n):
                made = Report(new_id(clock()), comment.id, Reason.SPAM, "", f"r{reader}", clock())
                tx.reports.add(made)

    return put


@pytest.fixture
def ids(ask):
    def read(**query):
        reply = ask("/comments", **query)
        assert reply.status_code == 200, reply.json
        return [one["id"] for one in reply.json["comments"]]

    return read


def test_lists_are_narrowed_to_a_page(ids, send):
    here = send(thread={"url": f"{ARTICLE}?utm_source=x#bas"}).json["id"]
    send(thread={"url": f"{ARTICLE}/autre"}, text="Un autre sujet, une autre page.")

    assert ids(thread=ARTICLE) == [here]
    assert ids(thread="https://gazette.example/personne") == []


def test_lists_are_narrowed_to_a_language(ids, remember, services, site):
    remember()

    assert len(ids(language="fr")) == 1
    assert ids(language="de") == ids(language="f") == ids(language="%") == []


def test_lists_are_narrowed_to_a_period(ids, remember, clock):
    first = remember().id
    clock.move(hours=1)
    second = remember().id

    assert ids(since="2026-11-23T13:00:00Z") == [second]
    assert ids(until="2026-11-23T13:00:00Z") == [first]
    assert ids(since="2026-11-23T12:00:00Z", until="2026-11-23T14:00:00Z") == [second, first]


def test_lists_are_narrowed_to_what_was_reported(ids, remember, report):
    reported, other = remember(verdict=Verdict.PUBLISH), remember()
    report(reported)

    assert ids(reported="true") == [reported.id]
    assert ids(reported="false") == [other.id]


def test_the_most_reported_come_first(ids, remember, report):
    found = [remember(verdict=Verdict.PUBLISH) for _ in range(3)]
    for n, comment in zip((1, 3, 2), found, strict=True):
        report(comment, n)

    assert ids(order="reports") == [found[1].id, found[2].id, found[0].id]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_show_every_comment_once_while_new_ones_arrive(ask, remember, report, clock, order):
    there = set()
    for n in range(11):
        comment = remember(score=(n * 7 % 10) / 10, verdict=list(Verdict)[n % 3])
        report(comment, 1 + n % 3)
        there.add(comment.id)
        clock.move(seconds=1)
    shown, cursor = [], None

    while True:
        page = ask("/comments", order=order, limit="3", **({"cursor": cursor} if cursor else {}))
        shown += [one["id"] for one in page.json["comments"]]
        cursor = page.json["next"]
        if cursor is None:
            break
        report(remember(score=0.55), 2)
        clock.move(seconds=1)

    assert len(shown) == len(set(shown))
    assert there <= set(shown)


def test_a_cursor_is_good_for_its_own_list_alone(ask, remember):
    for _ in range(3):
        remember()
    cursor = ask("/comments", limit="1").json["next"]

    for changed in ({"order": "oldest"}, {"status": "held"}, {"language": "fr"}):
        assert ask("/comments", limit="1", cursor=cursor, **changed).status_code == 422


@pytest.mark.parametrize(
    "query",
    [{"thread": "nowhere"}, {"since": "soon"}, {"reported": "perhaps"}, {"language": "a\nb"}],
    ids=str,
)
def test_a_criterion_that_is_none_is_refused(ask, query):
    assert ask("/comments", **query).status_code == 422
