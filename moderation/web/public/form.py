"""The form without JavaScript: shows itself, takes a comment in, refuses without losing a word.

A refusal is the API's own (moderation.web.problems), told on a page that still holds what the
reader wrote.
"""

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from moderation.domain.site import Site
from moderation.domain.thread import normalise_url, origin_of
from moderation.errors import (
    CaptchaExpired,
    CaptchaFailed,
    CaptchaReplayed,
    InvalidRequest,
    ModerationError,
    Problem,
    StoreUnavailable,
)
from moderation.submission.submit import submit
from moderation.web import problems
from moderation.web.context import services, site
from moderation.web.fields import problems_of
from moderation.web.origins import check_origin
from moderation.web.public import pages
from moderation.web.public.comments import read_answer, read_submission
from moderation.web.public.discussion import Draft, Talks, for_page, read_talks
from moderation.web.public.schemas import CommentRequest
from moderation.web.sentences import say
from moderation.web.values import PageUrl, SiteKey, Title

FORM = "application/x-www-form-urlencoded"
NAMES = tuple(entry.name for entry in fields(Draft))
FIELDS = {
    # where a problem lies in a comment request: the field of the form
    "/text": "text",
    "/author/name": "name",
    "/author/email": "email",
    "/author/url": "url",
    "/captcha": "answer",
    "/captcha/token": "answer",
    "/captcha/answer": "answer",
}
CAPTCHA = frozenset({CaptchaFailed.code, CaptchaExpired.code, CaptchaReplayed.code})
UNREAD = {
    # status of a form nothing could be read of: the sentence that says so
    400: "error.malformed_form",
    413: "form.too_large",
    415: "error.malformed_form",
}

bp = APIBlueprint("form", __name__, enable_openapi=False)


class FormQuery(pages.PageQuery):
    """Whose form is asked for, and for which page."""

    site: SiteKey
    thread: PageUrl
    title: Title = ""


@bp.before_request
def choose_language() -> None:
    """Speak the language asked for: in the address, which even too long a form has, or in it."""
    g.language = request.args.get("lang")
    g.language = request.form.get("lang") or g.language


@bp.get("/form")
def show() -> ResponseReturnValue:
    """Show the form of a page, and the comments that are published there."""
    query = pages.read_query(FormQuery)
    found = site(query.site)
    talks = read_talks(found, query.thread, query.cursor, query.parent)
    lang = pages.locale_of(found, query.lang)
    draft = Draft(query.site, query.thread, query.title, query.parent, lang)
    return _page(
        found,
        draft,
        talks,
        outcome=query.result,
        is_parent_missing=bool(query.parent) and talks.parent is None,
        other_language=pages.other_language(),
    )


@bp.post("/form")
def send() -> ResponseReturnValue:
    """Take a comment in, as POST /v1/comments does, and lead to what became of it."""
    if request.mimetype != FORM:
        raise UnsupportedMediaType
    body = read_request(request.form)
    found = site(body.site)
    check_page(found)
    receipt = submit(read_submission(body, found), read_answer(body), services().desk)
    outcome = "published" if receipt.is_published else "received"
    return redirect(_result_url(found, body, outcome), 303)


@bp.after_request
def explain(response: Response) -> Response:
    """Turn a refusal into a page; whatever of the form could be read is still in it."""
    response.headers["Cache-Control"] = pages.KEEPING
    if not pages.is_problem(response):
        return response
    problem = pages.read_problem(response)
    if request.method != "POST":
        return pages.show_instead(response, pages.render("error.html", problem=problem))
    if sentence := UNREAD.get(response.status_code):
        problem["detail"] = say(problems.language(), sentence)
        return pages.show_instead(response, pages.render("error.html", problem=problem))
    return pages.show_instead(response, _refusal(problem, read_draft(request.form)))


def read_draft(posted: Mapping[str, str]) -> Draft:
    """Return what was posted, without the fields that a form does not have."""
    return Draft(**{name: posted.get(name, "") for name in NAMES})


