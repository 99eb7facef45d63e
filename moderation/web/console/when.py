"""When something happened, as people say it: "il y a 5 min"."""

from datetime import datetime, timedelta

from moderation.web.sentences import say

STEPS = (
    # below this age: the sentence, and the unit that it counts
    (timedelta(minutes=1), "now", timedelta(minutes=1)),
    (timedelta(hours=1), "minutes", timedelta(minutes=1)),
    (timedelta(days=1), "hours", timedelta(hours=1)),
    (timedelta(days=60), "days", timedelta(days=1)),
    (timedelta.max, "months", timedelta(days=30)),
)


def ago(language: str, now: datetime, moment: datetime) -> str:
    """Return how long ago `moment` was; what is to come counts as now."""
    age = max(now - moment, timedelta(0))
    name, unit = next((name, unit) for below, name, unit in STEPS if age < below)
    return say(language, f"time.{name}", n=age // unit)
