"""Rows of decisions, the decisions they stand for, and which of them still stand."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, exists

from moderation.domain.audit import Kind, Note, digest
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision, Reason
from moderation.domain.finding import Verdict
from moderation.storage.tables.comments import comments
from moderation.storage.tables.decisions import decisions


def stands_by_a_person(made: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a person has made a decision, and that it was not taken back.

    To take a decision back is to say nothing about the comment.
    """
    undo = decisions.alias("undo")
    return (
        made.c.key_id.is_not(None),
        made.c.undoes.is_(None),
        ~exists().where(undo.c.undoes == made.c.id),
    )


IS_DECIDED = exists().where(decisions.c.comment_id == comments.c.id, *stands_by_a_person(decisions))
"""The condition that a decision of a person about a comment stands; indexes answer it."""


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
        from_status=None if row.from_status is None else Status(row.from_status),
        undoes=row.undoes,
        batch=row.batch_id,
    )


def values(decision: Decision, comment: Comment) -> dict[str, Any]:
    """Return the row of a decision about `comment`, as it stood before."""
    return {
        "id": decision.id,
        "comment_id": decision.comment_id,
        "site_id": comment.site_id,
        "verdict": decision.verdict.value,
        "reason": name_of(decision.reason),
        "note": decision.note,
        "moderator": decision.moderator,
        "key_id": decision.key_id,
        "from_version": decision.from_version,
        "created_at": decision.created_at,
        "from_status": comment.status.value,
        "undoes": decision.undoes,
        "batch_id": decision.batch,
    }


def note(decision: Decision, comment: Comment) -> Note:
    """Return the audit's entry of a decision about `comment`, as it stood before.

    `seen` stands for the text that was read, and `score` and `model` for what the model said of
    it at that time.
    """
    about = {
        "id": decision.id,
        "comment": decision.comment_id,
        "verdict": decision.verdict.value,
        "reason": name_of(decision.reason),
        "note": decision.note,
        "from_version": decision.from_version,
        "from_status": comment.status.value,
        "seen": digest(comment.text),
        "score": comment.score,
        "model": comment.model,
        "batch": decision.batch,
        "undoes": decision.undoes,
    }
    return Note(
        Kind.DECISION,
        decision.moderator,
        decision.key_id,
        decision.created_at,
        about,
        decision.comment_id,
    )


def name_of(reason: Reason | None) -> str | None:
    """Return how a reason is kept."""
    return None if reason is None else reason.value
