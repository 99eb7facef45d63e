"""How the last 30 days went: what came in and when, how soon it was decided, and how well."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from moderation.domain.comment import Status
from moderation.domain.finding import Verdict
from moderation.domain.key import Role
from moderation.review.statistics import DAYS, HOURS, Share, Statistics, statistics
from moderation.web.console import charts, figures, pages, session
from moderation.web.console.charts import Chart, Part
from moderation.web.context import services
from moderation.web.problems import language
from moderation.web.sentences import in_figures, say

bp = APIBlueprint(
    "console_statistics",
    __name__,
    url_prefix=f"{pages.PREFIX}/<site_key>/statistics",
    enable_openapi=False,
)
STACK = (Status.PUBLISHED, Status.HELD, Status.REJECTED)
JUDGED_ALONE = (Status.PUBLISHED, Status.REJECTED)
"""What the service decides by itself; what it holds is left to people, who overturn nothing."""


@dataclass(frozen=True, slots=True)
class Overturned:
    """How often people saw it differently, with the bar that shows it."""

    status: Status
    share: Share
    chart: Chart


@bp.get("")
@session.member(Role.READER)
def show() -> ResponseReturnValue:
    """Show the figures of the last 30 days."""
    built, found = services(), session.here()
    zone = ZoneInfo(built.settings.time_zone)
    about = statistics(found.id, built.database, built.clock(), zone)
    return pages.render("statistics.html", about=about, period=DAYS, **_drawn(about), **_words())


def _drawn(about: Statistics) -> dict[str, Any]:
    say_it = partial(say, language())
    total = sum(sum(day.comments.values()) for day in about.days)
    return {
        "total": total,
        "stack": STACK,
        "verdicts": list(Verdict),
        "days_chart": charts.stacked(
            say_it("statistics.days_title"),
            _told_days(about, total),
            [Part(one.value, [day.comments[one] for day in about.days]) for one in STACK],
            "days",
        ),
        "load_chart": charts.week(
            say_it("statistics.load_title"), _told_load(about), about.load, "load"
        ),
        "hours": range(HOURS),
        "weekdays": say_it("statistics.weekdays").split(),
        "overturned": [_overturned(status, about.overturned) for status in JUDGED_ALONE],
    }


def _overturned(status: Status, shares: Mapping[Status, Share]) -> Overturned:
    said, found = language(), shares[status]
    title = say(said, f"statistics.overturned_{status.value}")
    description = f"{figures.percent(said, found.ratio)} ({found.n} / {found.of})"
    chart = charts.share(title, description, found.ratio, "other", f"overturned-{status.value}")
    return Overturned(status, found, chart)


def _told_days(about: Statistics, total: int) -> str:
    said = language()
    fullest = max(about.days, key=lambda day: sum(day.comments.values()))
    return say(
        said,
        "statistics.days_told",
        total=total,
        day=figures.day_of(said, fullest.date),
        n=sum(fullest.comments.values()),
    )


def _told_load(about: Statistics) -> str:
    """Return when most comments come, in words."""
    cells = [(n, day, hour) for day, hours in enumerate(about.load) for hour, n in enumerate(hours)]
    n, day, hour = max(cells, key=lambda cell: cell[0])
    weekday = say(language(), "statistics.weekdays").split()[day]
    return say(language(), "statistics.load_told", weekday=weekday, hour=hour, n=n)


def _words() -> dict[str, Any]:
    said = language()
    return {
        "percent": partial(figures.percent, said),
        "lasting": partial(figures.lasting, said),
        "day_of": partial(figures.day_of, said),
        "number": partial(in_figures, said),
    }
