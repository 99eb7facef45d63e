"""Tokens of moderators and operators, and what each may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Roles from the least to the most powerful; each may do what those before it may."""

    READER = "reader"
    MODERATOR = "moderator"
    LEAD = "lead"
    OPERATOR = "operator"

    def includes(self, other: "Role") -> bool:
        """Tell whether this role may do what `other` may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)


class Scope(StrEnum):
    """What a token may be narrowed to; without any it may do all its role may."""

    READ = "read"
    DECIDE = "decide"
    BLOCK = "block"
    LEARN = "learn"
    MODELS = "models"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who is calling: the holder of a token, or a person signed in to the console.

    Attributes:
        id: number of the key in the database.
        site_id: the only site this person sees.
        site_key: that site's public key.
        label: the name given when the token was made, written into the audit.
        role: what the person may do.
        scopes: what of it this token is narrowed to; empty for all.
        person_id: whose key it is, None for a token of its own.
    """

    id: int
    site_id: int
    site_key: str
    label: str
    role: Role
    scopes: frozenset[Scope] = frozenset()
    person_id: int | None = None

    def may(self, role: Role, scope: Scope) -> bool:
        """Tell whether both role and scopes allow what needs `role` and `scope`."""
        return self.role.includes(role) and (not self.scopes or scope in self.scopes)


@dataclass(frozen=True, slots=True)
class Key:
    """A token as operators see it: never the token itself.

    Attributes:
        expires_at: from when it opens nothing, None for never.
        last_used_at: to the minute, None if it never was.
    """

    holder: Moderator
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
