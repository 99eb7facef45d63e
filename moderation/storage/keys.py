"""Tokens of moderators and operators: shown once, remembered only as a digest."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from moderation.domain.key import Key, Moderator, Role, Scope
from moderation.domain.site import Site
from moderation.errors import NotFound, Unauthenticated
from moderation.storage.tables.decisions import claims
from moderation.storage.tables.sites import keys, sites

IN_USE = (
    select(
        *(column for column in keys.c if column.name not in ("token_hash", "revoked_at")),
        sites.c.key,
    )
    .join(sites, sites.c.id == keys.c.site_id)
    .where(keys.c.revoked_at.is_(None))
)
BY_HASH = IN_USE.where(keys.c.token_hash == bindparam("token_hash"))
OF_SITE = IN_USE.where(keys.c.site_id == bindparam("site_id")).order_by(keys.c.id)
OF_PERSON = IN_USE.where(keys.c.person_id == bindparam("person_id")).order_by(sites.c.name)
NAMED = select(keys.c.id, keys.c.person_id, keys.c.label).where(
    or_(keys.c.person_id == bindparam("person_id"), keys.c.site_id == bindparam("site_id"))
)
LABELS = (
    select(keys.c.label)
    .where(keys.c.site_id == bindparam("site_id"))
    .group_by(keys.c.label)
    .order_by(keys.c.label)
)
NOTE_USE = update(keys).where(keys.c.id == bindparam("key_id"))
REVOKE = update(keys).where(
    keys.c.id == bindparam("key_id"),
    keys.c.site_id == bindparam("of_site"),
    keys.c.revoked_at.is_(None),
)
LET_GO = delete(claims).where(claims.c.key_id == bindparam("of_key"))


class Keys:
    """Who may call the moderation API."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        site: Site,
        role: Role,
        label: str,
        now: datetime,
        *,
        scopes: Iterable[Scope] = (),
        expires_at: datetime | None = None,
        person_id: int | None = None,
    ) -> str:
        """Make a token and return it; it cannot be read again later.

        Args:
            scopes: what of its role it is narrowed to, none for all.
            expires_at: from when it opens nothing.
            person_id: whose key it is, where somebody signs in rather than uses the token.
        """
        token = f"mod_{secrets.token_urlsafe(32)}"
        values = {
            "site_id": site.id,
            "role": role.value,
            "label": label,
            "token_hash": _hash(token),
            "created_at": now,
            "person_id": person_id,
            "scopes": " ".join(sorted(scopes)),
            "expires_at": expires_at,
        }
        self._connection.execute(insert(keys), values)
        return token

    def by_token(self, token: str, now: datetime) -> Key:
        """Return the key of `token`.

        Raises:
            Unauthenticated: nobody does, or no longer.
        """
        row = self._connection.execute(BY_HASH, {"token_hash": _hash(token)}).one_or_none()
        if row is None or (row.expires_at is not None and row.expires_at <= now):
            raise Unauthenticated("unknown, revoked or expired token")
        return _key(row)

    def note_use(self, key_id: int, now: datetime) -> None:
        """Remember that a token is in use."""
        self._connection.execute(NOTE_USE, {"key_id": key_id, "last_used_at": now})

    def of_site(self, site_id: int) -> tuple[Key, ...]:
        """Return a site's tokens and people's roles, the first made first, not those revoked."""
        return tuple(map(_key, self._connection.execute(OF_SITE, {"site_id": site_id})))

    def tokens_of(self, site_id: int) -> tuple[Key, ...]:
        """Return what `of_site` does, without people's roles: nobody has seen their tokens."""
        return tuple(key for key in self.of_site(site_id) if key.holder.person_id is None)

    def labels_of(self, site_id: int) -> tuple[str, ...]:
        """Return the names that tokens of a site bear or have borne, in their order."""
        return tuple(self._connection.execute(LABELS, {"site_id": site_id}).scalars())

    def of_person(self, person_id: int) -> tuple[Moderator, ...]:
        """Return what a person may do, site by site, in the order of the sites' names."""
        found = self._connection.execute(OF_PERSON, {"person_id": person_id})
        return tuple(map(_moderator, found))

    def ever_of(self, holder: Moderator) -> frozenset[int]:
        """Return the numbers of all keys that whoever holds this one has, or had before.

        A token belongs to nobody but a name: on a site those of one name count as one person's, and
        as those of who signs in by this name. Two who sign in stay two, whatever their names.
        """
        values = {"person_id": holder.person_id, "site_id": holder.site_id}
        found = self._connection.execute(NAMED, values)
        return frozenset(row.id for row in found if _is_theirs(row, holder))

    def revoke(self, key_id: int, site_id: int, now: datetime) -> None:
        """Make a token worthless from now on; what it decided stays in the audit.

        What it holds is free for others at once.

        Raises:
            NotFound: the site has no such token in use.
        """
        values = {"key_id": key_id, "of_site": site_id, "revoked_at": now}
        if not self._connection.execute(REVOKE, values).rowcount:
            raise NotFound(f"key {key_id}")
        self._connection.execute(LET_GO, {"of_key": key_id})


def _is_theirs(row: Row[*tuple[Any, ...]], holder: Moderator) -> bool:
    if None not in (row.person_id, holder.person_id):
        return bool(row.person_id == holder.person_id)
    return bool(row.label.casefold() == holder.label.casefold())


def _hash(token: str) -> str:
    """Return the SHA-256 of a token; it is 256 random bits, so that no salt or stretching helps."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _moderator(row: Row[*tuple[Any, ...]]) -> Moderator:
    return Moderator(
        row.id,
        row.site_id,
        row.key,
        row.label,
        Role(row.role),
        frozenset(map(Scope, row.scopes.split())),
        row.person_id,
    )


def _key(row: Row[*tuple[Any, ...]]) -> Key:
    return Key(_moderator(row), row.created_at, row.expires_at, row.last_used_at)
