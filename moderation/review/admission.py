"""Whom a site lets in: tokens and people's roles, given and taken with an entry in the audit.

Only operators do this, on the machine itself.
"""

from collections.abc import Iterable
from datetime import datetime

from moderation.domain.audit import OPERATOR, Kind, Note
from moderation.domain.key import Moderator, Role, Scope
from moderation.domain.moment import moment
from moderation.domain.person import Person
from moderation.domain.site import Site
from moderation.errors import NotFound
from moderation.storage.transaction import Transaction


def give_token(
    transaction: Transaction,
    site: Site,
    role: Role,
    name: str,
    now: datetime,
    *,
    scopes: Iterable[Scope] = (),
    expires_at: datetime | None = None,
) -> str:
    """Make a token and return it; it cannot be read again later.

    Args:
        name: who holds it.
        scopes: what of its role it is narrowed to, none for all.
        expires_at: from when it opens nothing.
    """
    token = transaction.keys.add(site, role, name, now, scopes=scopes, expires_at=expires_at)
    holder = transaction.keys.by_token(token, now).holder
    narrowed = {"scopes": sorted(holder.scopes)} if holder.scopes else {}
    ends = {"expires_at": moment(expires_at)} if expires_at else {}
    _enter(transaction, Kind.KEY, "add", holder, now, **narrowed, **ends)
    return token


def take_token(transaction: Transaction, number: int, site: Site, now: datetime) -> None:
    """Make a token worthless from now on; `withdraw` is what takes a person's role.

    Raises:
        NotFound: the site has no such token in use.
    """
    tokens = transaction.keys.tokens_of(site.id)
    held = next((key for key in tokens if key.holder.id == number), None)
    if held is None:
        raise NotFound(f"key {number}")
    transaction.keys.revoke(number, site.id, now)
    _enter(transaction, Kind.KEY, "revoke", held.holder, now)


def grant(transaction: Transaction, person: Person, site: Site, role: Role, now: datetime) -> None:
    """Give a person a role on a site, in place of the one they have there, if it is another.

    It is a key whose token nobody ever sees.
    """
    if role in {key.role for key in _held(transaction, person, site)}:
        return
    _drop(transaction, person, site, now)
    token = transaction.keys.add(site, role, person.name, now, person_id=person.id)
    holder = transaction.keys.by_token(token, now).holder
    _enter(transaction, Kind.PERSON, "grant", holder, now)


def withdraw(transaction: Transaction, person: Person, site: Site, now: datetime) -> None:
    """Take a site away from a person.

    Raises:
        NotFound: they have no role there.
    """
    dropped = _drop(transaction, person, site, now)
    if not dropped:
        raise NotFound(f"person {person.id} on site {site.id}")
    for holder in dropped:
        _enter(transaction, Kind.PERSON, "revoke", holder, now)


def enter_account(transaction: Transaction, person: Person, action: str, now: datetime) -> None:
    """Enter on each site of a person what was done to their account: closed, reopened, password."""
    held = transaction.keys.of_person(person.id)
    for holder in sorted(held, key=lambda one: one.site_id):  # one order: nobody waits in a circle
        _enter(transaction, Kind.PERSON, action, holder, now)


def _held(transaction: Transaction, person: Person, site: Site) -> list[Moderator]:
    return [key for key in transaction.keys.of_person(person.id) if key.site_id == site.id]


def _drop(transaction: Transaction, person: Person, site: Site, now: datetime) -> list[Moderator]:
    held = _held(transaction, person, site)
    for key in held:
        transaction.keys.revoke(key.id, site.id, now)
    return held


def _enter(
    transaction: Transaction,
    kind: Kind,
    action: str,
    holder: Moderator,
    now: datetime,
    **more: object,
) -> None:
    about = {
        "action": action,
        "holder": holder.label,
        "holder_key": holder.id,
        "role": holder.role.value,
        **more,
    }
    transaction.audit.append(holder.site_id, Note(kind, OPERATOR, None, now, about))
