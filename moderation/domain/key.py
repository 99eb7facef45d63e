"""Tokens of moderators and operators, and what each may do."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who is calling: the holder of a token.

    Attributes:
        id: number of the key in the database.
        site_id: the only site this person sees.
        site_key: that site's public key.
        label: the name given when the token was made, written into the audit.
        role: what the person may do.
    """

    id: int
    site_id: int
    site_key: str
    label: str
    role: Role
