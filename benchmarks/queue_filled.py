"""Databases full of a newsroom's comments and of what became of them: made, or found as left."""

import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, repeat
from pathlib import Path
from random import Random

from sqlalchemy import create_engine, insert

from benchmarks import postgresql
from moderation.domain.comment import Status
from moderation.domain.key import Moderator, Role
from moderation.domain.site import Policy, Site
from moderation.newsroom.fill import fill
from moderation.newsroom.texts import Stock, on_shelves, stock_up
from moderation.review.claims import claim_next
from moderation.spam import SpamModel, install_baseline, signing_keys
from moderation.storage.database import Database
from moderation.storage.listing import Listing, Order
from moderation.storage.migrate import migrate
from moderation.storage.tables.decisions import claims
from moderation.storage.urls import parse

NOW = datetime.now(UTC)
LASTING = timedelta(minutes=10)
SITE = "filled"
CREW = 8


@dataclass
class Filled:
    """A site full of comments, and who looks at it.

    Attributes:
        seconds: how long filling took; 0 where the comments were there already.
    """

    url: str
    database: Database
    site: Site
    crew: list[Moderator]
    seconds: float

    @property
    def queue(self) -> Listing:
        """What waits, a page of it."""
        return Listing(self.site.id, Status.HELD)

    def waiting(self) -> int:
        """Return how many comments wait."""
        with self.database.read() as memory:
            return memory.counts.of_site(self.site.id)[Status.HELD]

    def take(self, order: Order) -> str:
        """Claim the next comment."""
        listing = replace(self.queue, order=order)
        claimed = claim_next(listing, self.crew[0], self.database, NOW, LASTING)
        assert claimed
        return claimed.comment.id

    def hand_out(self, order: Order, count: int) -> None:
        """Have the first comments in many hands, half of those that wait at most."""
        most = min(count, self.waiting() // 2)
        with self.database.read() as memory:
            ids = memory.comments.ids(replace(self.queue, order=order, limit=most))
        people = cycle(one.id for one in self.crew)
        names, until = ("comment_id", "key_id", "expires_at"), repeat(NOW + LASTING)
        engine = create_engine(parse(self.url))
        with engine.begin() as connection:
            rows = [
                dict(zip(names, row, strict=True)) for row in zip(ids, people, until, strict=False)
            ]
            connection.execute(insert(claims), rows)
        engine.dispose()

    def forget_claims(self) -> None:
        """Give back whatever was claimed."""
        with self.database.transaction() as memory:
            memory.claims.forget_expired(NOW + 2 * LASTING)


def stock_for(size: int, folder: Path) -> Stock:
    """Return texts for so many comments, scored by the shipped model."""
    keys = signing_keys(folder)
    if not (folder / "models").exists():
        install_baseline(folder / "models", keys)
    return on_shelves(stock_up(size, SpamModel(folder / "models", keys), Random(1)))


def filled(url: str, size: int, stock: Stock) -> Filled:
    """Return a database with one site and so many comments, made if it is not there."""
    migrate(url)
    database = Database(url)
    with database.transaction() as memory:
        found = next((site for site in memory.sites.all() if site.name == SITE), None)
        site = found or memory.sites.add(SITE, ["https://filled.example"], "fr", Policy(), NOW)
        for number in range(0 if found else CREW):
            memory.keys.add(site, Role.MODERATOR, f"moderator {number}", NOW)
        crew = [key.holder for key in memory.keys.of_site(site.id)]
    seconds = 0.0 if found else _fill(database, site, size, stock)
    if not url.startswith("sqlite"):
        postgresql.tidy(url)
    ready = Filled(url, database, site, crew, seconds)
    ready.forget_claims()
    return ready


def _fill(database: Database, site: Site, size: int, stock: Stock) -> float:
    began, done = time.perf_counter(), 0
    for added in fill(size, [site], stock, database, NOW, Random(1)):
        done += added
        print(f"\r  filling: {done:9,} of {size:,}", end="", file=sys.stderr, flush=True)
    print(f"\r{' ' * 40}\r", end="", file=sys.stderr, flush=True)
    return time.perf_counter() - began
