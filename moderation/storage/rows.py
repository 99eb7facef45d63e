"""Rows of comments and their findings, and the comments they stand for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from moderation.domain.comment import Author, Comment, Status, Submission
from moderation.domain.finding import Finding, Verdict
from moderation.storage.search import fold
from moderation.storage.tables.comments import comments, findings, threads
from moderation.storage.tables.sites import sites

UNREAD = {"number", "client", "fingerprint", "reason", "search"}

COMMENTS = (
    select(
        *(column for column in comments.c if column.name not in UNREAD),
        threads.c.url.label("thread_url"),
        threads.c.title.label("thread_title"),
        sites.c.key.label("site_key"),
    )
    .join(threads, threads.c.id == comments.c.thread_id)
    .join(sites, sites.c.id == comments.c.site_id)
)
FINDINGS = (
    select(findings.c.comment_id, findings.c.code, findings.c.verdict, findings.c.data)
    .where(findings.c.comment_id.in_(bindparam("ids", expanding=True)))
    .order_by(findings.c.comment_id, findings.c.position)
)
ADD = insert(comments).inline()  # nobody asks for the number
ADD_FINDINGS = insert(findings)


def add(
    connection: Connection,
    comment: Comment,
    submission: Submission,
    *,
    thread_id: int,
    fingerprint: str,
) -> None:
    """Store a new comment with its findings."""
    row = values(
        comment,
        thread_id=thread_id,
        client=submission.client,
        fingerprint=fingerprint,
        search=fold(f"{comment.author.name} {comment.text}"),
    )
    connection.execute(ADD, row)
    add_findings(connection, comment.id, comment.findings)


def values(
    comment: Comment, *, thread_id: int, client: str, fingerprint: str, search: str
) -> dict[str, Any]:
    """Return the row of a comment as it was received; `search` holds its folded words."""
    return {
        "id": comment.id,
        "site_id": comment.site_id,
        "thread_id": thread_id,
        "parent_id": comment.parent,
        "root_id": comment.root,
        "author_name": comment.author.name,
        "author_email": comment.author.email,
        "author_url": comment.author.url,
        "text": comment.text,
        "html": comment.html,
        "locale": comment.locale,
        "status": comment.status.value,
        "version": comment.version,
        "score": comment.score,
        "model": comment.model,
        "client": client,
        "fingerprint": fingerprint,
        "reason": None,
        "created_at": comment.created_at,
        "member": comment.member,
        "reports": 0,
        "search": search,
    }


def add_findings(connection: Connection, comment_id: str, found: Sequence[Finding]) -> None:
    """Store the findings about a comment that has none yet."""
    if found:
        connection.execute(ADD_FINDINGS, values_of_findings(comment_id, found))


def values_of_findings(comment_id: str, found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the rows of the findings about a comment."""
    return [
        {
            "comment_id": comment_id,
            "position": position,
            "code": finding.code,
            "verdict": finding.verdict.value,
            "data": dict(finding.data),
        }
        for position, finding in enumerate(found)
    ]


def read(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[Comment, ...]:
    """Return the comments of `rows` (of COMMENTS), in order, with their findings."""
    if not rows:
        return ()
    found = _findings(connection, [row.id for row in rows])
    return tuple(_comment(row, found) for row in rows)


def _findings(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[Finding]]:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for row in connection.execute(FINDINGS, {"ids": ids}):
        found[row.comment_id].append(Finding(row.code, Verdict(row.verdict), row.data))
    return found


def _comment(row: Row[*tuple[Any, ...]], found: Mapping[str, Sequence[Finding]]) -> Comment:
    return Comment(
        id=row.id,
        site_id=row.site_id,
        site_key=row.site_key,
        thread_url=row.thread_url,
        thread_title=row.thread_title,
        parent=row.parent_id,
        root=row.root_id,
        author=Author(row.author_name, row.author_email, row.author_url),
        text=row.text,
        html=row.html,
        locale=row.locale,
        status=Status(row.status),
        version=row.version,
        score=row.score,
        model=row.model,
        findings=tuple(found.get(row.id, ())),
        created_at=row.created_at,
        edited_at=row.edited_at,
        member=row.member,
        reports=row.reports,
    )
