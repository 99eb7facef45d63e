"""From a case to a verdict: every check speaks, the worst finding decides, all are kept."""

from collections.abc import Sequence

from moderation.domain.comment import Judgement
from moderation.domain.finding import worst
from moderation.submission.case import Case, Check


def judge(case: Case, checks: Sequence[Check]) -> Judgement:
    """Return the verdict on `case` with the findings that led to it."""
    findings = tuple(finding for check in checks if (finding := check(case)))
    opinion = case.opinion
    return Judgement(
        verdict=worst(findings),
        findings=findings,
        score=opinion.score if opinion else None,
        model=opinion.model if opinion else None,
    )
