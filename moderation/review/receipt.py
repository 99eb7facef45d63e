"""Receipts of illegal-content reports, as article 16(4) of the Digital Services Act asks for."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.site import Site
from moderation.errors import NotFound
from moderation.storage.database import Database
from moderation.storage.reports import Reported

SALT = b"moderation.report-receipt"


class Progress(StrEnum):
    """Where a report stands: nobody has looked, a person has decided, the comment is gone."""

    EXAMINED = "examined"
    DECIDED = "decided"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ReportReceipt:
    """What a reader learns about their own report; not what was decided, nor by whom.

    Attributes:
        decided_at: when a person decided about the comment, None if nobody has.
        thread_url: address of the page the comment is on.
    """

    id: str
    site: Site
    created_at: datetime
    progress: Progress
    decided_at: datetime | None
    thread_url: str
    thread_title: str


class ReportTokens:
    """Signs and verifies the tokens that open receipts; nothing is stored."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._secrets = tuple(secrets)

    def sign(self, report_id: str) -> str:
        """Return the token of a report's receipt."""
        return _signature(self._secrets[0], report_id)

    def verify(self, report_id: str, token: str) -> bool:
        """Tell whether `token` is the report's, under any secret in use."""
        given = token.encode("utf-8", "replace")
        return any(
            hmac.compare_digest(_signature(secret, report_id).encode(), given)
            for secret in self._secrets
        )


def find_receipt(
    report_id: str, token: str, database: Database, tokens: ReportTokens
) -> ReportReceipt:
    """Return the receipt that `token` was given for.

    Raises:
        NotFound: there is none, or the token is another's.
    """
    if not tokens.verify(report_id, token):
        raise NotFound(report_id)
    with database.read() as memory:
        found = memory.reports.get(report_id)
        if found.report.reason is not Reason.ILLEGAL_CONTENT:
            raise NotFound(report_id)
        site = memory.sites.by_id(found.site_id)
    progress = _progress(found)
    return ReportReceipt(
        id=found.report.id,
        site=site,
        created_at=found.report.created_at,
        progress=progress,
        decided_at=found.report.resolved_at if progress is Progress.DECIDED else None,
        thread_url=found.thread_url,
        thread_title=found.thread_title,
    )


def _progress(found: Reported) -> Progress:
    if found.status is Status.WITHDRAWN:
        return Progress.GONE
    return Progress.EXAMINED if found.report.resolved_at is None else Progress.DECIDED


def _signature(secret: bytes, report_id: str) -> str:
    digest = hmac.digest(secret, SALT + report_id.encode("utf-8", "replace"), sha256)
    return urlsafe_b64encode(digest[:24]).decode()
