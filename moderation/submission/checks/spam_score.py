"""Suspicion: the classifier finds the text likely to be spam."""

from moderation.domain.finding import Finding, Verdict
from moderation.domain.site import Policy
from moderation.spam import Opinion
from moderation.submission.case import Case

UNSCORED = "unscored"
DIGITS = 4  # of the score kept in a finding


def spam_score(case: Case) -> Finding | None:
    """Hold or reject a likely spam; without an opinion, hold until a model is back."""
    if case.opinion is None:
        return Finding(UNSCORED, Verdict.HOLD)
    return weigh(case.opinion, case.submission.site.policy)


def weigh(opinion: Opinion, policy: Policy) -> Finding | None:
    """Hold `opinion` against the site's thresholds, or the model's where the site has none."""
    reject = opinion.reject if policy.reject_above is None else policy.reject_above
    hold = opinion.hold if policy.hold_above is None else policy.hold_above
    if opinion.score >= reject:
        return _finding(Verdict.REJECT, opinion.score, reject)
    if opinion.score >= hold:
        return _finding(Verdict.HOLD, opinion.score, hold)
    return None


def _finding(verdict: Verdict, score: float, threshold: float) -> Finding:
    return Finding(
        "spam_score",
        verdict,
        {"score": round(score, DIGITS), "threshold": round(threshold, DIGITS)},
    )
