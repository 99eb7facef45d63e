"""Suspicion: nobody here knows this author yet."""

from moderation.domain.finding import Finding, Verdict
from moderation.domain.site import Moderation
from moderation.submission.case import Case


def first_comment(case: Case) -> Finding | None:
    """On a pre-moderated site, hold what newcomers write.

    A newcomer is whoever has no published comment with this e-mail address; where the site trusts
    after a number of comments, whoever is no member with as many of them published.
    """
    policy, precedents = case.submission.site.policy, case.precedents
    if policy.moderation is Moderation.POST or precedents.is_known_author:
        return None
    if policy.trust_after is None:
        return Finding("first_comment", Verdict.HOLD)
    missing = {"published": precedents.published, "needed": policy.trust_after}
    return Finding("first_comment", Verdict.HOLD, missing)
