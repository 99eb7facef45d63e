"""Sites: made with fresh keys, found by any of them."""

import secrets
import string
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from moderation.domain.site import Policy, Site
from moderation.errors import InvalidRequest, NotFound, UnknownSite
from moderation.storage import policies
from moderation.storage.tables.sites import sites

AKISMET_ALPHABET = string.ascii_lowercase + string.digits
AKISMET_LENGTH = 12

FIND = select(sites)
CHANGE = update(sites).where(sites.c.id == bindparam("site_id"))


class Sites:
    """The sites this service looks after."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, name: str, origins: Sequence[str], locale: str, policy: Policy, now: datetime
    ) -> Site:
        """Make a site with fresh keys.

        Raises:
            InvalidRequest: there is a site of this name.
        """
        values: dict[str, Any] = {
            "name": name,
            "key": f"site_{secrets.token_urlsafe(18)}",
            "secret": secrets.token_urlsafe(32),
            "akismet_key": "".join(secrets.choice(AKISMET_ALPHABET) for _ in range(AKISMET_LENGTH)),
            "origins": list(origins),
            "locale": locale,
            "policy": policies.save(policy),
            "created_at": now,
        }
        try:
            self._connection.execute(insert(sites), values)
        except IntegrityError as error:
            raise InvalidRequest.at("/name", "name_taken") from error
        return self.by_key(values["key"])

    def by_key(self, key: str) -> Site:
        """Return the site with this public key.

        Raises:
            UnknownSite: there is none.
        """
        return self._one(sites.c.key == key, UnknownSite(key))

    def by_id(self, site_id: int) -> Site:
        """Return the site with this number.

        Raises:
            NotFound: there is none.
        """
        return self._one(sites.c.id == site_id, NotFound(f"site {site_id}"))

    def by_name(self, name: str) -> Site | None:
        """Return the site of this name, if there is one."""
        return self._first(sites.c.name == name)

    def by_secret(self, secret: str) -> Site | None:
        """Return the site whose backend knows this secret, if there is one."""
        return self._first(sites.c.secret == secret)

    def by_akismet_key(self, key: str) -> Site | None:
        """Return the site with this Akismet key, if there is one."""
        return self._first(sites.c.akismet_key == key)

    def all(self) -> tuple[Site, ...]:
        """Return every site, by name."""
        return tuple(_site(row) for row in self._connection.execute(FIND.order_by(sites.c.name)))

    def set_policy(self, site_id: int, policy: Policy) -> None:
        """Replace the policy of a site.

        Raises:
            NotFound: there is no such site.
        """
        self.change(site_id, policy=policies.save(policy))

    def change(self, site_id: int, **values: Any) -> None:
        """Replace the name, the origins or the locale of a site.

        Raises:
            NotFound: there is no such site.
            InvalidRequest: another site has this name.
        """
        try:
            found = self._connection.execute(CHANGE, {"site_id": site_id, **values})
        except IntegrityError as error:
            raise InvalidRequest.at("/name", "name_taken") from error
        if not found.rowcount:
            raise NotFound(f"site {site_id}")

    def _one(self, condition: ColumnElement[bool], missing: UnknownSite | NotFound) -> Site:
        site = self._first(condition)
        if site is None:
            raise missing
        return site

    def _first(self, condition: ColumnElement[bool]) -> Site | None:
        row = self._connection.execute(FIND.where(condition)).one_or_none()
        return None if row is None else _site(row)


def _site(row: Row[*tuple[Any, ...]]) -> Site:
    return Site(
        id=row.id,
        name=row.name,
        key=row.key,
        secret=row.secret,
        akismet_key=row.akismet_key,
        origins=tuple(row.origins),
        locale=row.locale,
        policy=policies.load(row.policy),
    )
