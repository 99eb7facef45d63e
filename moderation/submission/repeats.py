"""A comment sent twice with one Idempotency-Key is kept once and answered alike.

After the header of the same name (draft-ietf-httpapi-idempotency-key-header).
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from moderation.domain.challenge import Answer
from moderation.domain.comment import Comment, Status, Submission
from moderation.errors import CaptchaReplayed, IdempotencyConflict
from moderation.storage.answers import KeptAnswer
from moderation.storage.transaction import Transaction
from moderation.submission.receipt import Receipt
from moderation.submission.submit import Desk, submit

CREATED, ACCEPTED = int(HTTPStatus.CREATED), int(HTTPStatus.ACCEPTED)
PATIENCE = 20  # looks for the answer of a request that is still under way
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Repeat:
    """What the client promises to be one request.

    Attributes:
        key: the header's value, 1 to 255 characters.
        digest: stands for the body, so that another body with the same key is noticed.
    """

    key: str
    digest: str


def submit_once(
    submission: Submission,
    answer: Answer | None,
    desk: Desk,
    repeat: Repeat,
    sleep: Callable[[float], None] = time.sleep,
) -> Receipt:
    """Take in a comment, or give the first answer again if `repeat` was seen before.

    Two such requests at once: one burns the captcha, the other waits for its answer.

    Raises:
        IdempotencyConflict: the key was used with another body.
        NotFound: the comment of the first answer was withdrawn since.
        Everything that `submit` raises.
    """
    first = _find(submission, desk, repeat)
    if first:
        return first

    def keep(transaction: Transaction, comment: Comment) -> None:
        status = CREATED if comment.status is Status.PUBLISHED else ACCEPTED
        kept = KeptAnswer(repeat.digest, status, json.dumps({"id": comment.id}))
        transaction.answers.keep(submission.site.id, repeat.key, kept, submission.received_at)

    try:
        return submit(submission, answer, desk, also_keep=keep)
    except (CaptchaReplayed, IdempotencyConflict):
        for _ in range(PATIENCE):
            first = _find(submission, desk, repeat)
            if first:
                return first
            sleep(PAUSE_SECONDS)
        raise


def _find(submission: Submission, desk: Desk, repeat: Repeat) -> Receipt | None:
    with desk.database.read() as memory:
        kept = memory.answers.find(submission.site.id, repeat.key, repeat.digest)
        if kept is None:
            return None
        comment = memory.comments.get_anywhere(json.loads(kept.body)["id"])
    return Receipt(comment, kept.status_code == CREATED, desk.edit_tokens.sign(comment.id))
