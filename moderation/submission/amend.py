"""What authors may do with their own comment for a while: change its text, withdraw it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from moderation.domain.block import ABOUT_WRITING
from moderation.domain.comment import Comment, Judgement, Status, Submission
from moderation.domain.decision import AUTHOR, automatic
from moderation.domain.event import Event, EventType
from moderation.domain.finding import Finding, Verdict, worst
from moderation.domain.member import Member
from moderation.domain.site import CaptchaMode, Site
from moderation.errors import EditClosed, Unauthenticated
from moderation.storage.database import Database
from moderation.storage.steps import Amendment
from moderation.storage.transaction import Transaction
from moderation.submission.case import Case, Precedents
from moderation.submission.fingerprint import fingerprint
from moderation.submission.gate import is_plain
from moderation.submission.judge import judge
from moderation.submission.receipt import EditTokens, Receipt
from moderation.submission.rendering import render
from moderation.submission.submit import DUPLICATE_WINDOW, Desk

STILL_HELD = "edited_while_held"
IN_DOUBT = "edited_in_doubt"
BLOCKED = "blocked"
Changed = TypeVar("Changed")
ABOUT_TEXT = frozenset(
    {"spam_score", "unscored", "too_many_links", "blocked_word", "duplicate", STILL_HELD, IN_DOUBT}
)


@dataclass(frozen=True, slots=True)
class Own:
    """A comment in the hands of its author.

    Attributes:
        token: what proves it.
    """

    comment: Comment
    site: Site
    token: str


def find_own(comment_id: str, token: str, database: Database, tokens: EditTokens) -> Own:
    """Return the comment that `token` was given for.

    Raises:
        Unauthenticated: the token is not that comment's.
        NotFound: its author has withdrawn it.
    """
    if not tokens.verify(comment_id, token):
        raise Unauthenticated
    with database.read() as memory:
        comment = memory.comments.get_anywhere(comment_id)
        return Own(comment, memory.sites.by_id(comment.site_id), token)


def is_open(own: Own, now: datetime) -> bool:
    """Tell whether the author may still change it: that is a matter of the site's window alone.

    What moderators have decided changes nothing here, or authors would learn of it.
    """
    return now - own.comment.created_at < own.site.policy.edit_window


def amend(own: Own, text: str, desk: Desk, now: datetime) -> Receipt:
    """Replace the text; it is judged again, and never better than it stood before.

    A comment that waits goes on waiting: otherwise trying texts would show where the thresholds
    are. Of changes at the same moment each is judged on what the one before has left, and of
    comments changed to the same text all but the first as repeats.

    Raises:
        EditClosed: the window is over.
        StoreUnavailable: the database is away, or the others take longer than it waits for a lock.
    """
    _refuse_if_closed(own, now)
    mark = fingerprint(desk.fold(text))
    case = _case(own, text, desk, now)
    amendment = Amendment(text, render(text), mark)

    def change(comment: Comment, transaction: Transaction) -> Comment:
        judgement = _judge(_with_repeats(case, comment, mark, transaction), desk)
        again = _no_better(judgement, comment)
        decision = automatic(comment, again.verdict, AUTHOR, now)
        after = transaction.decisions.amend(decision, comment, again, amendment)
        transaction.outbox.put(*_events(comment, after, now))
        return after

    after = _carry_out(change, own, desk.database)
    return Receipt(after, after.status is Status.PUBLISHED, own.token)


def withdraw(own: Own, desk: Desk, now: datetime) -> None:
    """Empty the comment: its text and its author's name are gone for good, the replies stay.

    Raises:
        EditClosed: the window is over.
        StoreUnavailable: as `amend` does.
    """
    _refuse_if_closed(own, now)
    _carry_out(
        lambda comment, transaction: transaction.decisions.withdraw(comment, now),
        own,
        desk.database,
    )


def _events(before: Comment, after: Comment, now: datetime) -> Iterator[Event]:
    yield Event.about(after, EventType.COMMENT_EDITED, now)
    if after.status is not before.status:
        yield Event.about(after, EventType.after(after.status), now)


def _refuse_if_closed(own: Own, now: datetime) -> None:
    if not is_open(own, now):
        raise EditClosed(own.comment.id)


def _carry_out(
    change: Callable[[Comment, Transaction], Changed], own: Own, database: Database
) -> Changed:
    """Change the comment as it stands, after those who change it at the same moment."""
    with database.transaction() as transaction:
        return change(transaction.comments.hold_still(own.comment.id), transaction)


def _case(own: Own, text: str, desk: Desk, now: datetime) -> Case:
    """Return the comment as if it were sent now, without what only a first sending has."""
    comment = own.comment
    submission = Submission(
        site=own.site,
        thread_url=comment.thread_url,
        thread_title=comment.thread_title,
        parent=comment.parent,
        author=comment.author,
        text=text,
        honeypot="",
        client="",
        locale=comment.locale,
        is_from_page=False,
        received_at=now,
        member=Member(comment.member, comment.author.name) if comment.member else None,
    )
    precedents = Precedents(None, False, True, fence=desk.fence_of(own.site.id))
    opinion = desk.model.opinion(text, comment.locale, comment.author)
    return Case(submission, precedents, None, opinion)


def _with_repeats(case: Case, comment: Comment, mark: str, transaction: Transaction) -> Case:
    is_duplicate = transaction.fingerprints.is_known_for_good(
        comment.site_id, mark, case.submission.received_at - DUPLICATE_WINDOW, comment.id
    )
    return replace(case, precedents=replace(case.precedents, is_duplicate=is_duplicate))


def _judge(case: Case, desk: Desk) -> Judgement:
    """Judge, and hold what would have been asked for a captcha, had it been sent so at first."""
    judgement = judge(case, desk.checks)
    if case.submission.site.policy.captcha is not CaptchaMode.UNSURE or is_plain(case, judgement):
        return judgement
    findings = (*judgement.findings, Finding(IN_DOUBT, Verdict.HOLD))
    return replace(judgement, verdict=worst(findings), findings=findings)


def _no_better(judgement: Judgement, comment: Comment) -> Judgement:
    """Keep what was found about more than the text, and at least the verdict it stood under."""
    kept = tuple(finding for finding in comment.findings if not _is_judged_again(finding))
    findings = (*judgement.findings, *kept)
    before = comment.status.verdict
    if worst(findings).severity < before.severity:
        findings = (*findings, Finding(STILL_HELD, before))
    return replace(judgement, verdict=worst(findings), findings=findings)


def _is_judged_again(finding: Finding) -> bool:
    """Tell whether an edit is asked about this anew: about the text, not about who sent it."""
    if finding.code == BLOCKED:
        return finding.data["kind"] in ABOUT_WRITING
    return finding.code in ABOUT_TEXT
