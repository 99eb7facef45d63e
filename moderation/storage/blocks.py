"""Blocks of each site: made, taken away, and kept for who asks what was."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from moderation.domain.block import Block, BlockKind
from moderation.domain.finding import Verdict
from moderation.errors import NotFound
from moderation.storage.tables.comments import comments
from moderation.storage.tables.decisions import blocks

ADD = insert(blocks)
OF_SITE = select(blocks).where(blocks.c.site_id == bindparam("site_id"))
IN_FORCE = OF_SITE.where(
    blocks.c.removed_at.is_(None),
    or_(blocks.c.expires_at.is_(None), blocks.c.expires_at > bindparam("now")),
).order_by(blocks.c.id)
NEWEST = OF_SITE.order_by(blocks.c.id.desc()).limit(bindparam("most"))
ONE = OF_SITE.where(blocks.c.id == bindparam("block_id"))
REMOVE = (
    update(blocks)
    .where(
        blocks.c.id == bindparam("block_id"),
        blocks.c.site_id == bindparam("of_site"),
        blocks.c.removed_at.is_(None),
    )
    .values(removed_at=bindparam("moment"))
)
SENDER = select(comments.c.client).where(
    comments.c.id == bindparam("comment_id"), comments.c.site_id == bindparam("site_id")
)


class Blocks:
    """Whom and what each site does not want."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, block: Block) -> None:
        """Keep a block."""
        self._connection.execute(ADD, _values(block))

    def in_force(self, site_id: int, now: datetime) -> tuple[Block, ...]:
        """Return what a site blocks at a moment, the oldest first."""
        found = self._connection.execute(IN_FORCE, {"site_id": site_id, "now": now})
        return tuple(map(_block, found))

    def of_site(self, site_id: int, most: int) -> tuple[Block, ...]:
        """Return the latest blocks of a site, expired and removed ones too, the newest first."""
        found = self._connection.execute(NEWEST, {"site_id": site_id, "most": most})
        return tuple(map(_block, found))

    def get(self, block_id: str, site_id: int) -> Block:
        """Return one block of a site.

        Raises:
            NotFound: the site has no such block.
        """
        values = {"block_id": block_id, "site_id": site_id}
        row = self._connection.execute(ONE, values).one_or_none()
        if row is None:
            raise NotFound(block_id)
        return _block(row)

    def remove(self, block_id: str, site_id: int, moment: datetime) -> None:
        """Take a block away; what it was is kept.

        Raises:
            NotFound: the site has no such block, or it was taken away before.
        """
        values = {"block_id": block_id, "of_site": site_id, "moment": moment}
        if not self._connection.execute(REMOVE, values).rowcount:
            raise NotFound(block_id)

    def sender_of(self, comment_id: str, site_id: int) -> str:
        """Return the keyed hash of who sent a comment of a site.

        Raises:
            NotFound: the site has no such comment.
        """
        values = {"comment_id": comment_id, "site_id": site_id}
        sender = self._connection.execute(SENDER, values).scalar_one_or_none()
        if sender is None:
            raise NotFound(comment_id)
        return str(sender)


def _values(block: Block) -> dict[str, Any]:
    return {
        "id": block.id,
        "site_id": block.site_id,
        "kind": block.kind.value,
        "pattern": block.pattern,
        "verdict": block.verdict.value,
        "reason": block.reason,
        "moderator": block.moderator,
        "key_id": block.key_id,
        "created_at": block.created_at,
        "expires_at": block.expires_at,
        "removed_at": block.removed_at,
        "comment_id": block.comment_id,
    }


def _block(row: Row[*tuple[Any, ...]]) -> Block:
    return Block(
        id=row.id,
        site_id=row.site_id,
        kind=BlockKind(row.kind),
        pattern=row.pattern,
        verdict=Verdict(row.verdict),
        reason=row.reason,
        moderator=row.moderator,
        key_id=row.key_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        removed_at=row.removed_at,
        comment_id=row.comment_id,
    )
