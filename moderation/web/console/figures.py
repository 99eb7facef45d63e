"""Figures as people write them: shares, lengths of time, days of a month."""

from datetime import date, timedelta

from moderation.web.sentences import DECIMAL_MARKS, in_figures, say

MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds
SMALL = 0.1  # shares below it are told to a tenth of a percent


def percent(language: str, ratio: float | None) -> str:
    """Return a share: "77 %", "0,7 %"; a dash where it is not known."""
    if ratio is None:
        return "–"
    is_small = 0 < ratio < SMALL
    value = decimal(language, 100 * ratio, 1) if is_small else str(round(100 * ratio))
    return say(language, "figures.percent", value=value)


def decimal(language: str, value: float, places: int) -> str:
    """Return a number with so many places after the decimal mark."""
    return f"{value:.{places}f}".replace(".", DECIMAL_MARKS[language])


def lasting(language: str, span: timedelta) -> str:
    """Return a length of time in its two largest units: "3 h 05"."""
    seconds = round(span.total_seconds())
    if seconds < MINUTE:
        return say(language, "figures.seconds", n=seconds)
    if seconds < HOUR:
        return say(language, "figures.minutes", n=seconds // MINUTE)
    if seconds < DAY:
        minutes = f"{seconds % HOUR // MINUTE:02}"
        return say(language, "figures.hours", n=seconds // HOUR, minutes=minutes)
    return say(language, "figures.days", n=seconds // DAY, hours=seconds % DAY // HOUR)


def day_of(language: str, one: date) -> str:
    """Return a day: "23 novembre"."""
    day = one.day if one.day > 1 else say(language, "page.first_of_month")
    month = say(language, "page.months").split()[one.month - 1]
    return say(language, "figures.day", day=day, month=month)


def count(language: str, n: int, one: str, many: str) -> str:
    """Return the sentence `one` for a single thing, `many` for any other number of them."""
    return say(language, one if n == 1 else many, n=in_figures(language, n))
