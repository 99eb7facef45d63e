"""Fingerprints: which texts a site has had lately."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from moderation.storage.tables.comments import comments

KNOWN = (
    select(comments.c.number)
    .where(
        comments.c.site_id == bindparam("site_id"),
        comments.c.fingerprint == bindparam("fingerprint"),
        comments.c.created_at >= bindparam("since"),
        comments.c.id != bindparam("other_than"),
    )
    .limit(1)
)
# No row stands for a text that nobody has sent yet. Two that share a number wait in vain.
QUEUE_UP = select(
    func.pg_advisory_xact_lock(bindparam("site_id"), func.hashtext(bindparam("fingerprint")))
)


class Fingerprints:
    """Texts that came in before; the empty fingerprint is that of none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_known(
        self, site_id: int, fingerprint: str, since: datetime, other_than: str = ""
    ) -> bool:
        """Tell whether the site has had another comment with this fingerprint since a moment."""
        values = {
            "site_id": site_id,
            "fingerprint": fingerprint,
            "since": since,
            "other_than": other_than,
        }
        return bool(fingerprint) and self._connection.execute(KNOWN, values).first() is not None

    def is_known_for_good(
        self, site_id: int, fingerprint: str, since: datetime, other_than: str = ""
    ) -> bool:
        """Tell what `is_known` does; nobody else keeps this text until the transaction ends.

        Whoever wants to waits here, on PostgreSQL; SQLite has one writer anyway.
        """
        if fingerprint and self._connection.dialect.name == "postgresql":
            values = {"site_id": site_id, "fingerprint": fingerprint}
            self._connection.execute(QUEUE_UP, values)
        return self.is_known(site_id, fingerprint, since, other_than)
