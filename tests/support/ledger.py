"""What should have come of moderators' decisions: the model that a property test compares with."""

from dataclasses import dataclass, field

from moderation.domain.comment import Status
from moderation.domain.decision import Label, Reason
from moderation.domain.finding import Verdict

ILLEGAL = (Verdict.REJECT, Reason.ILLEGAL_CONTENT)


@dataclass
class Made:
    """What the model knows of a decision."""

    verdict: Verdict
    reason: Reason | None
    by: int | None  # which person; None for an author's edit
    was: Status
    resolved: set[int]  # readers whose reports it has settled
    id: str = ""
    undoes: "Made | None" = None
    is_undone: bool = False


@dataclass
class Known:
    """What the model knows of a comment."""

    id: str
    status: Status
    made: list[Made] = field(default_factory=list)
    withdrawals: int = 0
    open: set[int] = field(default_factory=set)
    reporters: set[int] = field(default_factory=set)

    @property
    def version(self):
        return 1 + len(self.made) + self.withdrawals

    @property
    def reason(self):
        return self.made[-1].reason if self.made else None

    def comes_to(self, verdict, reason, person):
        """The verdict under the two-person rule; None if another person is needed."""
        if (verdict, reason) != ILLEGAL:
            return verdict
        last = self.made[-1] if self.made else None
        is_proposed = last and not last.undoes and last.by is not None
        if not (is_proposed and (last.verdict, last.reason) == (Verdict.HOLD, reason)):
            return Verdict.HOLD
        return None if last.by == person else verdict

    def decide(self, verdict, reason, person, decision_id):
        self.made.append(Made(verdict, reason, person, self.status, self.open, decision_id))
        self.status, self.open = Status.after(verdict), set()
        return self.made[-1]

    def undo(self, undone, person):
        earlier = self.made[: self.made.index(undone)]
        reason = earlier[-1].reason if earlier else None
        undone.is_undone = True
        verdict = undone.was.verdict
        self.made.append(Made(verdict, reason, person, self.status, set(), undoes=undone))
        self.status, self.open = undone.was, self.open | undone.resolved

    def is_undoable(self, undone):
        return self.made[-1] is undone and not self.withdrawals

    @property
    def label(self):
        standing = [m for m in self.made if m.by is not None and not m.undoes and not m.is_undone]
        if not standing or self.status is Status.WITHDRAWN:
            return None
        return Label.of(standing[-1].verdict, standing[-1].reason)
