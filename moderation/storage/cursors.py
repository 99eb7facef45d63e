"""Cursors: the place where the next page of a list begins, opaque and bound to that list."""

import binascii
import hashlib
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from moderation.errors import InvalidRequest

LAYOUT = struct.Struct(">d16s")
DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True)
class Position:
    """The last item of a page: what it was sorted by, if not by its id alone, and its id."""

    id: str
    weight: float = 0.0


def write(scope: str, position: Position) -> str:
    """Return `position` as 43 URL-safe characters that only the list called `scope` reads.

    There is no secret in it: whoever computes a cursor learns no more than by turning pages.
    """
    place = LAYOUT.pack(position.weight, UUID(position.id).bytes)
    return urlsafe_b64encode(place + _digest(scope, place)).decode("ascii").rstrip("=")


def read(scope: str, cursor: str) -> Position:
    """Return the position that `write` has put into `cursor`.

    Raises:
        InvalidRequest: it was changed, or comes from another list.
    """
    try:
        content = urlsafe_b64decode(cursor.encode("ascii") + b"=")
        weight, identifier = LAYOUT.unpack(content[: LAYOUT.size])
    except (UnicodeEncodeError, binascii.Error, struct.error) as error:
        raise InvalidRequest.at("/cursor", "invalid_cursor") from error
    position = Position(str(UUID(bytes=identifier)), weight)
    if write(scope, position) != cursor:
        raise InvalidRequest.at("/cursor", "invalid_cursor")
    return position


def _digest(scope: str, place: bytes) -> bytes:
    hashed = hashlib.blake2b(place, digest_size=DIGEST_BYTES, person=b"cursor")
    hashed.update(scope.encode("utf-8", "replace"))
    return hashed.digest()
