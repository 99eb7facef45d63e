"""Suspicion: nobody could tell whether this captcha was used before."""

from moderation.domain.finding import Finding, Verdict
from moderation.submission.case import Case


def captcha_unverified(case: Case) -> Finding | None:
    """Hold when Redis was away, so that a replayed captcha publishes nothing."""
    redemption = case.redemption
    if redemption is None or redemption.is_single_use:
        return None
    return Finding("captcha_unverified", Verdict.HOLD)
