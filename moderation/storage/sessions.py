"""Sessions of the console: the browser holds a token, the database its digest alone."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from moderation.storage.tables.sites import people, sessions

ADD = insert(sessions)
FIND = (
    select(sessions.c.person_id, sessions.c.seen_at)
    .join(people, people.c.id == sessions.c.person_id)
    .where(
        sessions.c.token_hash == bindparam("token_hash"),
        sessions.c.expires_at > bindparam("now"),
        sessions.c.seen_at > bindparam("idle_since"),
        people.c.disabled_at.is_(None),
    )
)
SEE = update(sessions).where(sessions.c.token_hash == bindparam("of_token"))
END = delete(sessions).where(sessions.c.token_hash == bindparam("of_token"))
END_OTHERS = delete(sessions).where(
    sessions.c.person_id == bindparam("of_person"), sessions.c.token_hash != bindparam("kept")
)
FORGET = delete(sessions).where(sessions.c.expires_at <= bindparam("now"))


class Sessions:
    """Who is signed in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: str, person_id: int, now: datetime, lasting: timedelta) -> None:
        """Begin a session."""
        values = {
            "token_hash": digest(token),
            "person_id": person_id,
            "created_at": now,
            "seen_at": now,
            "expires_at": now + lasting,
        }
        self._connection.execute(ADD, values)

    def find(self, token: str, now: datetime, idle_since: datetime) -> tuple[int, datetime] | None:
        """Return whose session this is and when it was last seen; None if it is over."""
        values = {"token_hash": digest(token), "now": now, "idle_since": idle_since}
        row = self._connection.execute(FIND, values).one_or_none()
        return None if row is None else (row.person_id, row.seen_at)

    def see(self, token: str, now: datetime) -> None:
        """Note that a session is in use."""
        self._connection.execute(SEE, {"of_token": digest(token), "seen_at": now})

    def end(self, token: str) -> None:
        """End a session, if there is one."""
        self._connection.execute(END, {"of_token": digest(token)})

    def end_others(self, person_id: int, kept: str = "") -> None:
        """End the sessions of somebody, but for the one with the token `kept`."""
        self._connection.execute(END_OTHERS, {"of_person": person_id, "kept": digest(kept)})

    def forget_expired(self, now: datetime) -> None:
        """Drop sessions that are over."""
        self._connection.execute(FORGET, {"now": now})


def digest(token: str) -> str:
    """Return what a session is kept by; its token is random, so that no salt helps."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
