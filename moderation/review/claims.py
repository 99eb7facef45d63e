"""The next comment for a moderator: one that nobody else is reading."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.domain.claim import Claim
from moderation.domain.comment import Comment
from moderation.domain.key import Moderator, Role
from moderation.errors import StoreUnavailable
from moderation.storage.database import Database
from moderation.storage.listing import Listing

RENEW_AFTER = 0.1  # of a claim's time: activity more often than that changes nothing


@dataclass(frozen=True, slots=True)
class Claimed:
    """A comment and the claim on it."""

    comment: Comment
    claim: Claim


def claim_next(
    listing: Listing, moderator: Moderator, database: Database, now: datetime, lasting: timedelta
) -> Claimed | None:
    """Give the moderator the first comment of `listing` that nobody holds; None when none is left.

    What the moderator holds already counts as held: asking again gives the next one.
    """
    until = now + lasting
    with database.transaction() as transaction:
        taken = transaction.claims.take(listing, moderator, now, until)
        if taken is None:
            return None
        comment = transaction.comments.get(taken, moderator.site_id)
    return Claimed(comment, Claim(taken, moderator.label, moderator.id, until))


def release(comment_id: str, moderator: Moderator, database: Database, now: datetime) -> None:
    """Give a comment back; leads may take it out of anybody's hands.

    Raises:
        NotFound: nobody holds it, or somebody else does.
    """
    with database.transaction() as transaction:
        comment = transaction.comments.get(comment_id, moderator.site_id)
        held = transaction.claims.about([comment.id], now).get(comment.id)
        if held and moderator.role.includes(Role.LEAD):
            transaction.claims.forget([comment.id])
        else:
            transaction.claims.release(comment.id, moderator.id)


def stay(
    claim: Claim | None, moderator: Moderator, database: Database, now: datetime, lasting: timedelta
) -> Claim | None:
    """Keep a comment for the moderator who is reading it, and return the claim as it is then.

    Reading does not wait for writing: where nothing can be written now, the claim is not renewed.
    """
    if claim is None or claim.key_id != moderator.id:
        return claim
    if claim.expires_at - now > lasting * (1 - RENEW_AFTER):
        return claim
    until = now + lasting
    try:
        with database.transaction() as transaction:
            transaction.claims.renew(claim.comment_id, moderator.id, now, until)
    except StoreUnavailable:
        return claim
    return Claim(claim.comment_id, claim.moderator, claim.key_id, until)
