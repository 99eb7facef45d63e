"""Deciding about one comment, and taking a decision back."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import redirect, request
from flask.typing import ResponseReturnValue
from pydantic import ConfigDict, Field, ValidationError

from moderation.domain.comment import Comment
from moderation.domain.decision import AUTHOR, SERVICE, Decision, Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Role, Scope
from moderation.errors import (
    InvalidRequest,
    ModerationError,
    NotUndoable,
    SecondPersonNeeded,
    StaleVersion,
)
from moderation.review.decide import Ruling, decide
from moderation.review.undo import undo
from moderation.web import problems
from moderation.web.api.schemas import ReasonField, VerdictField
from moderation.web.auth import moderator
from moderation.web.console import comment, criteria, pages, rows, session
from moderation.web.console.queue import NEXT, comment_url, list_url, next_url
from moderation.web.console.rows import Row
from moderation.web.context import services
from moderation.web.fields import problems_of
from moderation.web.problems import language
from moderation.web.public.pages import show_instead
from moderation.web.sentences import say
from moderation.web.values import Note, Query

bp = APIBlueprint(
    "console_deciding", __name__, url_prefix=f"{pages.PREFIX}/<site_key>", enable_openapi=False
)
ROW = "row"  # what a script asks for: the row alone, to put it in the place of the old one
TURNED_DOWN = (InvalidRequest, StaleVersion, SecondPersonNeeded, NotUndoable)
BY_PROCESS = {AUTHOR: "changed_by_author", SERVICE: "changed_by_service"}


class Wanted(Query):
    """What a moderator wants done, as the form says it.

    Attributes:
        reject: the reason of a rejection: its button says both at once.
        version: of the comment, as it was seen.
    """

    model_config = ConfigDict(extra="ignore")

    verdict: VerdictField | None = None
    reject: ReasonField | None = None
    note: Note = ""
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]

    @property
    def ruling(self) -> Ruling:
        """What is to be carried out.

        Raises:
            InvalidRequest: no verdict, or a rejection without a reason.
        """
        if self.reject:
            return Ruling(Verdict.REJECT, self.reject, self.note, self.version)
        if self.verdict is None:
            raise InvalidRequest.at("/verdict", "missing")
        return Ruling(self.verdict, None, self.note, self.version)


@bp.post("/comments/<comment_id>/decisions")
@session.member(Role.MODERATOR, Scope.DECIDE)
def decide_about(comment_id: str) -> ResponseReturnValue:
    """Decide about the version of a comment that was seen."""
    built = services()
    try:
        ruling = _read().ruling
        made = decide(comment_id, ruling, moderator(), built.database, built.clock())
    except TURNED_DOWN as error:
        return _refused(error, comment_id)
    return _afterwards(*made)


@bp.post("/decisions/<decision_id>/undo")
@session.member(Role.MODERATOR, Scope.DECIDE)
def take_back(decision_id: str) -> ResponseReturnValue:
    """Take a decision back, and show the comment as it stands again."""
    built = services()
    with built.database.read() as memory:
        comment_id = memory.decisions.get(decision_id, session.here().id).comment_id
    try:
        decision, after = undo(decision_id, moderator(), built.database, built.clock())
    except TURNED_DOWN as error:
        return _refused(error, comment_id)
    if _is_for_script():
        return _row(Row(after, done=decision))
    return redirect(comment_url(after.id, _list(), request.form.get("turn", ""), decision.id), 303)


def _read() -> Wanted:
    try:
        return Wanted.model_validate(request.form.to_dict())
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error


def _afterwards(decision: Decision, after: Comment) -> ResponseReturnValue:
    if _is_for_script():
        return _row(Row(after, done=decision))
    if request.form.get("turn") == NEXT:
        return redirect(next_url(_list(), decision.id), 303)
    return redirect(list_url(_list(), done=decision.id), 303)


def _refused(error: ModerationError, comment_id: str) -> ResponseReturnValue:
    """Show the comment as it is now, and why nothing was done; what was typed stays."""
    form, sentence = request.form, ""
    if isinstance(error, StaleVersion):
        sentence = _what_happened(error.current)
        error = StaleVersion(None)  # the page shows it, not the problem
    if _is_for_script():
        response = problems.refuse(error)
        told = sentence or response.get_json()["detail"]
        return show_instead(response, _row(Row(_now(comment_id), problem=told)))
    things = comment.things_about(comment_id, form.get("list", ""), form.get("turn", ""))
    wanted = {"note": form.get("note", ""), "chosen": _chosen()}
    return pages.refused(error, comment.TEMPLATE, **things, **wanted, happened=sentence)


def _chosen() -> str:
    """Return the button that was pressed, by its value; empty if it is none of ours."""
    pressed = request.form.get("reject") or request.form.get("verdict", "")
    return pressed if pressed in (*Reason, Verdict.PUBLISH, Verdict.HOLD) else ""


def _what_happened(current: Comment) -> str:
    """Say who changed a comment, and how it stands since."""
    with services().database.read() as memory:
        history = memory.decisions.history(current.id)
    status = say(language(), f"status.{current.status.value}")
    if not history:
        return say(language(), "decide.changed", status=status)
    last = history[-1]
    return say(language(), f"decide.{_who(last)}", moderator=last.moderator, status=status)


def _who(last: Decision) -> str:
    """Return the name of the sentence that tells who made a decision."""
    if last.key_id == moderator().id:
        return "changed_by_you"
    return BY_PROCESS.get(last.moderator, "changed_by") if last.key_id is None else "changed_by"


def _now(comment_id: str) -> Comment:
    with services().database.read() as memory:
        return memory.comments.get(comment_id, session.here().id)


def _row(row: Row) -> str:
    return pages.render("row.html", row=row, **rows.tools(_list()))


def _list() -> criteria.Asked:
    return criteria.read_written(request.form.get("list", ""))


def _is_for_script() -> bool:
    return request.form.get("part") == ROW
