"""Decisions about one comment, and taking them back."""

from collections.abc import Callable

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.domain.key import Role, Scope
from moderation.errors import StaleVersion
from moderation.review.decide import Ruling, decide
from moderation.review.undo import undo
from moderation.web import presenting
from moderation.web.api.schemas import DecidedReply, DecisionRequest
from moderation.web.auth import moderator, requires
from moderation.web.context import services
from moderation.web.problems import language

bp = APIBlueprint("decisions", __name__, url_prefix="/v1/moderation", tag="Moderators")
SECURITY = "bearer"


@bp.post("/comments/<comment_id>/decisions")
@requires(Role.MODERATOR, Scope.DECIDE)
@bp.input(DecisionRequest, arg_name="body")
@bp.output(DecidedReply, 201)
@bp.doc(security=SECURITY, responses=[400, 401, 403, 404, 409, 422, 503])
def create(comment_id: str, body: DecisionRequest) -> ResponseReturnValue:
    """Decide about the version of a comment that was seen.

    409 with the comment as it is now under `current` when somebody decided first.
    """
    ruling = Ruling(body.verdict, body.reason, body.note, body.version)
    built = services()
    return _told(lambda: decide(comment_id, ruling, moderator(), built.database, built.clock()))


@bp.post("/decisions/<decision_id>/undo")
@requires(Role.MODERATOR, Scope.DECIDE)
@bp.output(DecidedReply, 201)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 409, 415, 503])
def take_back(decision_id: str) -> ResponseReturnValue:
    """Take a decision back by a new one that names it; needs no body.

    409 when something has happened to the comment since, or when it was taken back before.
    """
    built = services()
    return _told(lambda: undo(decision_id, moderator(), built.database, built.clock()))


def _told(make: Callable[[], tuple[Decision, Comment]]) -> ResponseReturnValue:
    try:
        decision, comment = make()
    except StaleVersion as error:
        raise StaleVersion(presenting.for_moderators(error.current, language())) from error
    return {
        "decision": presenting.decision(decision),
        "comment": presenting.for_moderators(comment, language()),
    }, 201
