"""Blocks: what is blocked and what was, blocking with a look at what it would have caught."""

from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.domain.block import REFUSING, Block, BlockKind
from moderation.domain.comment import Comment
from moderation.domain.key import Role, Scope
from moderation.errors import InvalidRequest
from moderation.review.blocks import MOST_LOOKED_AT, Wanted, block, preview, unblock
from moderation.web.auth import moderator
from moderation.web.console import pages, session
from moderation.web.console.block_form import LONGEST_REASON, Draft, Expiry
from moderation.web.context import services

bp = APIBlueprint(
    "console_blocks", __name__, url_prefix=f"{pages.PREFIX}/<site_key>/blocks", enable_openapi=False
)
DONE = ("blocked", "unblocked")
ON_A_PAGE = 30
MOST_FORMER = 50
MOST_LOOKED_BACK = 1000
LONGEST_SEARCH = 254
LONGEST_PAGE = 4
BY_HAND = tuple(kind for kind in BlockKind if kind is not BlockKind.SENDER)


@bp.get("")
@session.member(Role.LEAD, Scope.BLOCK)
def show() -> ResponseReturnValue:
    """Show what is blocked, and the form for more; the address may fill it in."""
    done = request.args.get("done", "")
    draft = Draft.of(request.args.to_dict())
    is_open = bool({"kind", "pattern", "comment"} & request.args.keys())
    return pages.render(
        "blocks.html", **_list(), **_form(draft, is_open), done=done if done in DONE else ""
    )


@bp.post("")
@session.member(Role.LEAD, Scope.BLOCK)
def create() -> ResponseReturnValue:
    """Block."""
    draft, built = Draft.of(request.form.to_dict()), services()
    try:
        wanted = _wanted(draft)
        block(wanted, moderator(), built.database, built.desk.fold, built.clock())
    except InvalidRequest as error:
        return pages.refused(error, "blocks.html", **_list(), **_form(draft, True))
    built.fences.forget(session.here().id)
    return _done("blocked")


@bp.post("/preview")
@session.member(Role.LEAD, Scope.BLOCK)
def try_out() -> ResponseReturnValue:
    """Show what a block would have caught; nothing is changed."""
    draft, built = Draft.of(request.form.to_dict()), services()
    try:
        wanted = _wanted(draft)
        seen = preview(
            wanted,
            moderator(),
            built.database,
            built.desk.fold,
            built.client_secret,
            built.clock(),
        )
    except InvalidRequest as error:
        return pages.refused(error, "blocks.html", **_list(), **_form(draft, True))
    return pages.render(
        "block_preview.html",
        draft=draft,
        wanted=wanted,
        seen=seen,
        is_cut=seen.looked_at >= MOST_LOOKED_AT,
        comment=_comment(draft),
    )


@bp.post("/change")
@session.member(Role.LEAD, Scope.BLOCK)
def change() -> ResponseReturnValue:
    """Show the form again as it was, for another try."""
    draft = Draft.of(request.form.to_dict())
    return pages.render("blocks.html", **_list(), **_form(draft, True))


@bp.get("/<block_id>/remove")
@session.member(Role.LEAD, Scope.BLOCK)
def ask(block_id: str) -> ResponseReturnValue:
    """Ask whether a block shall go."""
    built = services()
    with built.database.read() as memory:
        found = memory.blocks.get(block_id, session.here().id)
    return pages.render("block_remove.html", one=found, now=built.clock())


@bp.post("/<block_id>/remove")
@session.member(Role.LEAD, Scope.BLOCK)
def remove(block_id: str) -> ResponseReturnValue:
    """Take a block away."""
    built = services()
    unblock(block_id, moderator(), built.database, built.clock())
    built.fences.forget(session.here().id)
    return _done("unblocked")


def _wanted(draft: Draft) -> Wanted:
    built = services()
    return draft.wanted(built.clock(), ZoneInfo(built.settings.time_zone))


def _done(what: str) -> ResponseReturnValue:
    here = session.here().key
    return redirect(url_for("console_blocks.show", site_key=here, done=what), 303)


def _list() -> dict[str, Any]:
    """Return a page of the blocks in force, and the latest of those that are not."""
    built, site_id = services(), session.here().id
    now = built.clock()
    with built.database.read() as memory:
        standing = memory.blocks.in_force(site_id, now)[::-1]
        latest = memory.blocks.of_site(site_id, MOST_LOOKED_BACK)
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found = [one for one in standing if _holds(one, search)]
    start = (_page() - 1) * ON_A_PAGE
    return {
        "n_standing": len(standing),
        "n_found": len(found),
        "standing": found[start : start + ON_A_PAGE],
        "former": [one for one in latest if not one.is_in_force(now)][:MOST_FORMER],
        "search": search,
        "page": _page(),
        "has_more": len(found) > start + ON_A_PAGE,
        "on_a_page": ON_A_PAGE,
    }


def _holds(one: Block, search: str) -> bool:
    return search.casefold() in f"{one.shown}\n{one.reason}\n{one.moderator}".casefold()


def _page() -> int:
    asked = request.args.get("page", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < LONGEST_PAGE
    return max(1, int(asked)) if is_number else 1


def _form(draft: Draft, is_open: bool) -> dict[str, Any]:
    return {
        "draft": draft,
        "is_open": is_open,
        "comment": _comment(draft),
        "kinds": BY_HAND,
        "verdicts": REFUSING,
        "expiries": tuple(Expiry),
        "longest_reason": LONGEST_REASON,
    }


def _comment(draft: Draft) -> Comment | None:
    """Return the comment whose sender is meant.

    Raises:
        NotFound: the site has none such.
    """
    if not draft.comment:
        return None
    with services().database.read() as memory:
        return memory.comments.get(draft.comment, session.here().id)
