"""Blocks in moderators' hands: made, taken away, and tried on what came in lately."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moderation.blocking.fence import Fence
from moderation.domain.audit import Kind, Note
from moderation.domain.block import READER_BITS, Block, BlockKind, network_of, uniform
from moderation.domain.comment import Comment
from moderation.domain.finding import Verdict
from moderation.domain.identifier import made_at, new_id
from moderation.domain.key import Moderator
from moderation.domain.moment import moment
from moderation.errors import InvalidRequest
from moderation.limits import client_key
from moderation.storage.database import Database
from moderation.storage.recent import Light
from moderation.storage.transaction import Transaction

PERIOD = timedelta(days=30)
MOST_LOOKED_AT = 20_000  # comments of that period
SAMPLE = 10
MOST_IN_FORCE = 5000  # blocks of one site

Fold = Callable[[str], str]
Catches = Callable[[Light], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A block as a moderator asks for it.

    Attributes:
        pattern: as typed; empty for the sender of a comment.
        comment_id: whose sender is meant, for that kind alone.
        expires_at: from when it blocks nothing, None for never.
    """

    kind: BlockKind
    pattern: str = field(repr=False)
    verdict: Verdict
    reason: str
    expires_at: datetime | None = None
    comment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a block would have caught lately.

    Attributes:
        looked_at: how many of the latest comments were looked at, MOST_LOOKED_AT at most.
        since: when the first of the period looked at could have come.
        published_by_people: of the caught ones, those readers see because a person wanted it.
        sample: the latest of them.
    """

    count: int
    looked_at: int
    since: datetime
    published_by_people: int
    sample: tuple[Comment, ...]


def block(
    wanted: Wanted, moderator: Moderator, database: Database, fold: Fold, now: datetime
) -> Block:
    """Block something on the moderator's site, and enter it into the audit.

    Raises:
        InvalidRequest: the pattern is none of its kind, or blocked already; the time is past.
        NotFound: the site has no such comment.
    """
    with database.transaction() as transaction:
        transaction.audit.queue_up(moderator.site_id)  # one at a time: the same is blocked once
        made = _made(wanted, moderator, transaction, fold, now)
        standing = transaction.blocks.in_force(moderator.site_id, now)
        if any(_is_same(one, made) for one in standing):
            raise InvalidRequest.at("/pattern", "already_blocked")
        if len(standing) >= MOST_IN_FORCE:
            raise InvalidRequest.at("/pattern", "too_many", limit=MOST_IN_FORCE)
        transaction.blocks.add(made)
        transaction.audit.append(made.site_id, _note(Kind.BLOCK, made, moderator, now))
    return made


def unblock(block_id: str, moderator: Moderator, database: Database, now: datetime) -> None:
    """Take a block away, and enter it into the audit.

    Raises:
        NotFound: the site has no such block, or it was taken away before.
    """
    with database.transaction() as transaction:
        former = transaction.blocks.get(block_id, moderator.site_id)
        transaction.blocks.remove(block_id, moderator.site_id, now)
        transaction.audit.append(former.site_id, _note(Kind.UNBLOCK, former, moderator, now))


def preview(
    wanted: Wanted,
    moderator: Moderator,
    database: Database,
    fold: Fold,
    client_secret: bytes,
    now: datetime,
) -> Preview:
    """Try a block on the comments of the last 30 days, as they stand now.

    Raises:
        InvalidRequest, NotFound: as `block` does.
    """
    since = now - PERIOD
    with database.read() as memory:
        tried = _made(wanted, moderator, memory, fold, now)
        catches = _catching(tried, fold, client_secret, now)
        looked_at = memory.recent.since(moderator.site_id, since, MOST_LOOKED_AT)
        caught = [light.id for light in looked_at if catches(light)]
        if len(looked_at) == MOST_LOOKED_AT:
            since = made_at(looked_at[-1].id)
        return Preview(
            count=len(caught),
            looked_at=len(looked_at),
            since=since,
            published_by_people=memory.recent.published_by_people(caught),
            sample=tuple(memory.comments.get(one, tried.site_id) for one in caught[:SAMPLE]),
        )


def _made(
    wanted: Wanted, moderator: Moderator, memory: Transaction, fold: Fold, now: datetime
) -> Block:
    if wanted.verdict is Verdict.PUBLISH:
        raise InvalidRequest.at("/verdict", "not_a_choice", choices="hold, reject")
    if wanted.expires_at is not None and wanted.expires_at <= now:
        raise InvalidRequest.at("/expires_at", "in_the_past")
    return Block(
        id=new_id(now),
        site_id=moderator.site_id,
        kind=wanted.kind,
        pattern=_pattern(wanted, moderator.site_id, memory, fold),
        verdict=wanted.verdict,
        reason=wanted.reason,
        moderator=moderator.label,
        key_id=moderator.id,
        created_at=now,
        expires_at=wanted.expires_at,
        comment_id=wanted.comment_id,
    )


def _pattern(wanted: Wanted, site_id: int, memory: Transaction, fold: Fold) -> str:
    is_sender = wanted.kind is BlockKind.SENDER
    if is_sender != bool(wanted.comment_id) or is_sender == bool(wanted.pattern):
        pointer = "/comment" if is_sender or wanted.comment_id else "/pattern"
        raise InvalidRequest.at(pointer, "pattern_or_comment")
    if wanted.comment_id:
        sender = memory.blocks.sender_of(wanted.comment_id, site_id)
        if not sender:
            raise InvalidRequest.at("/comment", "unknown_sender")
        return sender
    pattern = uniform(wanted.kind, wanted.pattern)
    if wanted.kind is BlockKind.WORD and not fold(pattern).strip():
        raise InvalidRequest.at("/pattern", "empty")
    return pattern


def _is_same(one: Block, other: Block) -> bool:
    return (one.kind, one.pattern.casefold()) == (other.kind, other.pattern.casefold())


def _catching(tried: Block, fold: Fold, client_secret: bytes, now: datetime) -> Catches:
    if tried.kind is BlockKind.ADDRESS:
        senders = frozenset(
            client_key(address, client_secret) for address in _readers(tried.pattern)
        )
        return lambda light: light.writing.client in senders
    fence = Fence([tried], fold)
    return lambda light: fence.worst(light.writing, now) is not None


def _readers(pattern: str) -> Iterator[str]:
    """Yield one address for each reader in a range: all of IPv4, one of each /64 of IPv6."""
    network = network_of(pattern)
    bits = READER_BITS[network.version]
    first, step = network.network_address, 1 << (network.max_prefixlen - bits)
    for n in range(1 << (bits - network.prefixlen)):
        yield str(first + n * step)


def _note(kind: Kind, about: Block, moderator: Moderator, now: datetime) -> Note:
    told: dict[str, Any] = {
        "block": about.id,
        "blocked": about.kind.value,
        "pattern": about.shown,
        "comment": about.comment_id,
        "verdict": about.verdict.value,
        "reason": about.reason,
        "expires_at": moment(about.expires_at) if about.expires_at else None,
    }
    return Note(kind, moderator.label, moderator.id, now, told, about.comment_id)
