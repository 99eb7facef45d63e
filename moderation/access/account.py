"""What people change about their own account: password, one-time codes, the daily message."""

from datetime import datetime

from moderation.access import one_time_codes, passwords
from moderation.access.sign_in import Visit
from moderation.errors import Forbidden, InvalidRequest
from moderation.storage.database import Database


def change_password(visit: Visit, present: str, wanted: str, database: Database) -> None:
    """Replace the password, and end every other session.

    Raises:
        InvalidRequest: the present one is wrong, or the wanted one too short or too long.
    """
    _check_password(visit, present, database)
    encoded = passwords.encode(wanted)
    with database.transaction() as transaction:
        transaction.people.change(visit.person.id, password_hash=encoded)
        transaction.sessions.end_others(visit.person.id, kept=visit.token)


def start_codes(visit: Visit, secret: str, code: str, database: Database, now: datetime) -> None:
    """Ask for one-time codes from now on.

    Raises:
        Forbidden: they are asked for already; another secret takes the password first.
        InvalidRequest: the code is not one of this secret's: the app does not have it.
    """
    if visit.person.has_one_time_codes:
        raise Forbidden("one-time codes")
    step = one_time_codes.step_of(code, secret, now) if one_time_codes.is_secret(secret) else None
    if step is None:
        raise InvalidRequest.at("/code", "wrong_code")
    with database.transaction() as transaction:
        transaction.people.change(visit.person.id, totp_secret=secret, totp_used=step)


def stop_codes(visit: Visit, password: str, database: Database) -> None:
    """Ask for no one-time codes any more.

    Raises:
        InvalidRequest: the password is wrong.
    """
    _check_password(visit, password, database)
    with database.transaction() as transaction:
        transaction.people.change(visit.person.id, totp_secret=None)


def choose_digest(visit: Visit, is_wanted: bool, database: Database) -> None:
    """Choose whether to get a message a day."""
    with database.transaction() as transaction:
        transaction.people.change(visit.person.id, wants_digest=is_wanted)


def _check_password(visit: Visit, password: str, database: Database) -> None:
    with database.read() as memory:
        encoded = memory.people.by_id(visit.person.id).password_hash
    if not passwords.verify(password, encoded):
        raise InvalidRequest.at("/present", "wrong_password")
