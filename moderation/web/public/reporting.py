"""Pages for readers who report a comment, without JavaScript."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from moderation.domain.comment import Comment
from moderation.domain.report import REPORTABLE
from moderation.domain.site import Site
from moderation.errors import InvalidRequest, ModerationError, NotFound
from moderation.review.report import Complaint, find_reportable, report
from moderation.web.context import client, services
from moderation.web.fields import problems_of
from moderation.web.public import pages, question, receipts, refusals
from moderation.web.public.comments import read_captcha
from moderation.web.public.schemas import LONGEST_REPORT, ReportRequest
from moderation.web.values import Identifier

FIELDS = {
    # where a problem lies in a report: the field of the form
    "/reason": "reason",
    "/text": "details",
    **refusals.CAPTCHA_FIELDS,
}

bp = APIBlueprint("reporting", __name__, url_prefix="/form/report", enable_openapi=False)


class ReportQuery(pages.PageQuery):
    """Which comment is to be reported."""

    comment: Identifier


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of a report as they were filled in; what was not sent is empty.

    Attributes:
        site: whose limits count.
    """

    comment: str = ""
    site: str = ""
    lang: str = ""
    reason: str = ""
    details: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)


NAMES = tuple(entry.name for entry in fields(Draft))


@bp.before_request
def choose_language() -> None:
    """Speak the language asked for, in the address or in the form."""
    g.language = request.args.get("lang")
    g.language = request.form.get("lang") or g.language


@bp.get("")
def show() -> ResponseReturnValue:
    """Ask why a comment is reported."""
    query = pages.read_query(ReportQuery)
    comment, found = _find(query.comment)
    return _page(Draft(comment.id, found.key, query.lang), comment, found)


@bp.post("")
def send() -> ResponseReturnValue:
    """Take a report in, as POST /v1/comments/…/reports does, and thank for it.

    Who reports illegal content is led to a receipt.
    """
    refusals.check_form()
    draft = read_draft(request.form)
    body = read_request(draft)
    comment, found = _find(draft.comment)
    refusals.check_page(found)
    complaint = Complaint(
        comment=comment,
        site=found,
        reason=body.reason,
        text=body.text,
        client=client(),
        locale=body.locale or found.locale,
        member=None,
    )
    built = services()
    with question.demanded():
        kept = report(
            complaint, read_captcha(body.captcha), built.database, built.captcha, built.clock()
        )
    if receipts.has_receipt(kept):
        return redirect(receipts.receipt_path(kept, found, draft.lang), 303)
    asked: Any = {"outcome": "reported", "_anchor": pages.RESULT}
    return redirect(pages.discussion_url(found, comment.thread_url, draft.lang, **asked), 303)


@bp.post("/question")
def renew() -> ResponseReturnValue:
    """Show the form as it was sent, with another question."""
    refusals.check_form()
    draft = read_draft(request.form)
    comment, found = _find(draft.comment)
    refusals.check_page(found)
    return _page(draft, comment, found)


@bp.after_request
def explain(response: Response) -> Response:
    """Turn a refusal into the form again."""
    return refusals.explain(response, _again)


def read_draft(posted: Mapping[str, str]) -> Draft:
    """Return what was posted."""
    return Draft(**{name: posted.get(name, "") for name in NAMES})


def read_request(draft: Draft) -> ReportRequest:
    """Return the report that was posted, held to the same rules as one in JSON.

    Raises:
        InvalidRequest: with every problem at once.
    """
    body = {
        "reason": draft.reason,
        "text": draft.details,
        "captcha": {"token": draft.token, "answer": draft.answer} if draft.token else None,
        "locale": draft.lang or None,
    }
    if not draft.reason:
        raise InvalidRequest.at("/reason", "missing")
    try:
        return ReportRequest.model_validate(body)
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error


def _find(comment_id: str) -> tuple[Comment, Site]:
    if not comment_id.isprintable():  # which a database may not even be asked for
        raise NotFound(comment_id)
    comment, found = find_reportable(comment_id, services().database)
    g.site_language = found.locale
    g.back = pages.discussion_url(found, comment.thread_url, request.values.get("lang", ""))
    return comment, found


def _again(problem: dict[str, Any]) -> str:
    draft, things = read_draft(request.form), refusals.by_field(problem, FIELDS)
    if refusals.is_away(problem):
        return _render(draft, **things)
    with suppress(ModerationError):
        return _page(draft, *_find(draft.comment), **things)
    return _render(draft, can_send=False, **things)


def _page(draft: Draft, comment: Comment, found: Site, **things: Any) -> str:
    lang = pages.locale_of(found, draft.lang)
    return _render(
        draft,
        **question.for_page(found, lang, is_asked=bool(draft.token)),
        **things,
        comment=comment,
        back=g.back,
    )


def _render(draft: Draft, **things: Any) -> str:
    reasons = tuple(reason.value for reason in REPORTABLE)
    fixed = {"draft": draft, "reasons": reasons, "longest": LONGEST_REPORT}
    return pages.render("report.html", **{"can_send": True, **things}, **fixed)
