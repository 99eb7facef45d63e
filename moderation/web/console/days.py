"""Days as people name them in a form, and the moments they stand for."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from moderation.web.context import services

LAST_DAY = date(9999, 12, 30)  # the end of the next day would be no date
Day = Annotated[date, Field(le=LAST_DAY)]


def start_of(day: date | None) -> datetime | None:
    """Return when a day begins, in the time zone of the pages."""
    if day is None:
        return None
    return datetime.combine(day, time(), ZoneInfo(services().settings.time_zone))


def end_of(day: date | None) -> datetime | None:
    """Return when a day ends, which is when the next one begins."""
    return start_of(day and day + timedelta(days=1))
