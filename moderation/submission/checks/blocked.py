"""Suspicion: the site has blocked the author, a link, a word, or where the comment comes from."""

from moderation.domain.block import Writing
from moderation.domain.comment import Submission
from moderation.domain.finding import Finding
from moderation.submission.case import Case


def blocked(case: Case) -> Finding | None:
    """Hold or reject what a block catches; of several the severest is told."""
    fence = case.precedents.fence
    if not fence:
        return None
    sent = case.submission
    found = fence.worst(writing_of(sent), sent.received_at)
    if found is None:
        return None
    told = {"kind": found.kind.value, "pattern": found.shown, "block": found.id}
    return Finding("blocked", found.verdict, told)


def writing_of(sent: Submission) -> Writing:
    """Return what blocks look at in a submission."""
    return Writing(
        author=sent.author,
        text=sent.text,
        member=sent.member.id if sent.member else "",
        client=sent.client,
        address=sent.address,
    )
