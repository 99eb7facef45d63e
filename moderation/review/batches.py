"""Many comments at once: first how many and which, then all of them or none."""

from dataclasses import dataclass, replace
from datetime import datetime

from moderation.domain.batch import Batch
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Moderator
from moderation.errors import BatchTooLarge, NotFound
from moderation.review.decide import Ruling, ruled, tell
from moderation.review.two_persons import verdicts_for
from moderation.storage.database import Database
from moderation.storage.listing import Listing
from moderation.storage.transaction import Transaction

LARGEST = 2000  # comments; while they are changed on SQLite, nobody else can write
SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Selection:
    """Which comments a batch is about: those named, or all that a listing finds."""

    site_id: int
    ids: tuple[str, ...] = ()
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a batch would change.

    Attributes:
        sample: the first of them.
    """

    count: int
    sample: tuple[Comment, ...]


def preview(selection: Selection, database: Database) -> Preview:
    """Tell how many comments a batch would change, and show the first of them.

    Raises:
        NotFound: one of those named is not on the site.
        BatchTooLarge: there are more than one batch may change.
    """
    with database.read() as memory:
        ids = _chosen(selection, memory)
        sample = [memory.comments.get(one, selection.site_id) for one in ids[:SAMPLE]]
        if len(ids) > SAMPLE:
            _refuse_unknown(selection, ids, memory)
    return Preview(len(ids), tuple(sample))


def decide_all(
    selection: Selection,
    verdict: Verdict,
    reason: Reason | None,
    note: str,
    moderator: Moderator,
    database: Database,
    now: datetime,
) -> tuple[Batch, tuple[Comment, ...]]:
    """Decide the same about all comments of a selection, in one transaction.

    Returns the batch, and the first of the comments after it. Withdrawn comments are passed over.

    Raises:
        InvalidRequest: a rejection without a reason.
        NotFound: one of those named is not on the site; nothing was done.
        BatchTooLarge: there are more than one batch may change; nothing was done.
        SecondPersonNeeded: another moderator must confirm one of them; nothing was done.
    """
    ruling = Ruling(verdict, reason, note, version=1)
    batch = _batch(selection.site_id, ruling, moderator, now)
    with database.transaction() as transaction:
        ids = _chosen(selection, transaction)
        locked = transaction.comments.lock(ids, selection.site_id)
        if selection.ids and len(locked) != len(ids):
            raise NotFound("a comment of the batch")
        wanted = set(_chosen(selection, transaction))  # what waited for a lock may have changed
        standing = [
            one for one in locked if one.id in wanted and one.status is not Status.WITHDRAWN
        ]
        batch = replace(batch, count=len(standing))
        after = _carry_out(batch, ruling, standing, moderator, transaction)
        transaction.batches.add(batch)
    return batch, tuple(after[:SAMPLE])


def _carry_out(
    batch: Batch,
    ruling: Ruling,
    standing: list[Comment],
    moderator: Moderator,
    memory: Transaction,
) -> list[Comment]:
    if not standing:
        return []
    now = batch.created_at
    verdicts = verdicts_for(standing, ruling.verdict, ruling.reason, moderator, memory)
    made = [
        ruled(one, replace(ruling, version=one.version), verdict, moderator, now, batch.id)
        for one, verdict in zip(standing, verdicts, strict=True)
    ]
    after = memory.decisions.decide_all(list(zip(made, standing, strict=True)))
    tell(memory, now, *zip(made, after, strict=True))
    return after


def _chosen(selection: Selection, memory: Transaction) -> list[str]:
    if selection.listing is None:
        ids = list(dict.fromkeys(selection.ids))
    else:
        ids = memory.comments.ids(replace(selection.listing, cursor=None, limit=LARGEST + 1))
    if len(ids) > LARGEST:
        raise BatchTooLarge(LARGEST)
    return ids


def _refuse_unknown(selection: Selection, ids: list[str], memory: Transaction) -> None:
    if selection.ids and memory.comments.how_many(ids, selection.site_id) != len(ids):
        raise NotFound("a comment of the batch")


def _batch(site_id: int, ruling: Ruling, moderator: Moderator, now: datetime) -> Batch:
    return Batch(
        id=new_id(now),
        site_id=site_id,
        verdict=ruling.verdict,
        reason=ruling.reason,
        note=ruling.note,
        moderator=moderator.label,
        key_id=moderator.id,
        count=0,
        undoes=None,
        created_at=now,
    )
