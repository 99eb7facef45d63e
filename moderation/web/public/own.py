"""Pages for authors: changing one's own comment, and withdrawing it, without JavaScript."""

from contextlib import suppress
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from werkzeug.wrappers import Response as Redirection

from moderation.errors import (
    EditClosed,
    Forbidden,
    InvalidRequest,
    ModerationError,
    Unauthenticated,
)
from moderation.submission.amend import Own, amend, find_own, is_open, withdraw
from moderation.web.context import services
from moderation.web.fields import problems_of
from moderation.web.public import edit_cookies, pages, refusals
from moderation.web.public.schemas import EditRequest
from moderation.web.values import Identifier

FIELDS = {"/text": "text"}

bp = APIBlueprint("own", __name__, url_prefix="/form", enable_openapi=False)


class OwnQuery(pages.PageQuery):
    """Which comment its author wants to change."""

    comment: Identifier


@bp.before_request
def choose_language() -> None:
    """Speak the language asked for, in the address or in the form."""
    g.language = request.args.get("lang")
    g.language = request.form.get("lang") or g.language


@bp.get("/edit")
def edit() -> ResponseReturnValue:
    """Show the text of one's own comment, to be changed."""
    own = _open(pages.read_query(OwnQuery).comment)
    return _page("edit.html", own, text=own.comment.text)


@bp.post("/edit")
def change() -> ResponseReturnValue:
    """Change the text, as PATCH /v1/comments/… does, and lead to what became of it."""
    own = _posted()
    try:
        body = EditRequest(text=request.form.get("text", ""))
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error
    receipt = amend(own, body.text, services().desk, services().clock())
    return _lead(own, "changed" if receipt.is_published else "rechecked", own.comment.id)


@bp.get("/delete")
def ask() -> ResponseReturnValue:
    """Ask whether one's own comment is to be withdrawn for good."""
    return _page("delete.html", _open(pages.read_query(OwnQuery).comment))


@bp.post("/delete")
def remove() -> ResponseReturnValue:
    """Withdraw one's own comment, as DELETE /v1/comments/… does."""
    own = _posted()
    withdraw(own, services().desk, services().clock())
    response = _lead(own, "withdrawn", None)
    edit_cookies.forget(response, own.comment.id)
    return response


@bp.after_request
def explain(response: Response) -> Response:
    """Turn a refusal into the page again; what was typed is still there."""
    return refusals.explain(response, _again)


def _own(comment_id: str) -> Own:
    """Return the comment whose edit token the browser has.

    Raises:
        Forbidden: it has none, or not that comment's.
        NotFound: the comment was withdrawn.
    """
    desk, token = services().desk, edit_cookies.token_of(comment_id)
    try:
        own = find_own(comment_id, token, desk.database, desk.edit_tokens)
    except Unauthenticated as error:
        raise Forbidden(comment_id) from error
    g.site_language = own.site.locale
    g.back = pages.discussion_url(own.site, own.comment.thread_url, request.values.get("lang", ""))
    return own


def _open(comment_id: str) -> Own:
    own = _own(comment_id)
    if not is_open(own, services().clock()):
        raise EditClosed(comment_id)
    return own


def _posted() -> Own:
    refusals.check_form()
    own = _own(request.form.get("comment", ""))
    refusals.check_page(own.site)
    return own


def _again(problem: dict[str, Any]) -> str:
    template = "edit.html" if request.path.endswith("/edit") else "delete.html"
    own = None
    if not refusals.is_away(problem):
        with suppress(ModerationError):
            own = _own(request.form.get("comment", ""))
    things = refusals.by_field(problem, FIELDS)
    things["can_send"] = problem["code"] != EditClosed.code
    return _page(template, own, text=request.form.get("text", ""), **things)


def _page(template: str, own: Own | None, **things: Any) -> str:
    lang = request.values.get("lang", "")
    comment, posted = (own.comment if own else None), request.form
    return pages.render(
        template,
        **{"can_send": True, **things},
        comment=comment,
        comment_id=comment.id if comment else posted.get("comment", ""),
        lang=lang,
        until=comment.created_at + own.site.policy.edit_window if own and comment else None,
        back=g.get("back"),
    )


def _lead(own: Own, outcome: str, sent: str | None) -> Redirection:
    lang, thread = request.form.get("lang", ""), own.comment.thread_url
    asked: Any = {"outcome": outcome, "sent": sent, "_anchor": pages.RESULT}
    return redirect(pages.discussion_url(own.site, thread, lang, **asked), 303)
