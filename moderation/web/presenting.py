"""Domain objects as the API shows them: to readers little, to moderators everything."""

from collections.abc import Iterable
from typing import Any

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.domain.finding import Finding
from moderation.domain.moment import moment
from moderation.submission.receipt import Receipt
from moderation.web.sentences import say


def for_author(receipt: Receipt) -> dict[str, Any]:
    """Return what the author of a comment learns: published or received, never rejected."""
    comment = receipt.comment
    return {
        "id": comment.id,
        "status": "published" if receipt.is_published else "received",
        "edit_token": receipt.edit_token,
        "html": comment.html,
        "created_at": moment(comment.created_at),
    }


def for_readers(comment: Comment) -> dict[str, Any]:
    """Return a published comment: no e-mail, no address, no score."""
    author: dict[str, Any] = {"name": comment.author.name}
    if comment.author.url:
        author["url"] = comment.author.url
    return {
        "id": comment.id,
        "parent": comment.parent,
        "author": author,
        "html": comment.html,
        "text": comment.text,
        "created_at": moment(comment.created_at),
    }


def for_moderators(comment: Comment, language: str) -> dict[str, Any]:
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
        "claim": None,
        "created_at": moment(comment.created_at),
    }


def decision(made: Decision) -> dict[str, Any]:
    """Return one entry of the audit."""
    return {
        "id": made.id,
        "comment": made.comment_id,
        "verdict": made.verdict.value,
        "reason": made.reason.value if made.reason else None,
        "note": made.note,
        "moderator": made.moderator,
        "from_version": made.from_version,
        "created_at": moment(made.created_at),
    }


def decisions(made: Iterable[Decision]) -> list[dict[str, Any]]:
    """Return entries of the audit, in the order given."""
    return [decision(one) for one in made]


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    figures = {name: _shown(value) for name, value in finding.data.items()}
    return {
        "code": finding.code,
        "verdict": finding.verdict.value,
        "message": say(language, f"finding.{finding.code}", **figures),
        "data": dict(finding.data),
    }


def _shown(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
