"""The next comment of the queue, for one moderator at a time."""

from apiflask import APIBlueprint
from flask import Response
from flask.typing import ResponseReturnValue

from moderation.domain.key import Role, Scope
from moderation.review.claims import claim_next, release
from moderation.storage.listing import Order
from moderation.web import presenting
from moderation.web.api.criteria import queue
from moderation.web.api.schemas import Item, OrderField
from moderation.web.auth import moderator, requires, site_in_view
from moderation.web.context import services
from moderation.web.problems import language
from moderation.web.values import Body, SiteKey

bp = APIBlueprint("claims", __name__, url_prefix="/v1/moderation/claims", tag="Moderators")
SECURITY = "bearer"


class ClaimRequest(Body):
    site: SiteKey | None = None
    order: OrderField = Order.OLDEST


@bp.post("")
@requires(Role.MODERATOR, Scope.DECIDE)
@bp.input(ClaimRequest, arg_name="body")
@bp.output(Item, 201)
@bp.doc(security=SECURITY, responses=[204, 400, 401, 403, 404, 422, 503])
def create(body: ClaimRequest) -> ResponseReturnValue:
    """Give the caller the next comment that nobody holds; 204 when none is left.

    Two callers never get the same one, and the same caller asking again gets the next. A claim
    ends with a decision, or after a time without activity (reading the comment is activity).
    """
    site_id, caller, built = site_in_view(body.site), moderator(), services()
    listing = queue(site_id, caller.site_key, body.order)
    lasting = built.settings.claim_lifetime
    found = claim_next(listing, caller, built.database, built.clock(), lasting)
    if found is None:
        return Response(status=204)
    return presenting.for_moderators(found.comment, language(), found.claim), 201


@bp.delete("/<comment_id>")
@requires(Role.MODERATOR, Scope.DECIDE)
@bp.output({}, 204)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 503])
def remove(comment_id: str) -> ResponseReturnValue:
    """Give a comment back; leads may take one out of anybody's hands."""
    built = services()
    release(comment_id, moderator(), built.database, built.clock())
    return "", 204
