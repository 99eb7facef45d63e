"""Suspicion: the same text was sent before."""

from moderation.domain.finding import Finding, Verdict
from moderation.submission.case import Case


def duplicate(case: Case) -> Finding | None:
    """Hold a text that this site received in the last day, wherever and from whomever."""
    return Finding("duplicate", Verdict.HOLD) if case.precedents.is_duplicate else None
