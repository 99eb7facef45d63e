"""People who sign in to the console, and what they are known by."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from moderation.domain.person import Credentials, Person
from moderation.errors import InvalidRequest, NotFound
from moderation.storage.tables.sites import keys, people

FIND = select(people)
BY_EMAIL = FIND.where(people.c.email == bindparam("email"))
BY_ID = FIND.where(people.c.id == bindparam("person_id"))
OF_SITE = (
    select(people, keys.c.role)
    .join(keys, keys.c.person_id == people.c.id)
    .where(keys.c.site_id == bindparam("site_id"), keys.c.revoked_at.is_(None))
    .order_by(people.c.email)
)
COUNT = select(func.count()).select_from(people)
CHANGE = update(people).where(people.c.id == bindparam("of_person"))
USE_CODE = CHANGE.where(people.c.totp_used < bindparam("step")).values(totp_used=bindparam("step"))


class People:
    """Everybody who may sign in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, email: str, name: str, password_hash: str, now: datetime) -> Person:
        """Add somebody.

        Raises:
            InvalidRequest: somebody has this address already.
        """
        values = {
            "email": email.lower(),
            "name": name,
            "password_hash": password_hash,
            "totp_used": 0,
            "wants_digest": False,
            "created_at": now,
        }
        try:
            self._connection.execute(insert(people), values)
        except IntegrityError as error:
            raise InvalidRequest.at("/email", "email_taken") from error
        return self.by_email(email).person

    def by_email(self, email: str) -> Credentials:
        """Return who signs in with this address.

        Raises:
            NotFound: nobody does.
        """
        row = self._connection.execute(BY_EMAIL, {"email": email.lower()}).one_or_none()
        if row is None:
            raise NotFound("person")
        return _credentials(row)

    def by_id(self, person_id: int) -> Credentials:
        """Return somebody by their number.

        Raises:
            NotFound: there is nobody with it.
        """
        row = self._connection.execute(BY_ID, {"person_id": person_id}).one_or_none()
        if row is None:
            raise NotFound(f"person {person_id}")
        return _credentials(row)

    def all(self) -> tuple[Person, ...]:
        """Return everybody, by address."""
        return tuple(map(_person, self._connection.execute(FIND.order_by(people.c.email))))

    def of_site(self, site_id: int) -> tuple[tuple[Person, str], ...]:
        """Return who may do anything on a site, with their role."""
        found = self._connection.execute(OF_SITE, {"site_id": site_id})
        return tuple((_person(row), row.role) for row in found)

    def change(self, person_id: int, **values: Any) -> None:
        """Change what is known of somebody.

        Raises:
            NotFound: there is nobody with this number.
        """
        if not self._connection.execute(CHANGE, {"of_person": person_id, **values}).rowcount:
            raise NotFound(f"person {person_id}")

    def use_code(self, person_id: int, step: int) -> bool:
        """Note that the code of a step in time was used; tell whether it was the first time."""
        values = {"of_person": person_id, "step": step}
        return bool(self._connection.execute(USE_CODE, values).rowcount)


def _credentials(row: Row[*tuple[Any, ...]]) -> Credentials:
    return Credentials(_person(row), row.password_hash, row.totp_secret, row.totp_used)


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        has_one_time_codes=row.totp_secret is not None,
        wants_digest=row.wants_digest,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
