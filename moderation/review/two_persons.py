"""The two-person rule: what is rejected as illegal content was seen by two people.

A first moderator's rejection holds the comment, so that nobody reads it meanwhile; when another
one decides the same, it is rejected. Who has been given another role meanwhile is still the same.
What was rejected for another reason comes back into the queue, where a second person finds it.
"""

from collections.abc import Collection, Sequence

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision, Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Moderator
from moderation.errors import SecondPersonNeeded
from moderation.storage.transaction import Transaction

ILLEGAL = Reason.ILLEGAL_CONTENT


def verdicts_for(
    comments: Sequence[Comment],
    verdict: Verdict,
    reason: Reason | None,
    moderator: Moderator,
    memory: Transaction,
) -> list[Verdict]:
    """Return what a moderator's verdict comes to under the site's rule, for each comment.

    Args:
        comments: of one site, locked.

    Raises:
        SecondPersonNeeded: the same moderator has proposed it; another one must confirm it.
    """
    if not comments or (verdict, reason) != (Verdict.REJECT, ILLEGAL):
        return [verdict] * len(comments)
    if not memory.sites.by_id(comments[0].site_id).policy.two_person_rule:
        return [verdict] * len(comments)
    histories = memory.decisions.histories([one.id for one in comments])
    own = memory.keys.ever_of(moderator)
    return [_confirmed(one, histories.get(one.id, ()), own) for one in comments]


def _confirmed(comment: Comment, history: Sequence[Decision], own: Collection[int]) -> Verdict:
    if comment.status is Status.REJECTED and history and history[-1].reason is ILLEGAL:
        return Verdict.REJECT  # two have agreed already; a third who does changes nothing
    proposal = _proposal(comment, history)
    if proposal is None:
        return Verdict.HOLD
    if proposal.key_id in own:
        raise SecondPersonNeeded(comment.id)
    return Verdict.REJECT


def _proposal(comment: Comment, history: Sequence[Decision]) -> Decision | None:
    """Return the latest decision about a comment, if it proposes to reject it as illegal."""
    if not history or history[-1].from_version + 1 != comment.version:
        return None
    last = history[-1]
    is_proposal = (last.verdict, last.reason) == (Verdict.HOLD, ILLEGAL)
    return last if is_proposal and last.key_id is not None and last.undoes is None else None
