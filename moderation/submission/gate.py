"""The captcha's gate: who is asked for one, and when."""

from hashlib import blake2b

from moderation.captcha.desk import Captcha
from moderation.domain.challenge import Answer, Redemption
from moderation.domain.comment import Judgement, Submission
from moderation.domain.site import CaptchaMode
from moderation.errors import CaptchaRequired, InvalidRequest
from moderation.submission.case import Case

SUBJECT_BYTES = 16
PLAIN = 0.5  # of the threshold from which to hold: below it a score raises no doubt


def redeem(submission: Submission, answer: Answer | None, captcha: Captcha) -> Redemption | None:
    """Take in the captcha of a comment; None where the site spares its author one, for now.

    Raises:
        InvalidRequest: it is missing, or its answer is not a number.
        CaptchaFailed, CaptchaExpired, CaptchaReplayed: the answer opens nothing.
    """
    if is_spared(submission):
        return None
    if answer is not None:
        return captcha.redeem(submission.site, answer, subject_of(submission))
    if submission.site.policy.captcha is CaptchaMode.UNSURE:
        return None
    raise InvalidRequest.at("/captcha", "missing")


def ask_if_unsure(case: Case, judgement: Judgement, captcha: Captcha) -> None:
    """Ask for a captcha after all, unless the comment is plain ham or its author is spared.

    Who failed a captcha more than once lately is asked whatever they write, and so is everybody
    in a crowd. What is asked for is good for this very comment, so that one answer does not open
    the door to another text.

    Raises:
        CaptchaRequired: with the question.
    """
    submission = case.submission
    if is_spared(submission):
        return
    if is_plain(case, judgement) and captcha.spare(submission.client):
        return
    subject = subject_of(submission)
    raise CaptchaRequired(
        captcha.issue(submission.site, submission.locale, subject, submission.client)
    )


def is_spared(submission: Submission) -> bool:
    """Tell whether this comment needs no captcha, whatever is in it."""
    is_trusted = submission.member is not None and submission.member.is_trusted
    return is_trusted or submission.site.policy.captcha is CaptchaMode.NEVER


def subject_of(submission: Submission) -> bytes:
    """Return the hash a challenge for this comment is bound to, 16 bytes."""
    author = submission.author
    parts = (
        submission.site.key,
        submission.thread_url,
        submission.parent or "",
        author.name,
        author.email,
        author.url,
        submission.text,
    )
    hashed = blake2b(digest_size=SUBJECT_BYTES, person=b"comment")
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hashed.update(len(data).to_bytes(4) + data)
    return hashed.digest()


def is_plain(case: Case, judgement: Judgement) -> bool:
    """Tell whether a comment is plain ham: nothing was found, and its score is far from a doubt."""
    opinion = case.opinion
    if opinion is None or judgement.findings:
        return False
    own = case.submission.site.policy.hold_above
    return opinion.score < PLAIN * (opinion.hold if own is None else own)
