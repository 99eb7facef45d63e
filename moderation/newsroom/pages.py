"""What is commented on: articles that come out one after the other, some of them for long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from moderation.newsroom.hours import DAYS
from moderation.newsroom.phrases import HEADLINES
from moderation.newsroom.texts import filled

COMMENTS_A_PAGE = 120
EVERGREEN = 40  # each so many pages there is one that people return to
RETURNS = 0.12
PERIOD = timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Article:
    """One page of a site."""

    url: str
    title: str
    published_at: datetime


def articles(comments: int, host: str, language: str, now: datetime, rng: Random) -> list[Article]:
    """Return the pages for so many comments, the oldest first."""
    count = max(4, comments // COMMENTS_A_PAGE)
    phrases = HEADLINES.get(language, HEADLINES["en"])
    return [
        Article(
            f"https://{host}/{(moment := now - PERIOD * (1 - n / count)):%Y/%m}/{n + 1}",
            filled(rng.choice(phrases), rng),
            moment,
        )
        for n in range(count)
    ]


def read_at(moment: datetime, among: list[Article], now: datetime, rng: Random) -> Article:
    """Return a page that somebody comments on at a moment: most often a recent one."""
    latest = min(len(among) - 1, int(len(among) * (1 - (now - moment) / PERIOD)))
    if rng.random() < RETURNS:
        return among[rng.randrange(0, latest + 1, EVERGREEN)]
    return among[max(0, latest - int(rng.expovariate(0.2)))]
