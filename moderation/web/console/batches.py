"""Many comments at once: looked at first, then decided about, and taken back as a whole."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ConfigDict, Field, ValidationError

from moderation.domain.batch import Batch
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Role, Scope
from moderation.errors import BatchTooLarge, InvalidRequest, NotUndoable, SecondPersonNeeded
from moderation.review.batches import LARGEST, Selection, decide_all, preview
from moderation.review.undo import undo_batch
from moderation.web.api.schemas import ReasonField, VerdictField
from moderation.web.auth import moderator
from moderation.web.console import criteria, pages, rows, session
from moderation.web.context import services
from moderation.web.fields import problems_of
from moderation.web.values import Identifier, Note, Query

bp = APIBlueprint(
    "console_batches",
    __name__,
    url_prefix=f"{pages.PREFIX}/<site_key>/batches",
    enable_openapi=False,
)
SHOWN = 50
EVERYTHING = "all"


class Wanted(Query):
    """What is to be decided about the comments of a batch.

    Attributes:
        expected: how many comments there were when the moderator looked.
    """

    model_config = ConfigDict(extra="ignore")

    verdict: VerdictField
    reason: ReasonField | None = None
    note: Note = ""
    expected: Annotated[int, Field(ge=0)]


class Chosen(Query):
    """Comments that were ticked."""

    ids: Annotated[list[Identifier], Field(max_length=LARGEST)]


@bp.get("")
@session.member(Role.READER)
def show() -> ResponseReturnValue:
    """List the latest batches, and say what became of one."""
    return pages.render("batches.html", **_latest())


@bp.post("/preview")
@session.member(Role.MODERATOR, Scope.DECIDE)
def look() -> ResponseReturnValue:
    """Say how many comments a batch would change, show the first, and ask what to decide."""
    try:
        return pages.render("batch.html", **_preview())
    except (InvalidRequest, BatchTooLarge) as error:
        return pages.refused(error, "batch.html", **_nothing())


@bp.post("")
@session.member(Role.MODERATOR, Scope.DECIDE)
def carry_out() -> ResponseReturnValue:
    """Decide the same about all of them, if they are still as many as the moderator has seen."""
    built = services()
    seen = _preview()
    try:
        wanted = _read()
        if wanted.expected != seen["count"]:
            raise pages.wrong("expected", "not_as_many")
        reason = wanted.reason if wanted.verdict is Verdict.REJECT else None
        batch, _ = decide_all(
            _selection(),
            wanted.verdict,
            reason,
            wanted.note,
            moderator(),
            built.database,
            built.clock(),
        )
    except (InvalidRequest, SecondPersonNeeded) as error:
        return pages.refused(error, "batch.html", **seen)
    return redirect(_url(batch), 303)


@bp.post("/<batch_id>/undo")
@session.member(Role.MODERATOR, Scope.DECIDE)
def take_back(batch_id: str) -> ResponseReturnValue:
    """Take a whole batch back."""
    built = services()
    try:
        batch, skipped = undo_batch(batch_id, moderator(), built.database, built.clock())
    except NotUndoable as error:
        return pages.refused(error, "batches.html", **_latest())
    return redirect(_url(batch, skipped=skipped or None), 303)


def _read() -> Wanted:
    given = {name: value for name, value in request.form.items() if value}
    try:
        return Wanted.model_validate(given)
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error


def _selection() -> Selection:
    """Return the comments that were ticked, or all that the list finds.

    Raises:
        InvalidRequest: none were.
    """
    form, here = request.form, session.here()
    if form.get("which") == EVERYTHING:
        asked = criteria.read_written(form.get("list", ""))
        return Selection(here.id, listing=criteria.listing_of(asked, here, is_paged=False))
    try:
        ids = Chosen(ids=form.getlist("id")).ids
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error
    if not ids:
        raise pages.wrong("id", "none_chosen")
    return Selection(here.id, tuple(ids))


def _preview() -> dict[str, Any]:
    selection = _selection()
    seen = preview(selection, services().database)
    things = {"count": seen.count, "rows": rows.rows_of(seen.sample), "ids": selection.ids}
    return {**_nothing(), **things}


def _nothing() -> dict[str, Any]:
    """Return the page of a batch without any comments, with what was typed."""
    form = request.form
    return {
        **rows.tools(criteria.read_written(form.get("list", ""))),
        "count": 0,
        "rows": [],
        "ids": (),
        "which": form.get("which", ""),
        "reasons": list(Reason),
        "typed": form,
    }


def _latest() -> dict[str, Any]:
    site_id = session.here().id
    with services().database.read() as memory:
        found = memory.batches.latest(site_id, SHOWN)
    undone = {one.undoes for one in found if one.undoes}  # what takes one back comes after it
    given = request.args
    done = next((one for one in found if one.id == given.get("done")), None)
    skipped = given.get("skipped", 0, int)
    things = {"batches": found, "undone": undone, "done": done, "skipped": skipped}
    return {**rows.tools(criteria.Asked()), **things}


def _url(batch: Batch, **also: Any) -> str:
    key = session.here().key
    return url_for("console_batches.show", site_key=key, done=batch.id, **also)