def read_request(posted: Mapping[str, str]) -> CommentRequest:
    """Return the comment that was posted, held to the same rules as one in JSON.

    Raises:
        InvalidRequest: with every problem at once.
    """
    draft = read_draft(posted)
    body = {
        "site": draft.site,
        "thread": {"url": draft.thread, "title": draft.title},
        "parent": draft.parent or None,
        "author": {"name": draft.name, "email": draft.email, "url": draft.url},
        "text": draft.text,
        "captcha": {"token": draft.token, "answer": draft.answer} if draft.token else None,
        "website": draft.website,
        "locale": draft.lang or None,
    }
    unknown = [Problem(f"/{name}", "unknown_field", {}) for name in posted if name not in NAMES]
    try:
        comment = CommentRequest.model_validate(body)
    except ValidationError as error:
        raise InvalidRequest([*problems_of(error), *unknown]) from error
    if unknown:
        raise InvalidRequest(unknown)
    return comment


def check_page(found: Site) -> None:
    """Refuse a browser that was sent by a page which is neither ours nor the site's.

    Raises:
        OriginNotAllowed: as `check_origin` does.
    """
    origin = request.headers.get("Origin", "")
    host = origin.partition("://")[2]
    if host != request.host and origin != services().settings.service_url:
        check_origin(found)


def _result_url(found: Site, body: CommentRequest, outcome: str) -> str:
    lang = _other_lang(found, body.locale or "")
    if found.name == pages.DEMO and body.thread.url == pages.demo_thread():
        return url_for("demo.show", lang=lang, outcome=outcome, _anchor=pages.RESULT)
    return url_for(
        "form.show",
        site=found.key,
        thread=body.thread.url,
        lang=lang,
        outcome=outcome,
        _anchor=pages.RESULT,
    )


def _refusal(problem: dict[str, Any], draft: Draft) -> str:
    """Return the form as it was sent, with what is wrong beside the fields.

    While the database is away there is no fresh question; the captcha was given back, so the
    same answer is sent again.
    """
    told = [{**one, "field": FIELDS.get(one["pointer"])} for one in problem.get("errors", [])]
    if problem["code"] in CAPTCHA:
        told = [{"field": "answer", "message": problem["detail"]}]
    things = {
        "problem": problem,
        "problems": told,
        "errors": {one["field"]: one["message"] for one in reversed(told)},
    }
    is_away = problem["code"] == StoreUnavailable.code
    found = None if is_away else _find(draft)
    if found is None:
        return pages.render("form.html", draft=draft, can_send=is_away, **things)
    return _page(found, draft, _talks(found, draft), **things)


def _page(found: Site, draft: Draft, talks: Talks | None, **things: Any) -> str:
    title = (talks.title if talks else "") or draft.title
    address: dict[str, Any] = {"site": draft.site, "thread": draft.thread}
    lang = _other_lang(found, draft.lang)
    link = partial(url_for, "form.show", **address, title=draft.title or None, lang=lang)
    return pages.render(
        "form.html",
        **for_page(found, draft, talks),
        **things,
        title=title,
        link=link,
        article_url=_article_url(found, draft.thread),
    )


def _find(draft: Draft) -> Site | None:
    try:
        return services().sites.by_key(draft.site) if draft.site.isprintable() else None
    except ModerationError:
        return None


def _talks(found: Site, draft: Draft) -> Talks | None:
    parent = draft.parent if draft.parent.isprintable() else ""
    try:
        return read_talks(found, normalise_url(draft.thread), parent=parent)
    except (ModerationError, ValueError):
        return None


def _article_url(found: Site, thread: str) -> str | None:
    """Return where a link back may lead: to pages of the site, nowhere else."""
    try:
        return thread if origin_of(thread) in found.origins else None
    except ValueError:
        return None


def _other_lang(found: Site, lang: str) -> str | None:
    return None if pages.locale_of(found, lang) == found.locale else lang
