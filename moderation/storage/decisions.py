"""Decisions: each changes one version of a comment once, and stays in the audit for good."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, insert, select
from sqlalchemy.exc import IntegrityError

from moderation.domain.comment import Comment, Judgement
from moderation.domain.decision import Decision
from moderation.errors import NotFound, NotUndoable, StaleVersion
from moderation.storage import decision_rows, rows
from moderation.storage.audit import Audit
from moderation.storage.claims import Claims
from moderation.storage.comments import CHUNK, Comments
from moderation.storage.decision_rows import read, stands_by_a_person
from moderation.storage.reports import Reports
from moderation.storage.revisions import Revisions
from moderation.storage.steps import CHANGE, EMPTY, REWRITE, Amendment, Step
from moderation.storage.tables.comments import findings, revisions
from moderation.storage.tables.decisions import decisions

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
HISTORIES = (
    select(decisions)
    .where(decisions.c.comment_id.in_(bindparam("ids", expanding=True)))
    .order_by(decisions.c.from_version)
)
OF_BATCH = select(decisions).where(decisions.c.batch_id == bindparam("batch_id"))
EDITED = exists().where(
    revisions.c.comment_id == decisions.c.comment_id,
    revisions.c.version >= decisions.c.from_version,
)
ABOUT_TEXT_BY_A_PERSON = (
    select(decisions.c.id)
    .where(
        decisions.c.comment_id == bindparam("comment_id"),
        *stands_by_a_person(decisions),
        ~EDITED,
    )
    .limit(1)
)


class Decisions:
    """Who decided what about which version of a comment: written once, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def decide(self, decision: Decision, site_id: int) -> Comment:
        """Carry out a decision about a comment of `site_id` and return the comment after it.

        Of any number of decisions about the same version exactly one is carried out.

        Raises:
            NotFound: the site has no such comment, or its author has withdrawn it.
            StaleVersion: another decision came first; nothing was changed.
        """
        comment = Comments(self._connection).hold_still(decision.comment_id, site_id)
        return self.decide_all([(decision, comment)])[0]

    def decide_all(self, ruled: Sequence[tuple[Decision, Comment]]) -> list[Comment]:
        """Carry out decisions about comments of one site, locked as they were read; all or none.

        Raises:
            StaleVersion: one of the comments has changed since.
        """
        after = self._carry_out([Step(made, was, {"reports": 0}) for made, was in ruled])
        Reports(self._connection).resolve(
            {was.id: made.created_at for made, was in ruled if was.reports}
        )
        return [replace(comment, reports=0) for comment in after]

    def undo_all(self, undone: Sequence[tuple[Decision, Comment, Decision]]) -> list[Comment]:
        """Take decisions back, each by another one, and return the comments after that.

        What readers had reported waits for a person again.

        Args:
            undone: decisions made at one moment, the comments as they stand now, locked, and what
                takes the decisions back.

        Raises:
            NotUndoable: one of them was taken back before.
            StaleVersion: one of the comments has changed since it was decided about.
        """
        resolved_at = undone[0][0].created_at
        ids = [was.id for _, was, _ in undone]
        reopened = Reports(self._connection).reopen(ids, resolved_at)
        steps = [
            Step(made, was, {"reports": was.reports + reopened.get(was.id, 0)})
            for _, was, made in undone
        ]
        try:
            after = self._carry_out(steps)
        except IntegrityError as error:
            raise NotUndoable from error
        return [
            replace(comment, reports=step.changes["reports"])
            for comment, step in zip(after, steps, strict=True)
        ]

    def rejudge(self, decision: Decision, comment: Comment, judgement: Judgement) -> Comment:
        """Replace what the checks made of a comment, and decide about it accordingly.

        Raises:
            StaleVersion: somebody decided in the meantime; nothing was changed.
        """
        Comments(self._connection).lock([comment.id], comment.site_id)
        return self._replace_judgement(decision, comment, judgement)

    def amend(
        self, decision: Decision, comment: Comment, judgement: Judgement, amendment: Amendment
    ) -> Comment:
        """Replace the text of a locked comment and what was made of it; the former text is kept.

        Raises:
            StaleVersion: the comment has changed since it was read; nothing was changed.
        """
        moment = decision.created_at
        after = self._replace_judgement(decision, comment, judgement)
        self._connection.execute(REWRITE, amendment.row(comment, moment))
        Revisions(self._connection).keep(comment, moment)
        return replace(after, text=amendment.text, html=amendment.html, edited_at=moment)

    def withdraw(self, comment: Comment, moment: datetime) -> None:
        """Empty a comment at its author's wish: nothing of what they wrote or were is kept.

        The row stays, so that the replies to it keep their place.

        Raises:
            StaleVersion: the comment has changed since it was read; nothing was changed.
        """
        seen = {"comment_id": comment.id, "seen": comment.version}
        if not self._connection.execute(CHANGE, {**seen, **EMPTY}).rowcount:
            raise StaleVersion(Comments(self._connection).get(comment.id, comment.site_id))
        self._connection.execute(FORGET_FINDINGS, {"of_comment": comment.id})
        Revisions(self._connection).forget(comment.id)
        Reports(self._connection).silence(comment.id, moment)
        Claims(self._connection).forget([comment.id])

    def is_text_decided_by_a_person(self, comment_id: str) -> bool:
        """Tell whether a moderator has decided about a comment with the text it has now."""
        found = self._connection.execute(ABOUT_TEXT_BY_A_PERSON, {"comment_id": comment_id})
        return found.first() is not None

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

    def histories(self, comment_ids: Sequence[str]) -> Mapping[str, Sequence[Decision]]:
        """Return what was decided about each of some comments, oldest first."""
        found: defaultdict[str, list[Decision]] = defaultdict(list)
        for start in range(0, len(comment_ids), CHUNK):
            chunk = {"ids": comment_ids[start : start + CHUNK]}
            for row in self._connection.execute(HISTORIES, chunk):
                found[row.comment_id].append(read(row))
        return found

    def of_batch(self, batch_id: str) -> tuple[Decision, ...]:
        """Return the decisions that a batch has made."""
        found = self._connection.execute(OF_BATCH, {"batch_id": batch_id})
        return tuple(map(read, found))

    def _replace_judgement(
        self,
        decision: Decision,
        comment: Comment,
        judgement: Judgement,
    ) -> Comment:
        scored = {"score": judgement.score, "model": judgement.model}
        (after,) = self._carry_out([Step(decision, comment, scored)])
        self._connection.execute(FORGET_FINDINGS, {"of_comment": comment.id})
        rows.add_findings(self._connection, comment.id, judgement.findings)
        return replace(
            after, score=judgement.score, model=judgement.model, findings=judgement.findings
        )

    def _carry_out(self, steps: Sequence[Step]) -> list[Comment]:
        """Change comments as decided, append to the audit, and take them out of people's hands.

        The comments are locked already, the site's audit is next, counters come last: whoever
        decides anything keeps to this order, so that nobody waits for each other for ever.
        """
        audit, site_id = Audit(self._connection), steps[0].comment.site_id
        is_seen = all(step.comment.version == step.decision.from_version for step in steps)
        if is_seen:
            audit.queue_up(site_id)
        changed = [step.row for step in steps]
        if not is_seen or self._connection.execute(CHANGE, changed).rowcount != len(steps):
            raise StaleVersion(self._changed_one(steps))
        made = [(step.decision, step.comment) for step in steps]
        self._connection.execute(APPEND, [decision_rows.values(*one) for one in made])
        audit.append(site_id, *(decision_rows.note(*one) for one in made))
        Claims(self._connection).forget(step.comment.id for step in steps)
        return [step.after for step in steps]

    def _changed_one(self, steps: Sequence[Step]) -> Comment:
        """Return, as it is now, a comment that is not what the decision about it saw."""
        known = Comments(self._connection)
        now = [(step, known.get(step.comment.id, step.comment.site_id)) for step in steps]
        changed = (one for step, one in now if one.version != step.decision.from_version)
        return next(changed, now[0][1])
