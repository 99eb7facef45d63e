"""A reader's report about a comment: kept, counted, and put before a moderator."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from moderation.captcha.desk import Captcha
from moderation.domain.challenge import Answer, Redemption
from moderation.domain.comment import Comment, Judgement, Status
from moderation.domain.decision import SERVICE, Reason, automatic
from moderation.domain.event import Event, EventType
from moderation.domain.finding import Finding, Verdict
from moderation.domain.identifier import new_id
from moderation.domain.member import Member
from moderation.domain.report import Report
from moderation.domain.site import CaptchaMode, Site
from moderation.errors import (
    CaptchaRequired,
    InvalidRequest,
    ModerationError,
    NotFound,
    StaleVersion,
)
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction

REPORTED = "reported"
SUBJECT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a reader has to say about a comment.

    Attributes:
        client: keyed hash of the reader's address.
        member: who it is, as the site vouches; None for anybody.
    """

    comment: Comment
    site: Site
    reason: Reason
    text: str
    client: str
    locale: str
    member: Member | None


def find_reportable(comment_id: str, database: Database) -> tuple[Comment, Site]:
    """Return a comment that readers can see, with its site.

    Raises:
        NotFound: there is none with this id.
    """
    with database.read() as memory:
        comment = memory.comments.get_anywhere(comment_id)
        if comment.status is not Status.PUBLISHED:
            raise NotFound(comment_id)
        return comment, memory.sites.by_id(comment.site_id)


def report(
    complaint: Complaint,
    answer: Answer | None,
    database: Database,
    captcha: Captcha,
    now: datetime,
) -> Report:
    """Keep a report; hold the comment when as many readers report it as the site has chosen.

    Whoever reports the same comment again is thanked again, counted once, and given what they
    reported first; unless it was something else than illegal content, and this is. A text that
    a person has decided about stays published, however many report it: it only comes up the queue.

    Raises:
        InvalidRequest, CaptchaRequired: the captcha is missing.
        CaptchaFailed, CaptchaExpired, CaptchaReplayed: the answer opens nothing.
        StoreUnavailable: the database is away; nothing was kept, the captcha is still good.
    """
    redemption = _redeem(complaint, answer, captcha)
    try:
        with database.transaction() as transaction:
            made = _report(complaint, now)
            n = transaction.reports.add(made)
            reported = replace(complaint.comment, reports=n)
            transaction.outbox.put(
                Event.about(reported, EventType.COMMENT_REPORTED, now, reason=made.reason.value)
            )
            with suppress(StaleVersion):  # somebody decided at this moment: that counts
                _hold_if_many(complaint, n, transaction, now)
            return transaction.reports.by_reader(made.comment_id, made.client)
    except ModerationError:
        if redemption:
            captcha.give_back(redemption)
        raise


def _redeem(complaint: Complaint, answer: Answer | None, captcha: Captcha) -> Redemption | None:
    site, member = complaint.site, complaint.member
    mode = site.policy.captcha
    if mode is CaptchaMode.NEVER or (member and member.is_trusted):
        return None
    if answer is not None:
        return captcha.redeem(site, answer, _subject(complaint))
    if mode is CaptchaMode.UNSURE:
        raise CaptchaRequired(
            captcha.issue(site, complaint.locale, _subject(complaint), complaint.client)
        )
    raise InvalidRequest.at("/captcha", "missing")


def _subject(complaint: Complaint) -> bytes:
    """Return the hash a challenge for this report is bound to."""
    about = f"{complaint.comment.id} {complaint.reason.value} {complaint.text}"
    data = about.encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=SUBJECT_BYTES, person=b"report").digest()


def _report(complaint: Complaint, now: datetime) -> Report:
    return Report(
        id=new_id(now),
        comment_id=complaint.comment.id,
        reason=complaint.reason,
        text=complaint.text,
        client=complaint.client,
        created_at=now,
    )


def _hold_if_many(complaint: Complaint, n: int, memory: Transaction, now: datetime) -> None:
    limit = complaint.site.policy.hold_after_reports
    comment = memory.comments.get_anywhere(complaint.comment.id)
    if limit is None or n < limit or comment.status is not Status.PUBLISHED:
        return
    if memory.decisions.is_text_decided_by_a_person(comment.id):
        return
    finding = Finding(REPORTED, Verdict.HOLD, {"reports": n, "allowed": limit})
    findings = (*comment.findings, finding)
    judgement = Judgement(Verdict.HOLD, findings, comment.score, comment.model)
    after = memory.decisions.rejudge(
        automatic(comment, Verdict.HOLD, SERVICE, now), comment, judgement
    )
    memory.outbox.put(Event.about(after, EventType.COMMENT_HELD, now))
