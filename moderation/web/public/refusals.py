"""A refused form becomes a page again: what is wrong in it, beside what the reader wrote.

A refusal is the API's own (moderation.web.problems); whatever could be read of the form is still
in it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from moderation.domain.site import Site
from moderation.errors import (
    CaptchaExpired,
    CaptchaFailed,
    CaptchaReplayed,
    CaptchaRequired,
    Forbidden,
    InvalidRequest,
    StoreUnavailable,
)
from moderation.web import problems
from moderation.web.context import services
from moderation.web.origins import check_origin
from moderation.web.public import pages
from moderation.web.sentences import say

FORM = "application/x-www-form-urlencoded"
CAPTCHA = frozenset({CaptchaFailed.code, CaptchaExpired.code, CaptchaReplayed.code})
CAPTCHA_FIELDS = dict.fromkeys(("/captcha", "/captcha/token", "/captcha/answer"), "answer")
UNREAD = {
    # status of a form nothing could be read of: the sentence that says so
    400: "error.malformed_form",
    413: "form.too_large",
    415: "error.malformed_form",
}

Again = Callable[[dict[str, Any]], str]
"""Makes a page of a problem, with the form as it was sent."""


def check_form() -> None:
    """Refuse a body that no form sends.

    Raises:
        UnsupportedMediaType: it is something else.
    """
    if request.mimetype != FORM:
        raise UnsupportedMediaType


def check_page(found: Site) -> None:
    """Refuse a browser that was sent by a page which is neither ours nor the site's.

    Raises:
        OriginNotAllowed: as `check_origin` does.
    """
    origin = request.headers.get("Origin", "")
    host = origin.partition("://")[2]
    if host != request.host and origin != services().settings.service_url:
        check_origin(found)


def explain(response: Response, again: Again) -> Response:
    """Turn a refusal into a page; whatever of the form could be read is still in it."""
    response.headers["Cache-Control"] = pages.KEEPING
    if not pages.is_problem(response):
        return response
    problem = pages.read_problem(response)
    sentence = UNREAD.get(response.status_code)
    if problem["code"] == Forbidden.code:
        sentence = "form.not_yours"
    if request.method != "POST" and problem["code"] == InvalidRequest.code:
        sentence = "form.broken_link"
    if sentence:
        problem["detail"] = say(problems.language(), sentence)
    if request.method != "POST" or sentence:
        return pages.show_instead(response, pages.render("error.html", problem=problem))
    return pages.show_instead(response, again(problem))


def by_field(problem: dict[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """Return what templates need to say what is wrong, and where.

    Args:
        fields: by JSON Pointer in the request: the field of the form.
    """
    told = [{**one, "field": fields.get(one["pointer"])} for one in problem.get("errors", [])]
    if problem["code"] in CAPTCHA:
        told = [{"field": "answer", "message": problem["detail"]}]
    return {
        "problem": problem,
        "problems": told,
        "errors": {one["field"]: one["message"] for one in reversed(told)},
        "is_asked_more": problem["code"] == CaptchaRequired.code,
    }


def is_away(problem: dict[str, Any]) -> bool:
    """Tell whether the database is away: nothing can be looked up, and no captcha was spent."""
    return bool(problem["code"] == StoreUnavailable.code)
