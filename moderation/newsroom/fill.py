"""Filling a database: comments of the last 90 days, a few thousand a transaction."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from moderation.domain.comment import Comment, Status
from moderation.domain.finding import Finding, Verdict, worst
from moderation.domain.identifier import new_id
from moderation.domain.key import Moderator, Role
from moderation.domain.site import Moderation, Site
from moderation.domain.thread import Thread
from moderation.newsroom.fates import Future
from moderation.newsroom.hours import moments
from moderation.newsroom.pages import Article, articles, read_at
from moderation.newsroom.people import Reader, readers, somebody
from moderation.newsroom.phrases import MODERATORS
from moderation.newsroom.texts import LANGUAGES, NATURES, Nature, Stock, Written
from moderation.newsroom.waves import gathered
from moderation.storage.database import Database
from moderation.storage.seeding import Past
from moderation.storage.transaction import Transaction
from moderation.submission.checks.spam_score import weigh

STEP = 2000  # comments a transaction: on SQLite nobody else can write meanwhile
ZONE = ZoneInfo("Europe/Paris")
HELD_AT_FIRST = 0.11  # of all comments, whatever for; 45 % of them are still waiting
AT_HOME = 0.85  # share of the comments in the site's own language
REPLIES = 0.4
ANSWERABLE = 8  # latest comments of a page
NEWCOMER = Finding("first_comment", Verdict.HOLD)
REPEATED = Finding("duplicate", Verdict.HOLD)


@dataclass(frozen=True, slots=True)
class Place:
    """A site as it is filled.

    Attributes:
        known: e-mail addresses of readers who have been published.
    """

    site: Site
    articles: list[Article]
    readers: list[Reader]
    crew: Sequence[Moderator]
    threads: dict[str, Thread] = field(default_factory=dict)
    latest: dict[str, deque[tuple[str, str]]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


def fill(
    count: int, sites: Sequence[Site], stock: Stock, database: Database, now: datetime, rng: Random
) -> Iterator[int]:
    """Add so many comments to sites, and yield after each transaction how many it has added.

    Whatever is yielded is there with all that belongs to it, should nobody ask for more.
    """
    places = _places(count, sites, database, now, rng)
    writer = _Writer(places, stock, now, rng)
    coming = moments(count, now, ZONE, rng)
    while chunk := list(islice(coming, STEP)):
        drafts = [writer.write(moment) for moment in chunk]
        with database.transaction() as transaction:
            pasts = [_placed(*draft, transaction) for draft in drafts]
            transaction.seeding.add(*gathered(pasts, now, rng))
        yield len(chunk)
    with database.transaction() as transaction:
        transaction.seeding.learn()


class _Writer:
    """Writes one comment after the other, and knows what becomes of it."""

    def __init__(self, places: Sequence[Place], stock: Stock, now: datetime, rng: Random) -> None:
        self._places = places
        self._stock = stock
        self._now = now
        self._rng = rng
        self._futures = [Future(place.crew, now, rng) for place in places]
        self._held_otherwise = _held_otherwise(stock, places[0].site)

    def write(self, moment: datetime) -> tuple[Place, Article, Past]:
        number = min(int(self._rng.expovariate(1.0)), len(self._places) - 1)
        place = self._places[number]
        article = read_at(moment, place.articles, self._now, self._rng)
        reader = somebody(place.readers, self._rng)
        language = self._language(place.site)
        (nature,) = self._rng.choices(*_NATURES)
        written = self._rng.choice(self._stock[language][nature])
        comment = self._comment(place, article, reader, written, language, moment)
        fate = self._futures[number].of(comment, nature)
        search = " ".join(dict.fromkeys((*reader.words, *written.words)))
        client, copy = reader.client, written.fingerprint
        return place, article, Past(comment, 0, client, copy, search, fate.decisions, fate.reports)

    def _language(self, site: Site) -> str:
        home = site.locale.partition("-")[0].lower()
        if home in self._stock and self._rng.random() < AT_HOME:
            return home
        (language,) = self._rng.choices(*_LANGUAGES)
        return language

    def _comment(
        self,
        place: Place,
        article: Article,
        reader: Reader,
        written: Written,
        language: str,
        moment: datetime,
    ) -> Comment:
        identifier = new_id(moment)
        findings = self._findings(written, place, reader)
        latest = place.latest.setdefault(article.url, deque(maxlen=ANSWERABLE))
        parent, root = None, identifier
        if latest and self._rng.random() < REPLIES:
            parent, root = self._rng.choice(latest)
        status = Status.after(worst(findings))
        if status is Status.PUBLISHED:
            latest.append((identifier, root))
            place.known.add(reader.author.email)
        return Comment(
            id=identifier,
            site_id=place.site.id,
            site_key=place.site.key,
            thread_url=article.url,
            thread_title=article.title,
            parent=parent,
            root=root,
            author=reader.author,
            text=written.text,
            html=written.html,
            locale=language,
            status=status,
            version=1,
            score=written.opinion.score if written.opinion else None,
            model=written.opinion.model if written.opinion else None,
            findings=findings,
            created_at=moment,
            member=reader.member,
        )

    def _findings(self, written: Written, place: Place, reader: Reader) -> tuple[Finding, ...]:
        scored = weigh(written.opinion, place.site.policy) if written.opinion else None
        is_held = self._rng.random() < self._held_otherwise
        other = self._otherwise(written, place, reader) if is_held else None
        return tuple(finding for finding in (scored, other) if finding)

    def _otherwise(self, written: Written, place: Place, reader: Reader) -> Finding:
        """Return for what but its score a comment may be held on this site."""
        policy, email = place.site.policy, reader.author.email
        if written.nature is Nature.SPAM:
            return REPEATED
        if policy.moderation is Moderation.PRE and not (email and email in place.known):
            return NEWCOMER
        minimum = policy.minimum_answer.total_seconds()
        seconds = round(minimum * self._rng.uniform(0.4, 1), 2)
        return Finding("too_fast", Verdict.HOLD, {"seconds": seconds, "minimum": minimum})


_NATURES = (list(NATURES), list(NATURES.values()))
_LANGUAGES = (list(LANGUAGES), list(LANGUAGES.values()))


def _held_otherwise(stock: Stock, site: Site) -> float:
    """Return which share of the comments must be held for other reasons than their score."""
    verdicts = dict.fromkeys(Verdict, 0.0)
    for nature, share in NATURES.items():
        shelf = stock["fr"][nature]
        for written in shelf:
            found = weigh(written.opinion, site.policy) if written.opinion else None
            verdicts[found.verdict if found else Verdict.PUBLISH] += share / len(shelf)
    missing = HELD_AT_FIRST - verdicts[Verdict.HOLD]
    return max(0.0, missing / max(verdicts[Verdict.PUBLISH], 0.01))


def _places(
    count: int, sites: Sequence[Site], database: Database, now: datetime, rng: Random
) -> list[Place]:
    part = max(1, count // len(sites))
    with database.transaction() as transaction:
        transaction.seeding.make_room()
        return [
            Place(
                site,
                articles(part, _host(site), site.locale.partition("-")[0], now, rng),
                readers(part, rng),
                _crew(site, transaction, now),
            )
            for site in sites
        ]


def _host(site: Site) -> str:
    return urlsplit(site.origins[0]).netloc if site.origins else f"site-{site.id}.example"


def _crew(site: Site, memory: Transaction, now: datetime) -> list[Moderator]:
    """Return the site's invented moderators, with keys that nobody has the tokens of."""
    for missing in set(MODERATORS) - {key.holder.label for key in memory.keys.of_site(site.id)}:
        memory.keys.add(site, Role.MODERATOR, missing, now)
    found = [key.holder for key in memory.keys.of_site(site.id)]
    return [holder for holder in found if holder.label in MODERATORS]


def _placed(place: Place, article: Article, past: Past, memory: Transaction) -> Past:
    """Give a comment its thread, which is made with its first comment."""
    thread = place.threads.get(article.url)
    if thread is None:
        found = memory.threads.ensure(
            place.site.id, article.url, article.title, past.comment.created_at
        )
        thread = place.threads[article.url] = found
    return replace(past, thread_id=thread.id)
