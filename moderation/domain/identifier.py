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


def is_id(text: str) -> bool:
    """Tell whether a text could have come from `new_id`."""
    try:
        found = UUID(text)
    except ValueError:
        return False
    return found.version == 7 and str(found) == text


def first_id(moment: datetime) -> str:
    """Return the smallest identifier that can be made at `moment`: a border in time among ids."""
    milliseconds = max(0, (moment - EPOCH) // timedelta(milliseconds=1))
    return str(UUID(int=milliseconds << 80 | 7 << 76 | 0b10 << 62))


def made_at(identifier: str) -> datetime:
    """Return when a UUID version 7 was made, to the millisecond."""
    return EPOCH + timedelta(milliseconds=UUID(identifier).int >> 80)


def milliseconds_of(identifier: str) -> int:
    """Return when an identifier was made, in milliseconds since 1970."""
    return int(identifier[:8] + identifier[9:13], 16)
