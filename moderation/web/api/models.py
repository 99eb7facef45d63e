"""For operators: which models there are, how they do, and which of them judges."""

from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, ValidationError

from moderation.domain.key import Role, Scope
from moderation.errors import InvalidRequest
from moderation.learning import promote as learning
from moderation.learning.overview import overview, standing
from moderation.learning.promote import LONGEST_REASON, Actor
from moderation.web.auth import moderator, requires
from moderation.web.context import services
from moderation.web.fields import problems_of
from moderation.web.json import is_bodiless
from moderation.web.values import Body, Line

bp = APIBlueprint("models", __name__, url_prefix="/v1/models", tag="Operators")
SECURITY = "bearer"


class DriftReply(BaseModel):
    week: str = Field(
        description="The latest with enough comments, by ISO 8601.", examples=["2026-W48"]
    )
    scores: float | None = Field(description="Population stability index of the scores.")
    unseen: float | None = Field(description="The same for the share of features never met.")
    limit: float
    passed: bool


class SharesReply(BaseModel):
    hold: float | None
    reject: float | None


class ShadowReply(BaseModel):
    comments: int = Field(description="How many new comments the challenger has scored.")
    agreement: float | None = Field(description="Share that both give the same verdict.")
    challenger: SharesReply
    champion: SharesReply


class ModelReply(BaseModel):
    version: str
    status: Literal["champion", "challenger", "retired"]
    created_at: str
    metrics: dict[str, Any]
    problem: str | None = Field(None, description="Why it must not be used.")
    drift: DriftReply | None = Field(
        None, description="null: it holds no profile, or no week has enough comments yet."
    )
    shadow: ShadowReply | None = Field(None, description="For the challenger alone.")


class ModelsReply(BaseModel):
    models: list[ModelReply]


class PromotionRequest(Body):
    force: bool = False
    reason: Annotated[Line, Field(max_length=LONGEST_REASON)] | None = Field(
        None, description="Required with force, which promotes a version found worse."
    )


@bp.get("")
@requires(Role.OPERATOR, Scope.MODELS)
@bp.output(ModelsReply)
@bp.doc(security=SECURITY, responses=[401, 403, 503])
def show_list() -> ResponseReturnValue:
    """List the versions in the registry, with drift and, for the challenger, shadow scores."""
    built = services()
    found = overview(built.database, built.models, built.settings.drift_limit)
    return {"models": [one.told() for one in found]}


@bp.post("/<version>/promote")
@requires(Role.OPERATOR, Scope.MODELS)
@bp.output(ModelReply)
@bp.doc(security=SECURITY, responses=[400, 401, 403, 404, 409, 415, 422, 503])
def promote(version: str) -> ResponseReturnValue:
    """Make a version the champion; web workers follow within seconds.

    The body is optional: `{"force": true, "reason": "…"}`. 409 `challenger_worse`, with what was
    counted under `figures`, for a version that would hold more of the comments people published
    than the champion does, unless forced.
    """
    asked, built = _asked(), services()
    despite = (asked.reason or "") if asked.force else None
    learning.promote(
        version, _actor(), built.database, built.models, built.clock(), despite=despite
    )
    return _told(version)


@bp.post("/rollback")
@requires(Role.OPERATOR, Scope.MODELS)
@bp.output(ModelReply)
@bp.doc(security=SECURITY, responses=[401, 403, 409, 415, 503])
def rollback() -> ResponseReturnValue:
    """Make the champion before the present one champion again; needs no body."""
    built = services()
    change = learning.roll_back(_actor(), built.database, built.models, built.clock())
    return _told(change.version)


def _asked() -> PromotionRequest:
    """Return the body, read as strictly as any other, or its defaults where there is none."""
    if is_bodiless():
        return PromotionRequest()
    try:
        return PromotionRequest.model_validate(request.get_json())
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error


def _actor() -> Actor:
    caller = moderator()
    return Actor(caller.label, caller.id)


def _told(version: str) -> dict[str, Any]:
    built = services()
    found = standing(version, built.database, built.models, built.settings.drift_limit)
    return found.told()


def describe_body(description: dict[str, Any]) -> dict[str, Any]:
    """Tell in the API's description what the body of a promotion may hold."""
    schema = PromotionRequest.model_json_schema()
    operation = description["paths"]["/v1/models/{version}/promote"]["post"]
    operation["requestBody"] = {
        "required": False,
        "content": {"application/json": {"schema": schema}},
    }
    return description
