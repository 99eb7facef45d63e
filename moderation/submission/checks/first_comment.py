"""Suspicion: nobody here knows this author yet."""

from moderation.domain.finding import Finding, Verdict
from moderation.domain.site import Moderation
from moderation.submission.case import Case


def first_comment(case: Case) -> Finding | None:
    """On a pre-moderated site, hold until a comment with this e-mail address was published."""
    if case.submission.site.policy.moderation is Moderation.POST:
        return None
    return None if case.precedents.is_known_author else Finding("first_comment", Verdict.HOLD)
