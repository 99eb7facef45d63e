"""Suspicion: the answer came faster than a person reads and types."""

from moderation.domain.finding import Finding, Verdict
from moderation.submission.case import Case


def too_fast(case: Case) -> Finding | None:
    """Hold a comment whose captcha was answered within the site's minimum.

    Only a page has a person's timing: a program that speaks for a reader (no Origin header) may
    fetch the question at the last moment, so there the finding is noted and decides nothing. A
    widget may let the reader's machine work at the last moment too: that tells nothing.
    """
    redemption = case.redemption
    if redemption is None or not redemption.has_timing:
        return None
    elapsed = case.submission.received_at - redemption.issued_at
    minimum = case.submission.site.policy.minimum_answer
    if elapsed >= minimum:
        return None
    return Finding(
        "too_fast",
        Verdict.HOLD if case.submission.is_from_page else Verdict.PUBLISH,
        {"seconds": round(elapsed.total_seconds(), 2), "minimum": minimum.total_seconds()},
    )
