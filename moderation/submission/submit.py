"""The path of one comment, top to bottom: gates, judgement, memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from moderation.captcha.desk import Captcha
from moderation.domain.challenge import Answer, Redemption
from moderation.domain.comment import Comment, Judgement, Status, Submission
from moderation.domain.identifier import new_id
from moderation.domain.site import CaptchaMode, Moderation
from moderation.errors import InvalidRequest, ModerationError, NotFound, ThreadClosed
from moderation.spam import SpamModel
from moderation.storage.database import Database, Transaction
from moderation.submission.case import Case, Check, Precedents
from moderation.submission.fingerprint import fingerprint
from moderation.submission.judge import judge
from moderation.submission.receipt import EditTokens, Receipt
from moderation.submission.rendering import render

DUPLICATE_WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """What taking in a comment needs."""

    database: Database
    captcha: Captcha
    model: SpamModel
    checks: Sequence[Check]
    edit_tokens: EditTokens
    fold: Callable[[str], str]


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
        ThreadClosed: the page is too old.
        CaptchaFailed, CaptchaExpired, CaptchaReplayed: the answer opens nothing.
        StoreUnavailable: the database is away; nothing was kept, the captcha is still good.
    """
    mark = fingerprint(desk.fold(submission.text))
    precedents = _recall(submission, mark, desk.database)
    redemption = _redeem(submission, answer, desk)
    opinion = desk.model.opinion(submission.text, submission.locale, submission.author)
    case = Case(submission, precedents, redemption, opinion)
    judgement = judge(case, desk.checks)
    try:
        comment = _remember(case, judgement, mark, desk.database, also_keep)
    except ModerationError:
        if redemption:
            desk.captcha.give_back(redemption)
        raise
    return Receipt(comment, comment.status is Status.PUBLISHED, desk.edit_tokens.sign(comment.id))


def _recall(submission: Submission, mark: str, database: Database) -> Precedents:
    site, author = submission.site, submission.author
    since = submission.received_at - DUPLICATE_WINDOW
    with database.read() as memory:
        thread = memory.threads.by_url(site.id, submission.thread_url)
        if thread and thread.is_closed(submission.received_at, site.policy.close_after):
            raise ThreadClosed(submission.thread_url)
        if submission.parent:
            _refuse_unknown_parent(submission, submission.parent, memory)
        return Precedents(
            thread=thread,
            is_duplicate=bool(mark) and memory.comments.has_duplicate(site.id, mark, since),
            is_known_author=site.policy.moderation is Moderation.PRE
            and memory.authors.is_known(site.id, author.email),
        )


def _refuse_unknown_parent(submission: Submission, parent: str, memory: Transaction) -> None:
    try:
        comment = memory.comments.get(parent, submission.site.id)
    except NotFound as error:
        raise InvalidRequest.at("/parent", "unknown_parent") from error
    if comment.status is not Status.PUBLISHED or comment.thread_url != submission.thread_url:
        raise InvalidRequest.at("/parent", "unknown_parent")


def _redeem(submission: Submission, answer: Answer | None, desk: Desk) -> Redemption | None:
    if submission.site.policy.captcha is CaptchaMode.NEVER:
        return None
    if answer is None:
        raise InvalidRequest.at("/captcha", "missing")
    return desk.captcha.redeem(submission.site, answer)


def _remember(
    case: Case,
    judgement: Judgement,
    mark: str,
    database: Database,
    also_keep: Keep | None,
) -> Comment:
    submission = case.submission
    with database.transaction() as transaction:
        comment = transaction.comments.add(
            submission,
            judgement,
            comment_id=new_id(submission.received_at),
            html=render(submission.text),
            fingerprint=mark,
            thread=case.precedents.thread,
        )
        if also_keep:
            also_keep(transaction, comment)
    return comment
