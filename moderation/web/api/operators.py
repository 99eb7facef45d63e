"""For operators: scores, and people's decisions as training data."""

from collections.abc import Iterator
from datetime import datetime

from apiflask import APIBlueprint
from flask import Response, current_app
from flask.typing import ResponseReturnValue

from moderation.domain.key import Role, Scope
from moderation.errors import StoreUnavailable
from moderation.learning.examples import row_of
from moderation.web.api.schemas import LabelsQuery, ScoreReply, ScoreRequest
from moderation.web.auth import moderator, requires, site_in_view
from moderation.web.context import services

bp = APIBlueprint("operators", __name__, url_prefix="/v1", tag="Operators")
SECURITY = "bearer"
NDJSON = "application/x-ndjson"


@bp.post("/score")
@requires(Role.OPERATOR, Scope.LEARN)
@bp.input(ScoreRequest, arg_name="body")
@bp.output(ScoreReply)
@bp.doc(security=SECURITY, responses=[400, 401, 403, 422, 503])
def score(body: ScoreRequest) -> ResponseReturnValue:
    """Score texts with the champion: probabilities of spam, in order."""
    built = services()
    with built.database.read() as memory:
        site = memory.sites.by_id(moderator().site_id)
    scored = built.model.scores(body.texts, site.locale)
    if scored is None:
        raise StoreUnavailable("model")
    return {"scores": scored[0], "model": scored[1]}


@bp.get("/labels.jsonl")
@requires(Role.OPERATOR, Scope.LEARN)
@bp.input(LabelsQuery, location="query", arg_name="query")
@bp.doc(security=SECURITY, responses=[200, 401, 403, 404, 422, 503])
def labels(query: LabelsQuery) -> ResponseReturnValue:
    """Stream people's latest decision about each comment, one JSON object a line.

    `publish` is ham; `reject` for SPAM or AD is spam; an abusive comment is `toxic`, which the
    spam model counts as ham; other rejections are `other` and teach nothing.
    """
    site_id = site_in_view(query.site)
    return Response(_lines(site_id, query.since), mimetype=NDJSON)


def _lines(site_id: int, since: datetime | None) -> Iterator[str]:
    database, dumps = services().database, current_app.json.dumps

    def stream() -> Iterator[str]:
        with database.read() as memory:
            for decision, comment in memory.labels.since(since, site_id=site_id):
                yield f"{dumps(row_of(decision, comment))}\n"

    return stream()
