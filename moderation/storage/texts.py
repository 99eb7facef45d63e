"""Text in a column: whatever a client sends, both databases can hold or look for it."""

import re

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class PlainText(TypeDecorator[str]):
    """Text in which NUL and lone surrogates become U+FFFD.

    PostgreSQL refuses the first and both drivers the second. A look-up with such a text (in an
    address, a token, a filter) then finds nothing, as it should, rather than fail.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return `value` as it can be stored."""
        if value is None or (value.isascii() and "\x00" not in value):
            return value
        return UNSTORABLE.sub("\ufffd", value)
