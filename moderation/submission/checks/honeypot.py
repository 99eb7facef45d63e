"""Suspicion: the field that no person sees was filled in."""

from moderation.domain.finding import Finding, Verdict
from moderation.submission.case import Case


def honeypot(case: Case) -> Finding | None:
    """Reject what only a program could have sent."""
    return Finding("honeypot", Verdict.REJECT) if case.submission.honeypot.strip() else None
