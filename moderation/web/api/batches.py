"""Many comments decided about at once, and taken back as a whole."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from moderation.domain.comment import Comment
from moderation.domain.key import Role, Scope
from moderation.errors import InvalidRequest
from moderation.review.batches import LARGEST, Selection, decide_all, preview
from moderation.review.undo import undo_batch
from moderation.web import presenting
from moderation.web.api.criteria import listing_of
from moderation.web.api.schemas import Criteria, Item, ReasonField, VerdictField
from moderation.web.auth import moderator, requires
from moderation.web.context import services
from moderation.web.problems import language
from moderation.web.values import Body, Identifier, Note

bp = APIBlueprint("batches", __name__, url_prefix="/v1/moderation/batches", tag="Moderators")
SECURITY = "bearer"


class Filter(Body, Criteria):
    """What the listing takes, but for its page."""


class BatchRequest(Body):
    ids: Annotated[list[Identifier], Field(min_length=1, max_length=LARGEST)] | None = None
    filter: Filter | None = Field(None, description="In place of ids: what the listing takes.")
    verdict: VerdictField
    reason: ReasonField | None = None
    note: Note = ""
    dry_run: bool = Field(False, description="Only say how many comments it would change.")


class BatchReply(BaseModel):
    batch: str | None = Field(description="null for a dry run.")
    count: int
    sample: list[Item] = Field(description="The first of the comments.")


class UndoneReply(BaseModel):
    batch: str
    undoes: str
    count: int
    skipped: int = Field(description="Left alone: something else has happened to them since.")


@bp.post("")
@requires(Role.MODERATOR, Scope.DECIDE)
@bp.input(BatchRequest, arg_name="body")
@bp.output(BatchReply, 201)
@bp.doc(security=SECURITY, responses=[200, 400, 401, 403, 404, 409, 422, 503])
def create(body: BatchRequest) -> ResponseReturnValue:
    """Decide the same about many comments: all of them, or none.

    With `dry_run` nothing is changed; the answer says how many it would be and shows the first.
    """
    selection, caller, built = _selection(body), moderator(), services()
    if body.verdict == "reject" and body.reason is None:
        raise InvalidRequest.at("/reason", "reason_required")
    if body.dry_run:
        seen = preview(selection, built.database)
        return _told(None, seen.count, seen.sample), 200
    batch, sample = decide_all(
        selection, body.verdict, body.reason, body.note, caller, built.database, built.clock()
    )
    return _told(batch.id, batch.count, sample), 201


@bp.post("/<batch_id>/undo")
@requires(Role.MODERATOR, Scope.DECIDE)
@bp.output(UndoneReply, 201)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 409, 415, 503])
def take_back(batch_id: str) -> ResponseReturnValue:
    """Take a whole batch back; needs no body.

    Comments to which something else has happened since are left alone and counted.
    """
    built = services()
    batch, skipped = undo_batch(batch_id, moderator(), built.database, built.clock())
    return {
        "batch": batch.id,
        "undoes": batch_id,
        "count": batch.count,
        "skipped": skipped,
    }, 201


def _selection(body: BatchRequest) -> Selection:
    if (body.ids is None) == (body.filter is None):
        raise InvalidRequest.at("/ids", "ids_or_filter")
    site_id = moderator().site_id
    if body.filter is not None:
        return Selection(site_id, listing=listing_of(body.filter))
    return Selection(site_id, tuple(body.ids or ()))


def _told(batch: str | None, count: int, sample: tuple[Comment, ...]) -> dict[str, Any]:
    shown = [presenting.for_moderators(comment, language()) for comment in sample]
    return {"batch": batch, "count": count, "sample": shown}
