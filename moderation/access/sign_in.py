"""Signing in to the console, staying there for a while, and leaving."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderation.access import one_time_codes, passwords
from moderation.domain.key import Moderator
from moderation.domain.person import Credentials, Person
from moderation.errors import NotFound, SignInFailed, StoreUnavailable, Unauthenticated
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction

LASTING = timedelta(days=7)
IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is signed in.

    Attributes:
        token: of the session; the browser holds it.
        memberships: what they may do, a key for each site, by the sites' names.
    """

    person: Person
    token: str = field(repr=False)
    memberships: tuple[Moderator, ...]


def sign_in(email: str, password: str, code: str, database: Database, now: datetime) -> str:
    """Begin a session and return its token.

    Whatever is wrong, the answer is the same and takes as long.

    Raises:
        SignInFailed: address, password or code is wrong, or the account is closed.
        StoreUnavailable: the database is away.
    """
    with database.read() as memory:
        known = _find(email, memory)
    encoded = known.password_hash if known else passwords.NOBODYS
    is_right = passwords.verify(password, encoded)
    if known is None or not is_right or known.person.disabled_at:
        raise SignInFailed
    token = secrets.token_urlsafe(32)
    with database.transaction() as transaction:
        _use_code(known, code, transaction, now)
        transaction.sessions.add(token, known.person.id, now, LASTING)
    return token


def find_visit(token: str, database: Database, now: datetime) -> Visit:
    """Return who holds the token of a session.

    Raises:
        Unauthenticated: it is over, or there never was one.
    """
    with database.read() as memory:
        found = memory.sessions.find(token, now, now - IDLE)
        if found is None:
            raise Unauthenticated
        person_id, seen_at = found
        person = memory.people.by_id(person_id).person
        memberships = memory.keys.of_person(person_id)
    if now - seen_at >= SEEN_EVERY:
        with suppress(StoreUnavailable), database.transaction() as transaction:
            transaction.sessions.see(token, now)
    return Visit(person, token, memberships)


def sign_out(token: str, database: Database) -> None:
    """End a session."""
    with database.transaction() as transaction:
        transaction.sessions.end(token)


def _find(email: str, memory: Transaction) -> Credentials | None:
    try:
        return memory.people.by_email(email.strip())
    except NotFound:
        return None


def _use_code(known: Credentials, code: str, memory: Transaction, now: datetime) -> None:
    if known.totp_secret is None:
        return
    step = one_time_codes.step_of(code, known.totp_secret, now)
    if step is None or not memory.people.use_code(known.person.id, step):
        raise SignInFailed
