"""Taking decisions back: a new decision that names the old one and restores what was before."""

from collections.abc import Sequence
from datetime import datetime

from moderation.domain.batch import Batch
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.domain.key import Moderator
from moderation.errors import NotUndoable, StaleVersion
from moderation.review.decide import tell
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction


def undo(
    decision_id: str, moderator: Moderator, database: Database, now: datetime
) -> tuple[Decision, Comment]:
    """Take one decision back; the comment stands as before it, and reports wait again.

    Raises:
        NotFound: the site has no such decision, or the author has withdrawn the comment.
        NotUndoable: no person made it, it was taken back before, or it takes one back itself.
        StaleVersion: something else has happened to the comment since.
    """
    with database.transaction() as transaction:
        undone = transaction.decisions.get(decision_id, moderator.site_id)
        if not _is_undoable(undone):
            raise NotUndoable(decision_id)
        comment = transaction.comments.hold_still(undone.comment_id, moderator.site_id)
        history = transaction.decisions.history(comment.id)
        _refuse_if_undone(undone, comment, history)
        decision = _reversal(undone, moderator, history, now)
        after = transaction.decisions.undo_all([(undone, comment, decision)])[0]
        _tell(transaction, now, (decision, after))
    return decision, after


def undo_batch(
    batch_id: str, moderator: Moderator, database: Database, now: datetime
) -> tuple[Batch, int]:
    """Take a whole batch back, and return what did it, with how many comments were left alone.

    Left alone are comments to which something else has happened since: an author's change, another
    person's decision.

    Raises:
        NotFound: the site has no such batch.
        NotUndoable: it was taken back before, or takes one back itself.
    """
    with database.transaction() as transaction:
        undone = transaction.batches.get(batch_id, moderator.site_id)
        if undone.undoes or transaction.batches.is_undone(batch_id):
            raise NotUndoable(batch_id)
        made = {one.comment_id: one for one in transaction.decisions.of_batch(batch_id)}
        standing = [
            comment
            for comment in transaction.comments.lock(list(made), moderator.site_id)
            if comment.version == made[comment.id].from_version + 1
        ]
        batch = _reversing(undone, moderator, len(standing), now)
        transaction.batches.add(batch)
        if standing:
            _undo_all(batch, made, standing, moderator, transaction)
    return batch, len(made) - len(standing)


def _undo_all(
    batch: Batch,
    made: dict[str, Decision],
    standing: list[Comment],
    moderator: Moderator,
    memory: Transaction,
) -> None:
    now = batch.created_at
    histories = memory.decisions.histories([comment.id for comment in standing])
    steps = [
        (made[one.id], one, _reversal(made[one.id], moderator, histories[one.id], now, batch.id))
        for one in standing
    ]
    after = memory.decisions.undo_all(steps)
    reversals = (decision for _, _, decision in steps)
    _tell(memory, now, *zip(reversals, after, strict=True))


def _is_undoable(decision: Decision) -> bool:
    is_ours = decision.key_id is not None and decision.undoes is None
    return is_ours and decision.from_status not in (None, Status.WITHDRAWN)


def _refuse_if_undone(undone: Decision, comment: Comment, history: Sequence[Decision]) -> None:
    if any(later.undoes == undone.id for later in history):
        raise NotUndoable(undone.id)
    if comment.version != undone.from_version + 1:
        raise StaleVersion(comment)


def _reversal(
    undone: Decision,
    moderator: Moderator,
    history: Sequence[Decision],
    now: datetime,
    batch: str | None = None,
) -> Decision:
    """Return the decision that restores the status, and the reason, from before `undone`."""
    if undone.from_status is None:
        raise NotUndoable(undone.id)
    earlier = [one for one in history if one.from_version < undone.from_version]
    return Decision(
        id=new_id(now),
        comment_id=undone.comment_id,
        verdict=undone.from_status.verdict,
        reason=earlier[-1].reason if earlier else None,
        note="",
        moderator=moderator.label,
        key_id=moderator.id,
        from_version=undone.from_version + 1,
        created_at=now,
        from_status=Status.after(undone.verdict),
        undoes=undone.id,
        batch=batch,
    )


def _reversing(undone: Batch, moderator: Moderator, count: int, now: datetime) -> Batch:
    return Batch(
        id=new_id(now),
        site_id=undone.site_id,
        verdict=None,
        reason=None,
        note="",
        moderator=moderator.label,
        key_id=moderator.id,
        count=count,
        undoes=undone.id,
        created_at=now,
    )


def _tell(memory: Transaction, now: datetime, *made: tuple[Decision, Comment]) -> None:
    memory.outbox.put(
        *(
            Event.about(after, EventType.DECISION_UNDONE, now, decision=decision.undoes)
            for decision, after in made
        )
    )
    tell(memory, now, *made)
