"""A quick look at the end of an audit: do its latest entries follow from each other?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from moderation.domain.audit import START, Entry
from moderation.domain.site import Site
from moderation.review.audit import Chain, decision_of
from moderation.storage.database import Database
from moderation.storage.excerpts import Excerpt
from moderation.storage.transaction import Transaction

PAGE = 200


@dataclass(frozen=True, slots=True)
class Look:
    """What came of it.

    Attributes:
        looked_at: how many entries were checked, the latest ones.
        until: number of the last entry that fits.
        is_sound: everything fits.
    """

    looked_at: int
    until: int
    is_sound: bool


def look(site: Site, database: Database, most: int) -> Look:
    """Check up to `most` of the latest entries of a site, each against the one before it.

    Whether everything before them is sound, and every decision has its entry, is what
    `moderation audit verify` checks.
    """
    with database.read() as memory:
        latest = list(islice(_newest_first(memory, site.id), most + 1))[::-1]
        first, entries = (latest[0], latest[1:]) if len(latest) > most else (None, latest)
        made = memory.audit.decided(site.id, map(decision_of, entries))
    chain = Chain(site.key, None, ())
    chain.length, chain.hash = (first.number, first.hash) if first else (0, START)
    misfit = chain.first_misfit(entries, made)
    return Look(len(entries), chain.length, misfit is None)


def _newest_first(memory: Transaction, site_id: int) -> Iterable[Entry]:
    excerpt = Excerpt(site_id, limit=PAGE)
    page = memory.audit.page(excerpt)
    yield from page.items
    while page.next:
        page = memory.audit.page(replace(excerpt, cursor=page.next))
        yield from page.items
