"""The moderators' list, one comment in full, and counts."""

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from moderation.domain.claim import Claim
from moderation.domain.key import Role, Scope
from moderation.review.claims import stay
from moderation.review.dossier import Dossier, open_dossier
from moderation.web import presenting
from moderation.web.api.criteria import listing_of
from moderation.web.api.schemas import (
    DossierReply,
    ListQuery,
    ListReply,
    SiteQuery,
    StatusCountsReply,
)
from moderation.web.auth import moderator, requires, site_in_view
from moderation.web.context import services
from moderation.web.problems import language

bp = APIBlueprint("moderation", __name__, url_prefix="/v1/moderation", tag="Moderators")
SECURITY = "bearer"


@bp.get("/comments")
@requires(Role.READER, Scope.READ)
@bp.input(ListQuery, location="query", arg_name="query")
@bp.output(ListReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 422, 503])
def show_list(query: ListQuery) -> ResponseReturnValue:
    """List comments with what was found about each."""
    listing = listing_of(query, cursor=query.cursor, limit=query.limit)
    with services().database.read() as memory:
        page = memory.comments.find(listing)
        claims = memory.claims.about((one.id for one in page.items), services().clock())
    spoken = language()
    return {
        "comments": [
            presenting.for_moderators(comment, spoken, claims.get(comment.id))
            for comment in page.items
        ],
        "next": page.next,
    }


@bp.get("/comments/<comment_id>")
@requires(Role.READER, Scope.READ)
@bp.output(DossierReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 503])
def show(comment_id: str) -> ResponseReturnValue:
    """Show one comment: findings, explanation of the score, history, the author's record."""
    built, caller, now = services(), moderator(), services().clock()
    dossier = open_dossier(comment_id, caller, built.database, built.model, now)
    lasting = built.settings.claim_lifetime
    return _dossier(dossier, stay(dossier.claim, caller, built.database, now, lasting))


@bp.get("/counts")
@requires(Role.READER, Scope.READ)
@bp.input(SiteQuery, location="query", arg_name="query")
@bp.output(StatusCountsReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 422, 503])
def counts(query: SiteQuery) -> ResponseReturnValue:
    """Count the site's comments by status, in constant time."""
    site_id = site_in_view(query.site)
    with services().database.read() as memory:
        found = memory.counts.of_site(site_id)
    return {status.value: n for status, n in found.items()}


def _dossier(dossier: Dossier, claim: Claim | None) -> dict[str, Any]:
    told = dossier.explanation or {"spans": [], "signals": {}}
    return {
        **presenting.for_moderators(dossier.comment, language(), claim),
        "explanation": told["spans"],
        "signals": told["signals"],
        "history": presenting.decisions(dossier.history),
        "former_texts": [presenting.revision(one) for one in dossier.revisions],
        "readers_reports": [presenting.report(one) for one in dossier.reports],
        "author_record": {status.value: n for status, n in dossier.author_record.items()},
    }
