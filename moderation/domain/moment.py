"""Points in time as they are written for programs."""

from datetime import datetime


def moment(value: datetime) -> str:
    """Return `value` as the API writes times: ISO 8601, UTC, milliseconds."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
