"""The path of one comment, top to bottom: gates, judgement, memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from moderation.blocking.fence import Fence
from moderation.captcha.desk import Captcha
from moderation.domain.challenge import Answer
from moderation.domain.comment import Comment, Judgement, Status, Submission
from moderation.domain.event import Event, EventType
from moderation.domain.identifier import new_id
from moderation.errors import InvalidRequest, ModerationError, NotFound, ThreadClosed
from moderation.spam import SpamModel
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction
from moderation.submission.case import Case, Check, Precedents
from moderation.submission.fingerprint import fingerprint
from moderation.submission.gate import ask_if_unsure, redeem
from moderation.submission.judge import judge
from moderation.submission.receipt import EditTokens, Receipt
from moderation.submission.rendering import render
from moderation.submission.trust import recognise

DUPLICATE_WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """What taking in a comment needs.

    Attributes:
        fence_of: gives the blocks of the site with this number, None for none.
    """

    database: Database
    captcha: Captcha
    model: SpamModel
    checks: Sequence[Check]
    edit_tokens: EditTokens
    fold: Callable[[str], str]
    fence_of: Callable[[int], Fence | None]


Keep = Callable[[Transaction, Comment], None]


def submit(
    submission: Submission, answer: Answer | None, desk: Desk, also_keep: Keep | None = None
) -> Receipt:
    """Take in one comment: gates, then judgement, then memory.

    What memory knows is read first, so that a closed page or an unreachable database costs the
    reader no captcha; a captcha spent on a comment that could not be kept is given back.
    `also_keep` writes in the transaction that keeps the comment: both are kept, or neither.

    Raises:
        InvalidRequest: the parent is not here, or the captcha is missing or not a number.
        CaptchaRequired: none was sent, and the comment is not plain ham.
        ThreadClosed: the page is too old.
        CaptchaFailed, CaptchaExpired, CaptchaReplayed: the answer opens nothing.
        StoreUnavailable: the database is away; nothing was kept, the captcha is still good.
    """
    mark = fingerprint(desk.fold(submission.text))
    precedents = _recall(submission, mark, desk)
    redemption = redeem(submission, answer, desk.captcha)
    opinion = desk.model.opinion(submission.text, submission.locale, submission.author)
    case = Case(submission, precedents, redemption, opinion)
    try:
        comment = _take_in(case, answer, mark, desk, also_keep)
    except ModerationError:
        if redemption:
            desk.captcha.give_back(redemption)
        raise
    return Receipt(comment, comment.status is Status.PUBLISHED, desk.edit_tokens.sign(comment.id))


def _recall(submission: Submission, mark: str, desk: Desk) -> Precedents:
    site = submission.site
    since = submission.received_at - DUPLICATE_WINDOW
    fence = desk.fence_of(site.id)
    with desk.database.read() as memory:
        thread = memory.threads.by_url(site.id, submission.thread_url)
        if thread and thread.is_closed(submission.received_at, site.policy.close_after):
            raise ThreadClosed(submission.thread_url)
        if submission.parent:
            _refuse_unknown_parent(submission, submission.parent, memory)
        is_known, published = recognise(submission, memory)
        return Precedents(
            thread=thread,
            is_duplicate=memory.fingerprints.is_known(site.id, mark, since),
            is_known_author=is_known,
            published=published,
            fence=fence,
        )


def _refuse_unknown_parent(submission: Submission, parent: str, memory: Transaction) -> None:
    try:
        comment = memory.comments.get(parent, submission.site.id)
    except NotFound as error:
        raise InvalidRequest.at("/parent", "unknown_parent") from error
    if comment.status is not Status.PUBLISHED or comment.thread_url != submission.thread_url:
        raise InvalidRequest.at("/parent", "unknown_parent")


def _take_in(
    case: Case, answer: Answer | None, mark: str, desk: Desk, also_keep: Keep | None
) -> Comment:
    """Judge, and remember; judge anew if the same text has come in since memory was read."""
    judgement = judge(case, desk.checks)
    if answer is None:
        ask_if_unsure(case, judgement, desk.captcha)
    with desk.database.transaction() as transaction:
        if case.precedents.is_duplicate or not _has_come_in(case.submission, mark, transaction):
            comment = _remember(case, judgement, mark, transaction)
            if also_keep:
                also_keep(transaction, comment)
            return comment
    precedents = replace(case.precedents, is_duplicate=True)
    return _take_in(replace(case, precedents=precedents), answer, mark, desk, also_keep)


def _has_come_in(submission: Submission, mark: str, transaction: Transaction) -> bool:
    since = submission.received_at - DUPLICATE_WINDOW
    return transaction.fingerprints.is_known_for_good(submission.site.id, mark, since)


def _remember(case: Case, judgement: Judgement, mark: str, transaction: Transaction) -> Comment:
    submission = case.submission
    comment = transaction.comments.add(
        submission,
        judgement,
        comment_id=new_id(submission.received_at),
        html=render(submission.text),
        fingerprint=mark,
        thread=case.precedents.thread,
    )
    transaction.outbox.put(
        *(
            Event.about(comment, kind, submission.received_at)
            for kind in (EventType.COMMENT_RECEIVED, EventType.after(comment.status))
        )
    )
    return comment
