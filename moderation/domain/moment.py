"""Points in time as they are written for programs."""

from datetime import datetime


def moment(value: datetime) -> str:
    """Return `value`, which is in UTC, as the API writes times: ISO 8601, milliseconds."""
    return value.isoformat(timespec="milliseconds")[:23] + "Z"
