"""Identifiers that sort by the time they were made."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FRACTIONS = 1 << 12  # of a millisecond, in the field that may carry them


def new_id(now: datetime) -> str:
    """Return a UUID version 7 for the moment `now` (RFC 9562, section 5.7).

    The 12 bits after the milliseconds hold the fraction (section 6.2, method 3), so that what
    is made within one millisecond sorts by time too.
    """
    milliseconds, microseconds = divmod((now - EPOCH) // MICROSECOND, 1000)
    fraction = microseconds * FRACTIONS // 1000
    value = milliseconds << 80 | 7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(UUID(int=value))
