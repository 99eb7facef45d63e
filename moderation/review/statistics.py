"""How the last weeks went: what came in and when, how soon it was decided, and how well."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import median

from moderation.domain.comment import JUDGED, Status
from moderation.domain.finding import Verdict
from moderation.domain.identifier import first_id, milliseconds_of
from moderation.storage.database import Database
from moderation.storage.figures import Made

DAYS = 30
QUARTER = timedelta(minutes=15)  # every zone is so many quarters of an hour from UTC
WEEK, HOURS = 7, 24

Hourly = Sequence[tuple[datetime, int]]  # what the clock showed as an hour began, and how many came


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the site's zone, and its comments by the status they have now."""

    date: date
    comments: Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    n: int
    of: int

    @property
    def ratio(self) -> float:
        """The share in [0, 1]; 0 of nothing."""
        return self.n / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Work:
    """What one moderator has decided, by verdict; what takes something back is not counted."""

    moderator: str
    decisions: Mapping[Verdict, int]

    @property
    def total(self) -> int:
        """How many decisions there are."""
        return sum(self.decisions.values())


@dataclass(frozen=True, slots=True)
class Statistics:
    """A site's last 30 days.

    Attributes:
        days: every day of the period, the oldest first.
        first_decision: median time from a comment's arrival to a person's first decision about
            it that was not taken back; None where there was none.
        moderators: who decided, the busiest first.
        overturned: by what the service had said, how many of the comments a person decided about
            now stand elsewhere by that person's word.
        undone: how many of people's decisions were taken back; a batch counts as one.
        load: comments by weekday (Monday first) and hour of day, in the site's zone.
        is_cut: there was more than is looked at, and the oldest was left out.
    """

    since: datetime
    days: tuple[Day, ...]
    first_decision: timedelta | None
    moderators: tuple[Work, ...]
    overturned: Mapping[Status, Share]
    undone: Share
    load: tuple[tuple[int, ...], ...]
    is_cut: bool


def statistics(site_id: int, database: Database, now: datetime, zone: tzinfo) -> Statistics:
    """Return the figures of the last 30 days: today and the 29 days before it, in `zone`."""
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=n) for n in range(DAYS - 1, -1, -1)]
    since = datetime.combine(dates[0], datetime.min.time(), zone).astimezone(UTC)
    hours = _hours(since, today, zone)
    with database.read() as memory:
        received = memory.figures.received(site_id, [*hours, _end(today, zone)])
        made, is_cut = memory.figures.made(site_id, since)
    counts = {
        status: list(zip(hours.values(), n, strict=True)) for status, n in received.counts.items()
    }
    decided = [one for one in made if one.key_id is not None and one.undoes is None]
    undone = {one.undoes for one in made if one.undoes}
    return Statistics(
        since=since,
        days=_days(dates, counts),
        first_decision=_first_decision((one for one in decided if one.id not in undone), since),
        moderators=_moderators(decided),
        overturned=_overturned(decided, undone, since),
        undone=_undone(decided, undone),
        load=_load(counts.values()),
        is_cut=is_cut or received.is_cut,
    )


def _undone(decided: Sequence[Made], undone: Set[str]) -> Share:
    acts = {one.batch or one.id for one in decided}
    return Share(len({one.batch or one.id for one in decided if one.id in undone}), len(acts))


def _hours(since: datetime, today: date, zone: tzinfo) -> dict[datetime, datetime]:
    """Return when each hour of the zone's clock begins, and what the clock shows then."""
    hours: dict[datetime, datetime] = {}
    last, moment, end = None, since, _end(today, zone)
    while moment < end:
        local = moment.astimezone(zone)
        if last != (hour := (local.date(), local.hour)):
            hours[moment], last = local, hour
        moment += QUARTER
    return hours


def _end(today: date, zone: tzinfo) -> datetime:
    return datetime.combine(today + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)


def _days(dates: Sequence[date], counts: Mapping[Status, Hourly]) -> tuple[Day, ...]:
    counted = {day: dict.fromkeys(JUDGED, 0) for day in dates}
    for status, hourly in counts.items():
        for hour, n in hourly:
            counted[hour.date()][status] += n
    return tuple(Day(day, found) for day, found in counted.items())


def _load(counts: Iterable[Hourly]) -> tuple[tuple[int, ...], ...]:
    table = [[0] * HOURS for _ in range(WEEK)]
    for hourly in counts:
        for hour, n in hourly:
            table[hour.weekday()][hour.hour] += n
    return tuple(map(tuple, table))


def _first_decision(decided: Iterable[Made], since: datetime) -> timedelta | None:
    """Look only at comments of the period: all decisions about them are of the period too."""
    waits, first = {}, first_id(since)
    for one in decided:
        if one.comment_id >= first and one.comment_id not in waits:
            waits[one.comment_id] = milliseconds_of(one.id) - milliseconds_of(one.comment_id)
    return timedelta(milliseconds=median(waits.values())) if waits else None


def _moderators(decided: Iterable[Made]) -> tuple[Work, ...]:
    counted = Counter((one.moderator, one.verdict) for one in decided)
    names = dict.fromkeys(name for name, _ in counted)
    works = [Work(name, {one: counted[name, one] for one in Verdict}) for name in names]
    return tuple(sorted(works, key=lambda work: (-work.total, work.moderator)))


def _overturned(
    decided: Iterable[Made], undone: set[str], since: datetime
) -> Mapping[Status, Share]:
    """Compare what the service had said with the last word of a person that still stands."""
    said: dict[str, Status | None] = {}
    now: dict[str, Status] = {}
    first = first_id(since)
    for one in decided:
        if one.id not in undone and one.comment_id >= first:
            said.setdefault(one.comment_id, one.from_status)
            now[one.comment_id] = Status.after(one.verdict)
    looked_at = Counter(said.values())
    differ = Counter(before for comment, before in said.items() if now[comment] is not before)
    return {status: Share(differ[status], looked_at[status]) for status in JUDGED}
