"""What became of a comment: who reported it, who decided, who took that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision, Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Moderator
from moderation.domain.report import Report
from moderation.newsroom.hours import DAYS
from moderation.newsroom.people import client
from moderation.newsroom.phrases import COMPLAINTS, NOTES
from moderation.newsroom.texts import Nature

PERIOD = timedelta(days=DAYS)
UNDO_MINUTES = 20.0
DECIDE_MINUTES = 55.0
REPORT_MINUTES = 180.0

MISTAKES = 0.04
UNDONE = 0.025
DECIDED_AGAIN = 0.7
REPORTED = {Nature.HAM: 0.004, Nature.SPAM: 0.35, Nature.RUDE: 0.3}
LOOKED_AT = {Nature.HAM: 0.001, Nature.SPAM: 0.3, Nature.RUDE: 0.15}  # published, nobody reported
REPORT_HANDLED = 0.75
CORRECTED = {Nature.HAM: 0.6, Nature.SPAM: 0.03, Nature.RUDE: 0.1}  # rejected by the service

REASONS = {
    Nature.SPAM: (Reason.SPAM, Reason.SPAM, Reason.SPAM, Reason.AD),
    Nature.RUDE: (Reason.ABUSIVE, Reason.OFFENSIVE, Reason.HATE_SPEECH, Reason.OTHER),
    Nature.HAM: (Reason.OFF_TOPIC, Reason.MISINFORMATION, Reason.PERSONAL_DATA),
}
COMPLAINED = {
    Nature.SPAM: (Reason.SPAM,),
    Nature.RUDE: (Reason.OFFENSIVE, Reason.HARASSMENT_BULLYING, Reason.HATE_SPEECH),
    Nature.HAM: (Reason.MISINFORMATION, Reason.OFF_TOPIC, Reason.ILLEGAL_CONTENT),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a comment: decisions and reports, the oldest first."""

    decisions: tuple[Decision, ...] = ()
    reports: tuple[Report, ...] = ()


NOTHING = Fate()


class Future:
    """Tells what becomes of comments until `now`, with the moderators there are.

    On average 45 % of the comments that wait are still waiting, the recent ones above all.
    """

    def __init__(self, crew: Sequence[Moderator], now: datetime, rng: Random) -> None:
        self._crew = crew
        self._now = now
        self._rng = rng

    def of(self, comment: Comment, nature: Nature) -> Fate:
        """Return what becomes of a comment."""
        reported = self._reports(comment, nature)
        if not reported and self._rng.random() >= self._chance(comment, nature):
            return NOTHING
        after = reported[-1].created_at if reported else comment.created_at
        is_left = bool(reported) and self._rng.random() >= REPORT_HANDLED
        decisions = () if is_left else tuple(self._decisions(comment, nature, after))
        if not decisions or decisions[-1].undoes:
            return Fate(decisions, reported)
        return Fate(decisions, _resolved(reported, decisions[-1].created_at))

    def _chance(self, comment: Comment, nature: Nature) -> float:
        """Return how likely a person decides about a comment that nobody has reported."""
        if comment.status is Status.HELD:
            recent = 1 - (self._now - comment.created_at) / PERIOD
            return 0.7 - 0.6 * recent**3
        return (LOOKED_AT if comment.status is Status.PUBLISHED else CORRECTED)[nature]

    def _reports(self, comment: Comment, nature: Nature) -> tuple[Report, ...]:
        is_seen = comment.status is Status.PUBLISHED
        if not is_seen or self._rng.random() >= REPORTED[nature]:
            return ()
        moments = sorted(
            self._later(comment.created_at, REPORT_MINUTES)
            for _ in range(self._rng.choice((1, 1, 1, 2, 2, 3, 4)))
        )
        return tuple(
            Report(
                id=new_id(moment),
                comment_id=comment.id,
                reason=self._rng.choice(COMPLAINED[nature]),
                text=self._rng.choice(COMPLAINTS),
                client=client(self._rng),
                created_at=moment,
            )
            for moment in moments
            if moment < self._now
        )

    def _decisions(self, comment: Comment, nature: Nature, after: datetime) -> list[Decision]:
        is_good = (nature is Nature.HAM) ^ (self._rng.random() < MISTAKES)
        moment = self._later(after, DECIDE_MINUTES)
        if moment >= self._now:
            return []
        made = [self._decision(comment, is_good, nature, moment)]
        undone = self._later(moment, UNDO_MINUTES)
        if self._rng.random() < UNDONE and undone < self._now:
            who = self._rng.choice(self._crew)
            made.append(undo(made[0], who.label, who.id, undone))
            again = self._later(undone, DECIDE_MINUTES)
            if self._rng.random() < DECIDED_AGAIN and again < self._now:
                made.append(self._decision(comment, not is_good, nature, again, version=3))
        return made

    def _decision(
        self, comment: Comment, is_good: bool, nature: Nature, moment: datetime, version: int = 1
    ) -> Decision:
        who = self._rng.choice(self._crew)
        return Decision(
            id=new_id(moment),
            comment_id=comment.id,
            verdict=Verdict.PUBLISH if is_good else Verdict.REJECT,
            reason=None if is_good else self._rng.choice(REASONS[nature]),
            note=self._rng.choice(NOTES),
            moderator=who.label,
            key_id=who.id,
            from_version=version,
            created_at=moment,
            from_status=comment.status,
        )

    def _later(self, moment: datetime, minutes: float) -> datetime:
        return moment + timedelta(minutes=self._rng.expovariate(1 / minutes), seconds=20)


def undo(
    former: Decision, moderator: str, key_id: int, moment: datetime, batch: str | None = None
) -> Decision:
    """Return the decision that takes a comment's first one back."""
    return Decision(
        id=new_id(moment),
        comment_id=former.comment_id,
        verdict=(former.from_status or Status.HELD).verdict,
        reason=None,
        note="",
        moderator=moderator,
        key_id=key_id,
        from_version=former.from_version + 1,
        created_at=moment,
        from_status=Status.after(former.verdict),
        undoes=former.id,
        batch=batch,
    )


def _resolved(reported: Sequence[Report], moment: datetime) -> tuple[Report, ...]:
    return tuple(
        Report(r.id, r.comment_id, r.reason, r.text, r.client, r.created_at, moment)
        for r in reported
    )
