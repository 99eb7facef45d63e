"""Spam comes in waves, and moderators answer a wave with one batch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from moderation.domain.batch import Batch
from moderation.domain.decision import Decision, Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.newsroom.fates import undo
from moderation.storage.seeding import Past

SMALLEST = 2
UNDO_AFTER = timedelta(minutes=3)
UNDONE = 0.1


def gathered(pasts: Sequence[Past], now: datetime, rng: Random) -> tuple[list[Past], list[Batch]]:
    """Make batches of the spam that was rejected on one day, and sometimes take one back.

    Whoever decided the last of them decides them all, at that moment.
    """
    waves: defaultdict[tuple[int, date], list[int]] = defaultdict(list)
    for place, past in enumerate(pasts):
        if _is_of_a_wave(past):
            day = past.decisions[0].created_at.date()
            waves[past.comment.site_id, day].append(place)
    changed, batches = list(pasts), []
    for (site_id, _), places in waves.items():
        if len(places) < SMALLEST:
            continue
        made = [pasts[place].decisions[0] for place in places]
        batch = _batch(site_id, max(made, key=lambda one: one.created_at), len(made))
        is_undone = rng.random() < UNDONE and batch.created_at + UNDO_AFTER < now
        reversal = _reversal(batch) if is_undone else None
        batches += [batch, reversal] if reversal else [batch]
        for place in places:
            changed[place] = _joined(pasts[place], batch, reversal)
    return changed, batches


def _is_of_a_wave(past: Past) -> bool:
    if len(past.decisions) != 1 or past.reports:
        return False
    (made,) = past.decisions
    return made.verdict is Verdict.REJECT and made.reason is Reason.SPAM


def _joined(past: Past, batch: Batch, reversal: Batch | None) -> Past:
    made = replace(
        past.decisions[0],
        id=new_id(batch.created_at),
        moderator=batch.moderator,
        key_id=batch.key_id,
        note="",
        created_at=batch.created_at,
        batch=batch.id,
    )
    if reversal is None:
        return replace(past, decisions=(made,))
    back = undo(made, reversal.moderator, reversal.key_id, reversal.created_at, reversal.id)
    return replace(past, decisions=(made, back))


def _batch(site_id: int, last: Decision, count: int) -> Batch:
    return Batch(
        id=new_id(last.created_at),
        site_id=site_id,
        verdict=Verdict.REJECT,
        reason=Reason.SPAM,
        note="",
        moderator=last.moderator,
        key_id=last.key_id or 0,
        count=count,
        undoes=None,
        created_at=last.created_at,
    )


def _reversal(batch: Batch) -> Batch:
    moment = batch.created_at + UNDO_AFTER
    return replace(
        batch, id=new_id(moment), verdict=None, reason=None, undoes=batch.id, created_at=moment
    )
