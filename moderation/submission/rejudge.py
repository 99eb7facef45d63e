"""A second judgement for comments that came in while no model could score them."""

from contextlib import suppress
from datetime import datetime

from moderation.domain.comment import Comment, Judgement
from moderation.domain.decision import SERVICE, automatic
from moderation.domain.event import Event, EventType
from moderation.domain.finding import Finding, worst
from moderation.domain.site import Policy
from moderation.errors import StaleVersion
from moderation.spam import Opinion, SpamModel
from moderation.storage.database import Database
from moderation.submission.checks.spam_score import UNSCORED, weigh

BATCH = 100


def rejudge_unscored(database: Database, model: SpamModel, now: datetime) -> int:
    """Score the comments held as `unscored` that no person has decided, oldest first.

    The spam finding takes the place of `unscored`; what the other checks found still counts.

    Returns:
        How many comments were judged again; 0 also when there is still no model.
    """
    if model.version is None:
        return 0
    with database.read() as memory:
        waiting = memory.arrivals.unscored(BATCH)
        policies = {site.id: site.policy for site in memory.sites.all()}
    judged = 0
    for comment in waiting:
        opinion = model.opinion(comment.text, comment.locale, comment.author)
        if opinion is None:
            break
        judgement = _again(comment, opinion, policies[comment.site_id])
        with suppress(StaleVersion), database.transaction() as transaction:
            after = transaction.decisions.rejudge(
                automatic(comment, judgement.verdict, SERVICE, now), comment, judgement
            )
            if after.status is not comment.status:
                transaction.outbox.put(Event.about(after, EventType.after(after.status), now))
            judged += 1
    return judged


def _again(comment: Comment, opinion: Opinion, policy: Policy) -> Judgement:
    spam = weigh(opinion, policy)
    kept = tuple(finding for finding in comment.findings if finding.code != UNSCORED)
    findings: tuple[Finding, ...] = (spam, *kept) if spam else kept
    return Judgement(worst(findings), findings, opinion.score, opinion.model)
