"""The audit: entries that each hold the hash of the one before, so that none can be changed unseen.

An entry is one line of JSON; its hash is the SHA-256 of that line, and the line names the hash of
the entry before it. Whoever keeps the last hash can check all that came before with a few lines of
any language.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from moderation.domain.moment import moment

START = "0" * 64
"""What the first entry of a site names as the hash before it."""
OPERATOR = "operator"
"""Who did what was done on the command line."""
UNSTORABLE = re.compile("[\ud800-\udfff]")  # the database would keep something else


class Kind(StrEnum):
    """What an entry tells of."""

    DECISION = "decision"
    BLOCK = "block"
    UNBLOCK = "unblock"
    POLICY = "policy"
    KEY = "key"
    PERSON = "person"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a site's audit.

    Attributes:
        number: 1 for the first of the site, without gaps.
        line: what is hashed, kept and exported.
        hash: of the line, in hexadecimal digits.
        filed: what of the line stands beside it too, for lists to find it by.
    """

    number: int
    line: str
    hash: str
    filed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """Return what the line says."""
        found: dict[str, Any] = json.loads(self.line)
        return found


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be entered.

    Attributes:
        moderator: label of the key that did it, or the name of the service's own process.
        key_id: number of that key; None for the service itself.
        about: what was done, JSON types only.
        comment_id: of the comment it is about, if it is about one.
    """

    kind: Kind
    moderator: str
    key_id: int | None
    created_at: datetime
    about: Mapping[str, Any]
    comment_id: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """Return what its line says, apart from its place in the chain."""
        return {
            "kind": self.kind.value,
            "created_at": moment(self.created_at),
            "moderator": self.moderator,
            "key": self.key_id,
            **self.about,
        }


def chained(number: int, previous: str, content: Mapping[str, Any]) -> Entry:
    """Return the entry that follows the one with the hash `previous`."""
    line = json.dumps(
        {"number": number, "previous": previous, **content},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    kept = UNSTORABLE.sub("\ufffd", line)
    return Entry(number, kept, digest(kept))


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in 64 hexadecimal digits."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()
