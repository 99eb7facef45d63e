"""Suspicion: more links than people put into a comment."""

import re

from moderation.domain.finding import Finding, Verdict
from moderation.submission.case import Case

LINK = re.compile(r"https?://|\bwww\.|\[url\b|<a\b", re.IGNORECASE)


def too_many_links(case: Case) -> Finding | None:
    """Hold a comment with more links than the site allows."""
    count = len(LINK.findall(case.submission.text))
    allowed = case.submission.site.policy.maximum_links
    if count <= allowed:
        return None
    return Finding("too_many_links", Verdict.HOLD, {"links": count, "allowed": allowed})
