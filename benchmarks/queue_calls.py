"""What a moderator asks for, by name, each as calls that may follow one another."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from benchmarks.queue_filled import NOW, Filled
from moderation.domain.audit import Kind
from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.review.decide import Ruling, decide
from moderation.review.similar import similar_to
from moderation.review.statistics import statistics
from moderation.review.surroundings import surroundings
from moderation.review.thresholds import effect_of
from moderation.storage.excerpts import Excerpt
from moderation.storage.listing import Listing, Order, next_cursor

PARIS = ZoneInfo("Europe/Paris")
SOME = 20  # comments to look at, and to decide about
CLAIMED = 2000

Calls = Iterator[Callable[[], object]]
Named = Iterator[tuple[str, Calls]]


def calls_of(filled: Filled) -> Named:
    """Yield all that is measured, what changes the database last."""
    yield from _pages(filled)
    yield from _filters(filled)
    yield from _searches(filled)
    yield from _looks(filled)
    yield from _excerpts(filled)
    yield from _work(filled)


def _pages(filled: Filled) -> Named:
    for order in Order:
        listing = replace(filled.queue, order=order)
        if order is Order.REPORTS:  # few, above all of those that wait: small pages are full ones
            listing = replace(listing, status=None, limit=10)
        yield f"first page, {order}", _page(filled, listing)
        yield f"middle page, {order}", _page(filled, _at_the_middle(filled, listing))
    yield "first page, any status", _page(filled, replace(filled.queue, status=None))
    yield "first page, held, reports", _page(filled, replace(filled.queue, order=Order.REPORTS))


def _filters(filled: Filled) -> Named:
    queue, site = filled.queue, filled.site.id
    with filled.database.read() as memory:
        (some, *_) = memory.comments.find(replace(queue, limit=20)).items[-1:]
    week = {"since": NOW - timedelta(days=45), "until": NOW - timedelta(days=38)}
    for name, listing in {
        "thread": replace(queue, thread=some.thread_url),
        "thread, rejected": Listing(site, Status.REJECTED, thread=some.thread_url),
        "common language": replace(queue, language="fr"),
        "rare language": replace(queue, language="it"),
        "period": replace(queue, **week),
        "reported": replace(queue, is_reported=True),
        "reported, any status": Listing(site, is_reported=True),
        "common finding": replace(queue, finding="first_comment"),
        "rare finding": replace(queue, finding="duplicate"),
        "reason": Listing(site, Status.REJECTED, reason=Reason.SPAM),
        "author": replace(queue, author=some.author.name),
        "author, any status": Listing(site, author=some.author.name),
    }.items():
        yield name, _page(filled, listing)


def _searches(filled: Filled) -> Named:
    for name, listing in {
        "search, rare word": Listing(filled.site.id, q="kamishibai"),
        "search, common word": Listing(filled.site.id, q="que"),
        "search, two words": Listing(filled.site.id, q="maire parking"),
        "search, rare word, held": replace(filled.queue, q="ombrelle"),
        "search, common word, held": replace(filled.queue, q="que"),
    }.items():
        yield name, _page(filled, listing)


def _looks(filled: Filled) -> Named:
    site, database = filled.site.id, filled.database
    with database.read() as memory:
        some = memory.comments.find(replace(filled.queue, limit=SOME)).items
    yield "counts", _again(filled.waiting)
    yield "similar", iter([lambda one=one: similar_to(one, database) for one in some])
    yield "surroundings", iter([lambda one=one: surroundings(one, database) for one in some])
    yield "statistics", _again(lambda: statistics(site, database, NOW, PARIS))
    yield "effect of thresholds", _again(lambda: effect_of(site, 0.4, 0.8, database, NOW))


def _excerpts(filled: Filled) -> Named:
    site = filled.site.id
    for name, excerpt in {
        "audit": Excerpt(site),
        "audit, a name": Excerpt(site, moderator=filled.crew[0].label),
        "audit, a rare kind": Excerpt(site, kind=Kind.POLICY),
        "audit, a period": Excerpt(
            site, since=NOW - timedelta(days=45), until=NOW - timedelta(days=38)
        ),
    }.items():
        yield name, _again(lambda excerpt=excerpt: _entries(filled, excerpt))


def _entries(filled: Filled, excerpt: Excerpt) -> object:
    with filled.database.read() as memory:
        return memory.audit.page(excerpt)


def _work(filled: Filled) -> Named:
    for order in (Order.OLDEST, Order.NEWEST, Order.SCORE, Order.UNCERTAIN):
        yield f"claim, {order}", _again(lambda order=order: filled.take(order))
        filled.forget_claims()
    yield "decide", _decisions(filled)
    for order in (Order.OLDEST, Order.NEWEST, Order.UNCERTAIN):
        filled.hand_out(order, CLAIMED)
        yield f"claim, 2,000 out, {order}", _again(lambda order=order: filled.take(order))
        filled.forget_claims()
    filled.hand_out(Order.NEWEST, CLAIMED)
    yield "first page, 2,000 out", _page(filled, filled.queue)
    filled.forget_claims()


def _decisions(filled: Filled) -> Calls:
    """Decide about one comment after the other; looking them up is not measured."""
    with filled.database.read() as memory:
        some = memory.comments.find(replace(filled.queue, limit=SOME)).items
    ruling = Ruling(Verdict.REJECT, Reason.SPAM, "", 1)
    for one in some:
        seen = replace(ruling, version=one.version)
        yield lambda one=one, seen=seen: decide(one.id, seen, filled.crew[0], filled.database, NOW)


def _page(filled: Filled, listing: Listing) -> Calls:
    def read() -> object:
        with filled.database.read() as memory:
            return memory.comments.find(listing)

    return _again(read)


def _again(call: Callable[[], object]) -> Calls:
    while True:
        yield call


def _at_the_middle(filled: Filled, listing: Listing) -> Listing:
    """Return the listing from its middle on, but not beyond the 40,000th comment."""
    with filled.database.read() as memory:
        ids = memory.comments.ids(replace(listing, limit=80_000))
        last = memory.comments.get(ids[len(ids) // 2], filled.site.id)
    cursor = next_cursor([last, last], 1, listing.order, listing.scope, listing.pivot)
    return replace(listing, cursor=cursor)
