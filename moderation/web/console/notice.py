"""What was just done, told above the page that one is led to, with a way to take it back."""

from dataclasses import dataclass

from flask import request

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.errors import NotFound
from moderation.web.console import session
from moderation.web.context import services

LONGEST = 64


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that somebody has just made, and the comment as it is now."""

    decision: Decision
    comment: Comment

    @property
    def sentence(self) -> str:
        """Name of the sentence that tells of it."""
        return sentence_of(self.decision)

    @property
    def is_undoable(self) -> bool:
        """Tell whether it can be taken back."""
        is_latest = self.comment.version == self.decision.from_version + 1
        return is_latest and is_undoable(self.decision)


def just_done() -> Done | None:
    """Return the decision that the address names, None if it names none of this site."""
    decision_id = request.args.get("done", "")
    if not 0 < len(decision_id) <= LONGEST:
        return None
    site_id = session.here().id
    try:
        with services().database.read() as memory:
            decision = memory.decisions.get(decision_id, site_id)
            return Done(decision, memory.comments.get(decision.comment_id, site_id))
    except NotFound:
        return None


def sentence_of(decision: Decision) -> str:
    """Return the name of the sentence that tells of a decision."""
    if decision.undoes:
        return "undone"
    if is_proposal(decision):
        return "proposed"
    return Status.after(decision.verdict).value


def is_proposal(decision: Decision) -> bool:
    """Tell whether a decision proposes a rejection that another person must confirm."""
    return proposes(decision.verdict, decision.reason)


def proposes(verdict: object, reason: object) -> bool:
    """Tell whether a verdict with this reason proposes a rejection; other holds have no reason."""
    return verdict == "hold" and reason == "ILLEGAL_CONTENT"


def is_undoable(decision: Decision) -> bool:
    """Tell whether a decision is a person's, and not one that takes another back."""
    was = decision.from_status
    is_persons = decision.key_id is not None and decision.undoes is None
    return is_persons and was not in (None, Status.WITHDRAWN)
