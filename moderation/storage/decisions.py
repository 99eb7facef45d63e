"""Decisions: each changes one version of a comment once, and stays in the audit for good."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from moderation.domain.comment import Comment, Judgement, Status
from moderation.domain.decision import Decision, Reason
from moderation.domain.finding import Verdict
from moderation.domain.page import Page
from moderation.errors import NotFound, StaleVersion
from moderation.storage import cursors, rows
from moderation.storage.comments import Comments
from moderation.storage.cursors import Position
from moderation.storage.tables import comments, decisions, findings

DECIDE = (
    update(comments)
    .where(comments.c.id == bindparam("comment_id"), comments.c.version == bindparam("seen"))
    .values(version=comments.c.version + 1)
)
APPEND = insert(decisions)
FORGET_FINDINGS = delete(findings).where(findings.c.comment_id == bindparam("of_comment"))
ONE = select(decisions).where(
    decisions.c.id == bindparam("decision_id"), decisions.c.site_id == bindparam("site_id")
)
HISTORY = (
    select(decisions)
    .where(decisions.c.comment_id == bindparam("comment_id"))
    .order_by(decisions.c.from_version)
)
AUDIT = select(decisions).where(decisions.c.site_id == bindparam("site_id"))


class Decisions:
    """Who decided what about which version of a comment: written once, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def decide(self, decision: Decision, site_id: int) -> Comment:
        """Carry out a decision about a comment of `site_id` and return the comment after it.

        Of any number of decisions about the same version exactly one is carried out.

        Raises:
            NotFound: the site has no such comment.
            StaleVersion: another decision came first; nothing was changed.
        """
        comment = Comments(self._connection).get(decision.comment_id, site_id)
        return self._carry_out(decision, comment, {})

    def rejudge(self, decision: Decision, comment: Comment, judgement: Judgement) -> Comment:
        """Replace what the checks made of a comment, and decide about it accordingly.

        Raises:
            StaleVersion: somebody decided in the meantime; nothing was changed.
        """
        scored = {"score": judgement.score, "model": judgement.model}
        after = self._carry_out(decision, comment, scored)
        self._connection.execute(FORGET_FINDINGS, {"of_comment": comment.id})
        rows.add_findings(self._connection, comment.id, judgement.findings)
        return replace(
            after, score=judgement.score, model=judgement.model, findings=judgement.findings
        )

    def get(self, decision_id: str, site_id: int) -> Decision:
        """Return one decision of a site.

        Raises:
            NotFound: the site has no such decision.
        """
        values = {"decision_id": decision_id, "site_id": site_id}
        row = self._connection.execute(ONE, values).one_or_none()
        if row is None:
            raise NotFound(decision_id)
        return read(row)

    def history(self, comment_id: str) -> tuple[Decision, ...]:
        """Return what was decided about a comment, oldest first."""
        found = self._connection.execute(HISTORY, {"comment_id": comment_id})
        return tuple(map(read, found))

    def audit(self, site_id: int, *, cursor: str | None = None, limit: int = 50) -> Page[Decision]:
        """Return one page of a site's decisions, newest first.

        Raises:
            InvalidRequest: the cursor was changed or comes from another list.
        """
        scope = repr(("audit", site_id))
        statement = AUDIT.order_by(decisions.c.id.desc()).limit(limit + 1)
        if cursor is not None:
            statement = statement.where(decisions.c.id < cursors.read(scope, cursor).id)
        found = tuple(map(read, self._connection.execute(statement, {"site_id": site_id})))
        more = len(found) > limit
        following = cursors.write(scope, Position(found[limit - 1].id)) if more else None
        return Page(found[:limit], following)

    def _carry_out(
        self, decision: Decision, comment: Comment, changes: Mapping[str, Any]
    ) -> Comment:
        after = replace(
            comment, status=Status.after(decision.verdict), version=decision.from_version + 1
        )
        values = {
            "comment_id": comment.id,
            "seen": decision.from_version,
            "status": after.status.value,
            "reason": _name(decision.reason),
            **changes,
        }
        is_seen = comment.version == decision.from_version
        if not is_seen or not self._connection.execute(DECIDE, values).rowcount:
            raise StaleVersion(Comments(self._connection).get(comment.id, comment.site_id))
        self._connection.execute(APPEND, _values(decision, comment.site_id))
        return after


def read(row: Row[*tuple[Any, ...]]) -> Decision:
    """Return the decision of a row of `decisions`."""
    return Decision(
        id=row.id,
        comment_id=row.comment_id,
        verdict=Verdict(row.verdict),
        reason=None if row.reason is None else Reason(row.reason),
        note=row.note,
        moderator=row.moderator,
        key_id=row.key_id,
        from_version=row.from_version,
        created_at=row.created_at,
    )


def _values(decision: Decision, site_id: int) -> dict[str, Any]:
    return {
        "id": decision.id,
        "comment_id": decision.comment_id,
        "site_id": site_id,
        "verdict": decision.verdict.value,
        "reason": _name(decision.reason),
        "note": decision.note,
        "moderator": decision.moderator,
        "key_id": decision.key_id,
        "from_version": decision.from_version,
        "created_at": decision.created_at,
    }


def _name(reason: Reason | None) -> str | None:
    return None if reason is None else reason.value
