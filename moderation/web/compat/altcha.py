"""ALTCHA: challenges for its widget, and the answer whether a payload is good.

The widget since version 3 (attribute `challenge`) understands version 2 of the proof of work, so
that is what it gets; older ones (`challengeurl`) ask with ``v=1``.
"""

from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from moderation.errors import CaptchaExpired, CaptchaFailed, CaptchaReplayed, InvalidRequest
from moderation.web.context import client, services, site
from moderation.web.fields import problems_of
from moderation.web.origins import check_origin
from moderation.web.values import SiteKey

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

bp = APIBlueprint("altcha", __name__, url_prefix="/altcha", tag="ALTCHA")


class WorkQuery(BaseModel):
    site: SiteKey
    v: Literal["1", "2"] = "2"


class WorkReply(BaseModel):
    """A challenge: of version 2 with parameters, of version 1 with the rest."""

    signature: str
    parameters: dict[str, Any] | None = None
    algorithm: str | None = None
    challenge: str | None = None
    maxnumber: int | None = None
    salt: str | None = None


class PayloadRequest(BaseModel):
    model_config = ConfigDict(strict=True)

    payload: Annotated[str, Field(description="What the widget put into the form: base64.")]


class PayloadReply(BaseModel):
    verified: bool


@bp.get("/challenge")
@bp.input(WorkQuery, location="query", arg_name="query")
@bp.output(WorkReply)
@bp.doc(responses=[403, 404, 422, 429])
def challenge(query: WorkQuery) -> ResponseReturnValue:
    """Give ALTCHA's widget a proof of work to do.

    The payload it sends with the form opens one comment (`captcha.altcha`) or one
    `POST /altcha/verify`, whichever comes first.
    """
    found = site(query.site)
    check_origin(found)
    work = services().captcha.issue_work(found, client(), version=int(query.v))
    response: Response = jsonify(work)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/verify")
@bp.output(PayloadReply)
@bp.doc(responses=[400, 403, 404, 413, 422, 503])
def verify() -> ResponseReturnValue:
    """Tell whether a payload is good, and burn it: it is good nowhere again.

    In JSON, or as a form. 503 while nobody knows which payloads were used: try again.
    """
    return {"verified": _consume(_read_payload())}


def describe_payload(description: dict[str, Any]) -> dict[str, Any]:
    """Tell in the API's description what a body to verify holds, in each of its two forms."""
    content = {"schema": PayloadRequest.model_json_schema()}
    description["paths"]["/altcha/verify"]["post"]["requestBody"] = {
        "required": True,
        "content": {"application/json": content, FORMS[0]: content},
    }
    return description


def _consume(payload: str) -> bool:
    work = services().captcha.work
    try:
        ticket = work.read(payload)
        check_origin(site(ticket.site))
        work.spend(ticket)
    except (CaptchaFailed, CaptchaExpired, CaptchaReplayed):
        return False
    return True


def _read_payload() -> str:
    given = request.form.to_dict() if request.mimetype in FORMS else request.get_json()
    try:
        return PayloadRequest.model_validate(given).payload
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error
