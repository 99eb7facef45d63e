"""When readers write: busy mornings and evenings, quiet nights and Sundays."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import accumulate
from random import Random

DAYS = 90
HOUR = timedelta(hours=1)
BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 8, 10, 9, 7, 7, 8, 9, 10, 11, 11, 9, 6, 4)
BY_WEEKDAY = (1.1, 1.1, 1.0, 1.0, 1.05, 0.8, 0.7)


def moments(count: int, now: datetime, zone: tzinfo, rng: Random) -> Iterator[datetime]:
    """Yield so many moments of the last 90 days, in order, as the hours go in `zone`."""
    begins = [now - HOUR * n for n in range(DAYS * 24, 0, -1)]
    share = list(accumulate(_weight(begin.astimezone(zone), rng) for begin in begins))
    done = 0
    for begin, reached in zip(begins, share, strict=True):
        due = round(count * reached / share[-1])
        for second in sorted(rng.uniform(0, 3599) for _ in range(due - done)):
            yield begin + timedelta(seconds=second)
        done = due


def _weight(local: datetime, rng: Random) -> float:
    return BY_HOUR[local.hour] * BY_WEEKDAY[local.weekday()] * rng.uniform(0.7, 1.3)
