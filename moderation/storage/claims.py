"""Claims: which comment is in whose hands, so that no two people are given the same one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, delete, select, text, true, update

from moderation.domain.claim import Claim
from moderation.domain.comment import Status
from moderation.domain.key import Moderator
from moderation.errors import NotFound, StoreUnavailable
from moderation.storage.listing import Listing, sorted_by
from moderation.storage.stretches import numbers_of
from moderation.storage.tables.comments import comments
from moderation.storage.tables.decisions import claims
from moderation.storage.tables.sites import keys

ATTEMPTS = 50  # at comments that others are given at the same moment
CANDIDATES = 50  # on PostgreSQL, more than there are people who claim in the same instant

# Looked up one by one: joining them, PostgreSQL may take all the claims of the last minutes for a
# handful, and compare each comment with each of them.
EXPIRY = select(claims.c.expires_at).where(claims.c.comment_id == comments.c.id).scalar_subquery()
IS_FREE = (bindparam("now", type_=claims.c.expires_at.type) < EXPIRY).is_not(true())
TAKE = text(
    """
    INSERT INTO claims (comment_id, key_id, expires_at) VALUES (:comment_id, :key_id, :until)
    ON CONFLICT (comment_id) DO UPDATE SET key_id = :key_id, expires_at = :until
    WHERE claims.expires_at <= :now
    """
).bindparams(
    bindparam("until", type_=claims.c.expires_at.type),
    bindparam("now", type_=claims.c.expires_at.type),
)
IS_OURS = (claims.c.comment_id == bindparam("of_comment"), claims.c.key_id == bindparam("of_key"))
RELEASE = delete(claims).where(*IS_OURS)
RENEW = update(claims).where(*IS_OURS, claims.c.expires_at > bindparam("now"))
FORGET = delete(claims).where(claims.c.comment_id == bindparam("of_comment"))
# Those that somebody is about to drop are theirs: nobody waits for each other.
FORGET_EXPIRED = delete(claims).where(
    claims.c.comment_id.in_(
        select(claims.c.comment_id)
        .where(claims.c.expires_at <= bindparam("now"))
        .with_for_update(skip_locked=True)
    )
)
ABOUT = (
    select(claims, keys.c.label)
    .join(keys, keys.c.id == claims.c.key_id)
    .where(
        claims.c.comment_id.in_(bindparam("ids", expanding=True)),
        claims.c.expires_at > bindparam("now"),
    )
)


class Claims:
    """Comments in somebody's hands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(
        self, listing: Listing, moderator: Moderator, now: datetime, until: datetime
    ) -> str | None:
        """Claim the first held comment of `listing` that nobody has; None when none is left.

        Two callers never get the same one: on PostgreSQL they pass over each other's rows, and
        on both databases a comment has room for one claim.

        Raises:
            StoreUnavailable: others were quicker, time and again.
        """
        statement = _first_free(listing, self._connection.dialect.name)
        for _ in range(ATTEMPTS):
            found = self._connection.execute(statement, {"now": now}).scalar_one_or_none()
            if found is None:
                return None
            taken = {"comment_id": found, "key_id": moderator.id, "until": until, "now": now}
            if self._connection.execute(TAKE, taken).rowcount:
                return str(found)
        raise StoreUnavailable("claims", retry_after=1)

    def renew(self, comment_id: str, key_id: int, now: datetime, until: datetime) -> None:
        """Keep a comment in the hands of whoever holds it for longer; else do nothing."""
        values = {"of_comment": comment_id, "of_key": key_id, "now": now, "expires_at": until}
        self._connection.execute(RENEW, values)

    def release(self, comment_id: str, key_id: int) -> None:
        """Give a comment back.

        Raises:
            NotFound: this key does not hold it.
        """
        values = {"of_comment": comment_id, "of_key": key_id}
        if not self._connection.execute(RELEASE, values).rowcount:
            raise NotFound(comment_id)

    def forget(self, comment_ids: Iterable[str]) -> None:
        """Let go of comments, whoever holds them."""
        if ids := [{"of_comment": one} for one in comment_ids]:
            self._connection.execute(FORGET, ids)

    def forget_expired(self, now: datetime) -> None:
        """Drop claims that have run out."""
        self._connection.execute(FORGET_EXPIRED, {"now": now})

    def about(self, comment_ids: Iterable[str], now: datetime) -> Mapping[str, Claim]:
        """Return the claims on comments, by id; who is free is left out."""
        ids = list(comment_ids)
        found = self._connection.execute(ABOUT, {"ids": ids, "now": now}) if ids else ()
        return {
            row.comment_id: Claim(row.comment_id, row.label, row.key_id, row.expires_at)
            for row in found
        }


def _first_free(listing: Listing, dialect: str) -> Select[str]:
    """Return the statement for the first held comment that nobody has.

    The candidates are found without locks, because a list of several stretches cannot be locked;
    of them the first is taken that nobody else is taking. SQLite has one writer anyway. All of
    them are held; sorted by that, too, PostgreSQL does not look for them in an index of all ids.
    """
    candidates = 1 if dialect == "sqlite" else CANDIDATES
    first = replace(listing, status=Status.HELD, cursor=None, limit=candidates)
    return (
        select(comments.c.id)
        .where(comments.c.number.in_(numbers_of(first, dialect, IS_FREE)))
        .order_by(comments.c.status, *sorted_by(listing.order, listing.pivot))
        .limit(1)
        .with_for_update(of=comments, skip_locked=True, key_share=True)
    )
