"""The queue: lists of comments, the next one that waits, and how texts are shown."""

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.key import Role, Scope
from moderation.domain.page import Page
from moderation.errors import InvalidRequest
from moderation.review.claims import claim_next
from moderation.storage.listing import Order
from moderation.web.auth import moderator
from moderation.web.console import criteria, notice, pages, rows, session, veil
from moderation.web.console.criteria import Asked
from moderation.web.context import services
from moderation.web.sentences import NAMES

bp = APIBlueprint(
    "console_queue", __name__, url_prefix=f"{pages.PREFIX}/<site_key>/queue", enable_openapi=False
)
NEXT = "next"
STATUSES = (Status.HELD, Status.PUBLISHED, Status.REJECTED)  # in the order of their tabs


@bp.get("")
@session.member(Role.READER)
def show() -> ResponseReturnValue:
    """List the comments that are asked for."""
    asked = Asked()
    try:
        asked = criteria.read(request.args.items())
        found = _find(asked)
    except InvalidRequest as error:
        return pages.refused(error, "queue.html", **_things(asked, Page((), None)))
    return pages.render("queue.html", **_things(asked, found))


@bp.post("/next")
@session.member(Role.MODERATOR, Scope.DECIDE)
def take_next() -> ResponseReturnValue:
    """Give the moderator the next comment of the list that nobody else is reading."""
    return redirect(next_url(criteria.read_written(request.form.get("list", ""))), 303)


@bp.post("/veil")
@session.member(Role.READER)
def choose_veil() -> ResponseReturnValue:
    """Veil the texts that were not published, or do so no more."""
    asked = criteria.read_written(request.form.get("list", ""))
    return veil.choose(redirect(list_url(asked), 303), request.form.get("veil") == "on")


def list_url(asked: Asked, **also: str | None) -> str:
    """Return the address of a list on the site that is looked at."""
    return url_for("console_queue.show", site_key=session.here().key, **asked.args(**also))


def next_url(asked: Asked, done: str | None = None) -> str:
    """Claim the next comment of a list and return its address; the list's, if none is left."""
    found, built = session.here(), services()
    listing = criteria.listing_of(asked, found, is_paged=False)
    now, lasting = built.clock(), built.settings.claim_lifetime
    claimed = claim_next(listing, moderator(), built.database, now, lasting)
    if claimed is None:
        return list_url(asked, cursor=None, done=done, empty="1")
    return comment_url(claimed.comment.id, asked, NEXT, done)


def comment_url(comment_id: str, asked: Asked, turn: str = "", done: str | None = None) -> str:
    """Return the address of one comment, from which one comes back to the list."""
    return url_for(
        "console_comment.show",
        site_key=session.here().key,
        comment_id=comment_id,
        list=asked.written() or None,
        turn=turn or None,
        done=done,
    )


def _find(asked: Asked) -> Page[Any]:
    listing = criteria.listing_of(asked, session.here())
    with services().database.read() as memory:
        return memory.comments.find(listing)


def _things(asked: Asked, found: Page[Any]) -> Mapping[str, Any]:
    with services().database.read() as memory:
        counts = memory.counts.of_site(session.here().id)
    return {
        **rows.tools(asked),
        "rows": rows.rows_of(found.items),
        "next": found.next,
        "counts": counts,
        "statuses": STATUSES,
        "orders": list(Order),
        "reasons": list(Reason),
        "finding_names": rows.finding_names(),
        "languages_of_forms": NAMES,
        "done": notice.just_done(),
        "is_empty_handed": request.args.get("empty") == "1",
    }
