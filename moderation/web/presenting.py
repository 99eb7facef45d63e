"""Domain objects as the API shows them: to readers little, to moderators everything."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from moderation.domain.audit import Entry
from moderation.domain.claim import Claim
from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.domain.finding import Finding
from moderation.domain.moment import moment
from moderation.domain.reading import Readable
from moderation.domain.report import Report, Revision
from moderation.submission.receipt import Receipt
from moderation.web.sentences import has_sentence, say


def for_author(receipt: Receipt, edit_window: timedelta) -> dict[str, Any]:
    """Return what the author of a comment learns: published or received, never rejected."""
    comment = receipt.comment
    is_editable = edit_window > timedelta(0)
    return {
        "id": comment.id,
        "status": "published" if receipt.is_published else "received",
        "edit_token": receipt.edit_token,
        "html": comment.html,
        "created_at": moment(comment.created_at),
        "editable_until": moment(comment.created_at + edit_window) if is_editable else None,
        "comment": for_readers(comment) if receipt.is_published else None,
    }


def for_readers(comment: Comment | Readable) -> dict[str, Any]:
    """Return a published comment: no e-mail, no address, no score."""
    author: dict[str, Any] = {"name": comment.author.name}
    if comment.author.url:
        author["url"] = comment.author.url
    if comment.member:
        author["is_member"] = True
    return {
        "id": comment.id,
        "parent": comment.parent,
        "root": comment.root,
        "author": author,
        "html": comment.html,
        "text": comment.text,
        "locale": comment.locale,
        "created_at": moment(comment.created_at),
        "edited_at": _moment(comment.edited_at),
    }


def for_moderators(comment: Comment, language: str, claim: Claim | None = None) -> dict[str, Any]:
    """Return a comment with all that was found, in sentences of `language`."""
    return {
        "id": comment.id,
        "site": comment.site_key,
        "thread": comment.thread_url,
        "thread_title": comment.thread_title,
        "parent": comment.parent,
        "author": {
            "name": comment.author.name,
            "email": comment.author.email,
            "url": comment.author.url,
        },
        "text": comment.text,
        "html": comment.html,
        "locale": comment.locale,
        "status": comment.status.value,
        "version": comment.version,
        "score": comment.score,
        "model": comment.model,
        "findings": [_finding(finding, language) for finding in comment.findings],
        "member": comment.member,
        "reports": comment.reports,
        "claim": claim_on(claim),
        "created_at": moment(comment.created_at),
        "edited_at": _moment(comment.edited_at),
    }


def claim_on(claim: Claim | None) -> dict[str, Any] | None:
    """Return in whose hands a comment is."""
    if claim is None:
        return None
    return {"moderator": claim.moderator, "expires_at": moment(claim.expires_at)}


def decision(made: Decision) -> dict[str, Any]:
    """Return one decision."""
    return {
        "id": made.id,
        "comment": made.comment_id,
        "verdict": made.verdict.value,
        "reason": made.reason.value if made.reason else None,
        "note": made.note,
        "moderator": made.moderator,
        "from_version": made.from_version,
        "from_status": made.from_status.value if made.from_status else None,
        "batch": made.batch,
        "undoes": made.undoes,
        "created_at": moment(made.created_at),
    }


def decisions(made: Iterable[Decision]) -> list[dict[str, Any]]:
    """Return decisions, in the order given."""
    return [decision(one) for one in made]


def entry(made: Entry) -> dict[str, Any]:
    """Return one entry of the audit, whole."""
    return {**made.content, "hash": made.hash}


def report(made: Report) -> dict[str, Any]:
    """Return a reader's report; who made it stays unknown."""
    return {
        "id": made.id,
        "reason": made.reason.value,
        "text": made.text,
        "created_at": moment(made.created_at),
        "resolved_at": _moment(made.resolved_at),
    }


def revision(former: Revision) -> dict[str, Any]:
    """Return a text that its author has replaced."""
    return {
        "version": former.version,
        "text": former.text,
        "replaced_at": moment(former.replaced_at),
    }


def _moment(value: datetime | None) -> str | None:
    return moment(value) if value else None


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    figures = {name: _shown(value) for name, value in finding.data.items()}
    return {
        "code": finding.code,
        "verdict": finding.verdict.value,
        "message": say(language, _sentence(finding), **figures),
        "data": dict(finding.data),
    }


def _sentence(finding: Finding) -> str:
    """Return the name of a finding's sentence: some have another where more is known."""
    more = f"by_{finding.data.get('kind')}" if "kind" in finding.data else "counted"
    exact = f"finding.{finding.code}_{more}"
    return exact if finding.data and has_sentence(exact) else f"finding.{finding.code}"


def _shown(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
