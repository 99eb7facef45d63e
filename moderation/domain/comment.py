"""A reader's comment, from the form (submission) to memory (comment)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.domain.finding import Finding, Verdict
from moderation.domain.member import Member
from moderation.domain.site import Site


class Status(StrEnum):
    """Where a comment stands; a withdrawn one was emptied at its author's wish."""

    HELD = "held"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @classmethod
    def after(cls, verdict: Verdict) -> "Status":
        """Return the status that `verdict` gives."""
        return AFTER[verdict]

    @property
    def verdict(self) -> Verdict:
        """Return the verdict that gives this status; there is none for withdrawn."""
        return next(verdict for verdict, status in AFTER.items() if status is self)


AFTER = {
    Verdict.PUBLISH: Status.PUBLISHED,
    Verdict.HOLD: Status.HELD,
    Verdict.REJECT: Status.REJECTED,
}
JUDGED = tuple(AFTER.values())
"""What a verdict can lead to."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs a comment; the e-mail address is never shown to readers."""

    name: str
    email: str = field(default="", repr=False)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """A comment as a reader sent it, before anything was decided.

    Attributes:
        thread_url: normalised address of the page.
        parent: id of the comment it answers, or None.
        text: plain text, Unicode NFC, line ends as "\\n".
        honeypot: content of the field no person sees.
        client: keyed hash of the reader's address: all that is kept of it.
        locale: language tag of the form.
        is_from_page: a browser sent it from a page, so that its timing is a person's.
        member: who wrote it, as the site vouches; None for anybody.
        address: where it came from, for blocks of address ranges; never stored, never logged.
    """

    site: Site
    thread_url: str
    thread_title: str
    parent: str | None
    author: Author
    text: str = field(repr=False)
    honeypot: str
    client: str
    locale: str
    is_from_page: bool
    received_at: datetime
    member: Member | None = None
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checks made of a submission.

    Attributes:
        score: spam probability in [0, 1], None when no model could tell.
        model: version that gave the score.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    score: float | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it is remembered.

    Attributes:
        id: UUID version 7, so that identifiers sort by time.
        root: id of the comment that began the conversation, its own if it did.
        version: counts the changes of text and status; starts at 1.
        html: safe rendering of `text`.
        edited_at: when the author last changed the text, None if never.
        member: who wrote it, by the site's own name for them; empty for anybody.
        reports: readers' reports that no person has looked at.
    """

    id: str
    site_id: int
    site_key: str
    thread_url: str
    thread_title: str
    parent: str | None
    root: str
    author: Author
    text: str = field(repr=False)
    html: str = field(repr=False)
    locale: str
    status: Status
    version: int
    score: float | None
    model: str | None
    findings: tuple[Finding, ...]
    created_at: datetime
    edited_at: datetime | None = None
    member: str = ""
    reports: int = 0
