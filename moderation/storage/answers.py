"""Answers kept by Idempotency-Key, so that a request sent twice is acted on once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from moderation.errors import IdempotencyConflict
from moderation.storage.tables.comments import answers

FIND = select(answers.c.body_digest, answers.c.status_code, answers.c.body).where(
    answers.c.site_id == bindparam("site_id"), answers.c.key == bindparam("key")
)
FORGET = delete(answers).where(answers.c.created_at < bindparam("moment"))


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered the first time.

    Attributes:
        body_digest: of the request; another body under the same key is a mistake.
        status_code: HTTP status.
        body: JSON text.
    """

    body_digest: str
    status_code: int
    body: str


class Answers:
    """First answers to requests that carried an Idempotency-Key."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, site_id: int, key: str, body_digest: str) -> KeptAnswer | None:
        """Return the answer kept under `key`, or None if the request is new.

        Raises:
            IdempotencyConflict: the key was used with another body.
        """
        row = self._connection.execute(FIND, {"site_id": site_id, "key": key}).one_or_none()
        if row is None:
            return None
        if row.body_digest != body_digest:
            raise IdempotencyConflict(key)
        return KeptAnswer(row.body_digest, row.status_code, row.body)

    def keep(self, site_id: int, key: str, answer: KeptAnswer, now: datetime) -> None:
        """Keep `answer` in the transaction of what it reports.

        Raises:
            IdempotencyConflict: the same key was kept since `find`. Let it end the transaction:
                what was done twice is undone once, and `find` then has the first answer.
        """
        values = {
            "site_id": site_id,
            "key": key,
            "body_digest": answer.body_digest,
            "status_code": answer.status_code,
            "body": answer.body,
            "created_at": now,
        }
        try:
            self._connection.execute(insert(answers), values)
        except IntegrityError as error:
            raise IdempotencyConflict(key) from error

    def forget_before(self, moment: datetime) -> int:
        """Drop answers kept before `moment` and return how many."""
        return self._connection.execute(FORGET, {"moment": moment}).rowcount
