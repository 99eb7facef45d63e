"""What a site blocks: listed, made, taken away, and tried beforehand."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from moderation.domain.block import Block, BlockKind
from moderation.domain.finding import Verdict
from moderation.domain.key import Role, Scope
from moderation.domain.moment import moment
from moderation.review.blocks import Wanted, block, preview, unblock
from moderation.web import presenting
from moderation.web.api.schemas import ByValue, Item, SiteQuery, VerdictField
from moderation.web.auth import moderator, requires, site_in_view
from moderation.web.context import services
from moderation.web.problems import language
from moderation.web.values import AnyText, Body, Instant, Line, MaybeIdentifier, Moment, Named

bp = APIBlueprint("blocks", __name__, url_prefix="/v1/moderation/blocks", tag="Moderators")
SECURITY = "bearer"
MOST_SHOWN = 1000
LONGEST_REASON = 200


class BlocksQuery(SiteQuery):
    all: bool = Field(False, description="Expired and removed ones too, the latest 1,000.")


class TriedBlock(Body):
    kind: Annotated[BlockKind, ByValue]
    pattern: AnyText = Field("", description="A name, e-mail, domain, word, address or range.")
    comment: MaybeIdentifier = Field(
        None, description="For `sender`, in place of a pattern: whoever sent this comment."
    )
    verdict: VerdictField = Verdict.HOLD
    reason: Annotated[Line, Field(max_length=LONGEST_REASON)] = ""
    expires_at: Instant | None = Field(None, description="Without it: until it is removed.")


class BlockRequest(TriedBlock):
    reason: Annotated[Named, Field(max_length=LONGEST_REASON)]


class BlockReply(BaseModel):
    id: str
    kind: Annotated[BlockKind, ByValue]
    pattern: str = Field(description="Empty for `sender`: that is the secret of a hash.")
    comment: str | None = Field(description="The comment whose sender is meant.")
    verdict: VerdictField
    reason: str
    moderator: str
    created_at: Moment
    expires_at: Moment | None
    removed_at: Moment | None
    in_force: bool


class BlocksReply(BaseModel):
    blocks: list[BlockReply]


class PreviewReply(BaseModel):
    count: int = Field(description="Comments it would have caught.")
    looked_at: int = Field(description="Comments looked at: the latest 20,000 at most.")
    since: Moment
    published_by_people: int = Field(description="Of those caught: published by a person.")
    sample: list[Item] = Field(description="The latest of those caught.")


@bp.get("")
@requires(Role.READER, Scope.READ)
@bp.input(BlocksQuery, location="query", arg_name="query")
@bp.output(BlocksReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 422, 503])
def show_list(query: BlocksQuery) -> ResponseReturnValue:
    """List what is blocked, the newest first."""
    site_id, built = site_in_view(query.site), services()
    with built.database.read() as memory:
        if query.all:
            found = memory.blocks.of_site(site_id, MOST_SHOWN)
        else:
            found = memory.blocks.in_force(site_id, built.clock())[::-1]
    return {"blocks": [_shown(one) for one in found]}


@bp.post("")
@requires(Role.LEAD, Scope.BLOCK)
@bp.input(BlockRequest, arg_name="body")
@bp.output(BlockReply, 201)
@bp.doc(security=SECURITY, responses=[400, 401, 403, 404, 422, 503])
def create(body: BlockRequest) -> ResponseReturnValue:
    """Block an author, a domain, a word, an address range, or the sender of a comment.

    What is caught is held, or rejected if `verdict` says so. It counts within a second.
    """
    caller, built = moderator(), services()
    made = block(_wanted(body), caller, built.database, built.desk.fold, built.clock())
    built.fences.forget(caller.site_id)
    return _shown(made), 201


@bp.post("/preview")
@requires(Role.LEAD, Scope.BLOCK)
@bp.input(TriedBlock, arg_name="body")
@bp.output(PreviewReply)
@bp.doc(security=SECURITY, responses=[400, 401, 403, 404, 422, 503])
def try_out(body: TriedBlock) -> ResponseReturnValue:
    """Say what a block would have caught in the last 30 days; nothing is changed."""
    built = services()
    seen = preview(
        _wanted(body),
        moderator(),
        built.database,
        built.desk.fold,
        built.client_secret,
        built.clock(),
    )
    return {
        "count": seen.count,
        "looked_at": seen.looked_at,
        "since": moment(seen.since),
        "published_by_people": seen.published_by_people,
        "sample": [presenting.for_moderators(one, language()) for one in seen.sample],
    }


@bp.delete("/<block_id>")
@requires(Role.LEAD, Scope.BLOCK)
@bp.output({}, 204)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 503])
def remove(block_id: str) -> ResponseReturnValue:
    """Take a block away."""
    caller, built = moderator(), services()
    unblock(block_id, caller, built.database, built.clock())
    built.fences.forget(caller.site_id)
    return "", 204


def _wanted(body: TriedBlock) -> Wanted:
    return Wanted(body.kind, body.pattern, body.verdict, body.reason, body.expires_at, body.comment)


def _shown(one: Block) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "pattern": one.shown,
        "comment": one.comment_id,
        "verdict": one.verdict.value,
        "reason": one.reason,
        "moderator": one.moderator,
        "created_at": moment(one.created_at),
        "expires_at": moment(one.expires_at) if one.expires_at else None,
        "removed_at": moment(one.removed_at) if one.removed_at else None,
        "in_force": one.is_in_force(services().clock()),
    }
