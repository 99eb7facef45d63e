"""The audit: who did what, when, in view of what; as pages, and as lines to keep elsewhere."""

from collections.abc import Iterator
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field

from moderation.domain.audit import Kind
from moderation.domain.key import Role, Scope
from moderation.storage.excerpts import Excerpt
from moderation.web import presenting
from moderation.web.api.schemas import SiteQuery
from moderation.web.auth import requires, site_in_view
from moderation.web.context import services
from moderation.web.values import Cursor, Instant, Line, Moment

bp = APIBlueprint("audit", __name__, url_prefix="/v1/moderation", tag="Moderators")
SECURITY = "bearer"
NDJSON = "application/x-ndjson"


class AuditQuery(SiteQuery):
    kind: Kind | None = None
    moderator: Annotated[Line, Field(max_length=254)] | None = Field(
        None, description="Who did it, exactly as the entries name them."
    )
    since: Instant | None = Field(None, description="Done at this moment or later.")
    until: Instant | None = Field(None, description="Done before this moment.")
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class EntryReply(BaseModel):
    """An entry; what else it tells depends on its kind."""

    model_config = ConfigDict(extra="allow")

    number: int
    kind: str
    id: str | None = None
    comment: str | None = None
    verdict: str | None = None
    reason: str | None = None
    note: str | None = None
    moderator: str
    key: int | None
    from_version: int | None = None
    from_status: str | None = None
    seen: str | None = Field(None, description="SHA-256 of the text that was decided about.")
    score: float | None = None
    model: str | None = None
    batch: str | None = None
    undoes: str | None = None
    created_at: Moment
    previous: str = Field(description="Hash of the entry before.")
    hash: str


class AuditReply(BaseModel):
    entries: list[EntryReply]
    next: str | None


@bp.get("/audit")
@requires(Role.READER, Scope.READ)
@bp.input(AuditQuery, location="query", arg_name="query")
@bp.output(AuditReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 422, 503])
def show(query: AuditQuery) -> ResponseReturnValue:
    """List who decided what, when, from which version; newest first."""
    excerpt = Excerpt(site_in_view(query.site), **query.model_dump(exclude={"site"}))
    with services().database.read() as memory:
        page = memory.audit.page(excerpt)
    entries: list[dict[str, Any]] = [presenting.entry(one) for one in page.items]
    return {"entries": entries, "next": page.next}


@bp.get("/audit.jsonl")
@requires(Role.READER, Scope.READ)
@bp.input(SiteQuery, location="query", arg_name="query")
@bp.doc(security=SECURITY, responses=[200, 401, 403, 404, 422, 503])
def export(query: SiteQuery) -> ResponseReturnValue:
    """Stream the whole audit of the site, the first entry first, one a line.

    The SHA-256 of each line, without its end, is the `previous` of the next.
    """
    return Response(_lines(site_in_view(query.site)), mimetype=NDJSON)


def _lines(site_id: int) -> Iterator[str]:
    database = services().database

    def stream() -> Iterator[str]:
        with database.read() as memory:
            for entry in memory.audit.all(site_id):
                yield f"{entry.line}\n"

    return stream()
