"""Tokens of moderators and operators: shown once, remembered only as a digest."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from moderation.domain.key import Moderator, Role
from moderation.domain.site import Site
from moderation.errors import NotFound, Unauthenticated
from moderation.storage.tables import keys, sites

IN_USE = (
    select(keys.c.id, keys.c.site_id, sites.c.key, keys.c.label, keys.c.role)
    .join(sites, sites.c.id == keys.c.site_id)
    .where(keys.c.revoked_at.is_(None))
)
BY_HASH = IN_USE.where(keys.c.token_hash == bindparam("token_hash"))
OF_SITE = IN_USE.where(keys.c.site_id == bindparam("site_id")).order_by(keys.c.id)
REVOKE = update(keys).where(
    keys.c.id == bindparam("key_id"),
    keys.c.site_id == bindparam("of_site"),
    keys.c.revoked_at.is_(None),
)


class Keys:
    """Who may call the moderation API."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, site: Site, role: Role, label: str, now: datetime) -> str:
        """Make a token and return it; it cannot be read again later."""
        token = f"mod_{secrets.token_urlsafe(32)}"
        values = {
            "site_id": site.id,
            "role": role.value,
            "label": label,
            "token_hash": _hash(token),
            "created_at": now,
        }
        self._connection.execute(insert(keys), values)
        return token

    def by_token(self, token: str) -> Moderator:
        """Return who holds `token`.

        Raises:
            Unauthenticated: nobody does, or no longer.
        """
        row = self._connection.execute(BY_HASH, {"token_hash": _hash(token)}).one_or_none()
        if row is None:
            raise Unauthenticated("unknown or revoked token")
        return _moderator(row)

    def of_site(self, site_id: int) -> tuple[Moderator, ...]:
        """Return the holders of a site's tokens, the first made first, without those revoked."""
        return tuple(map(_moderator, self._connection.execute(OF_SITE, {"site_id": site_id})))

    def revoke(self, key_id: int, site_id: int, now: datetime) -> None:
        """Make a token worthless from now on; what it decided stays in the audit.

        Raises:
            NotFound: the site has no such token in use.
        """
        values = {"key_id": key_id, "of_site": site_id, "revoked_at": now}
        if not self._connection.execute(REVOKE, values).rowcount:
            raise NotFound(f"key {key_id}")


def _hash(token: str) -> str:
    """Return the SHA-256 of a token; it is 256 random bits, so that no salt or stretching helps."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _moderator(row: Row[*tuple[Any, ...]]) -> Moderator:
    return Moderator(row.id, row.site_id, row.key, row.label, Role(row.role))
