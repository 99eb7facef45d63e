"""The moderators' list, one comment in full, decisions, counts and the audit."""

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from moderation.domain.key import Role
from moderation.errors import StaleVersion
from moderation.review.decide import Ruling, decide
from moderation.review.dossier import Dossier, open_dossier
from moderation.storage.listing import Listing, Order
from moderation.web import presenting
from moderation.web.api.schemas import (
    AuditQuery,
    AuditReply,
    DecidedReply,
    DecisionRequest,
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
@requires(Role.READER)
@bp.input(ListQuery, location="query", arg_name="query")
@bp.output(ListReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 422, 503])
def show_list(query: ListQuery) -> ResponseReturnValue:
    """List comments with what was found about each."""
    site_id = site_in_view(query.site)
    listing = Listing(
        site_id=site_id,
        status=query.status,
        finding=query.finding,
        reason=query.reason,
        q=query.q,
        author=query.author,
        order=query.order,
        pivot=_pivot() if query.order is Order.UNCERTAIN else 0.5,
        cursor=query.cursor,
        limit=query.limit,
    )
    with services().database.read() as memory:
        page = memory.comments.find(listing)
    spoken = language()
    return {
        "comments": [presenting.for_moderators(comment, spoken) for comment in page.items],
        "next": page.next,
    }


@bp.get("/comments/<comment_id>")
@requires(Role.READER)
@bp.output(DossierReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 503])
def show(comment_id: str) -> ResponseReturnValue:
    """Show one comment: findings, explanation of the score, history, the author's record."""
    built = services()
    return _dossier(open_dossier(comment_id, moderator(), built.database, built.model))


@bp.post("/comments/<comment_id>/decisions")
@requires(Role.MODERATOR)
@bp.input(DecisionRequest, arg_name="body")
@bp.output(DecidedReply, 201)
@bp.doc(security=SECURITY, responses=[400, 401, 403, 404, 409, 422, 503])
def create_decision(comment_id: str, body: DecisionRequest) -> ResponseReturnValue:
    """Decide about the version of a comment that was seen.

    409 with the comment as it is now under `current` when somebody decided first.
    """
    ruling = Ruling(body.verdict, body.reason, body.note, body.version)
    built = services()
    try:
        decision, comment = decide(comment_id, ruling, moderator(), built.database, built.clock())
    except StaleVersion as error:
        raise StaleVersion(presenting.for_moderators(error.current, language())) from error
    return {
        "decision": presenting.decision(decision),
        "comment": presenting.for_moderators(comment, language()),
    }, 201


@bp.get("/counts")
@requires(Role.READER)
@bp.input(SiteQuery, location="query", arg_name="query")
@bp.output(StatusCountsReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 422, 503])
def counts(query: SiteQuery) -> ResponseReturnValue:
    """Count the site's comments by status, in constant time."""
    site_id = site_in_view(query.site)
    with services().database.read() as memory:
        found = memory.counts.of_site(site_id)
    return {status.value: n for status, n in found.items()}


@bp.get("/audit")
@requires(Role.READER)
@bp.input(AuditQuery, location="query", arg_name="query")
@bp.output(AuditReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 422, 503])
def audit(query: AuditQuery) -> ResponseReturnValue:
    """List who decided what, when, from which version; newest first."""
    site_id = site_in_view(query.site)
    with services().database.read() as memory:
        page = memory.decisions.audit(site_id, cursor=query.cursor, limit=query.limit)
    return {"entries": presenting.decisions(page.items), "next": page.next}


def _pivot() -> float:
    """Return the threshold from which comments of the caller's site are held."""
    built = services()
    own = built.sites.by_key(moderator().site_key).policy.hold_above
    champions = built.model.hold
    return next((one for one in (own, champions) if one is not None), 0.5)


def _dossier(dossier: Dossier) -> dict[str, Any]:
    told = dossier.explanation or {"spans": [], "signals": {}}
    return {
        **presenting.for_moderators(dossier.comment, language()),
        "explanation": told["spans"],
        "signals": told["signals"],
        "history": presenting.decisions(dossier.history),
        "author_record": {status.value: n for status, n in dossier.author_record.items()},
    }
