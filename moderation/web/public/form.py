"""The form without JavaScript: shows itself, takes a comment in, refuses without losing a word."""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial
from hashlib import sha256
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from moderation.domain.site import Site
from moderation.domain.thread import normalise_url, origin_of
from moderation.errors import InvalidRequest, ModerationError, NotFound, Problem
from moderation.submission.repeats import Repeat
from moderation.web import problems
from moderation.web.context import services, site
from moderation.web.fields import problems_of
from moderation.web.public import edit_cookies, pages, question, refusals
from moderation.web.public.comments import take_in
from moderation.web.public.discussion import Draft, Talks, View, for_page, new_key, read_talks
from moderation.web.public.schemas import CommentRequest
from moderation.web.sentences import say
from moderation.web.values import PageUrl, SiteKey, Title

NAMES = tuple(entry.name for entry in fields(Draft))
FIELDS = {
    # where a problem lies in a comment request: the field of the form
    "/text": "text",
    "/author/name": "name",
    "/author/email": "email",
    "/author/url": "url",
    **refusals.CAPTCHA_FIELDS,
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
    talks = read_talks(found, query.thread, query.view)
    lang = pages.locale_of(found, query.lang)
    draft = Draft(query.site, query.thread, query.title, query.parent, lang)
    return _page(
        found,
        draft,
        talks,
        order=query.oldest,
        outcome=query.result,
        sent=query.sent,
        is_parent_missing=bool(query.parent) and talks.parent is None,
        other_languages=pages.other_languages(),
    )


@bp.post("/form")
def send() -> ResponseReturnValue:
    """Take a comment in, as POST /v1/comments does, and lead to what became of it."""
    refusals.check_form()
    body = read_request(request.form)
    found = site(body.site)
    refusals.check_page(found)
    with question.demanded():
        receipt = take_in(body, found, read_repeat(request.form.get("key", ""), body))
    response = redirect(
        pages.discussion_url(
            found,
            body.thread.url,
            body.locale or "",
            outcome="published" if receipt.is_published else "received",
            sent=receipt.comment.id,
            _anchor=pages.RESULT,
        ),
        303,
    )
    edit_cookies.remember(response, receipt, found)
    return response


@bp.post("/form/question")
def renew() -> ResponseReturnValue:
    """Show the form as it was sent, with another question."""
    refusals.check_form()
    draft = replace(read_draft(request.form), answer="")
    found = site(draft.site)
    refusals.check_page(found)
    return _page(found, draft, _talks(found, draft))


@bp.after_request
def explain(response: Response) -> Response:
    """Turn a refusal into the form again."""
    return refusals.explain(response, lambda problem: _again(problem, read_draft(request.form)))


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


def read_repeat(key: str, body: CommentRequest) -> Repeat | None:
    """Return what the key of a form promises: the same form with the same words is one comment.

    Other words are another comment, so they are neither refused nor answered for the first. How
    the captcha was answered makes no difference.
    """
    if not key:
        return None
    content = body.model_dump_json(exclude={"captcha"})
    digest = sha256(f"{key}\n{content}".encode("utf-8", "replace")).hexdigest()
    return Repeat(digest, digest)


def _again(problem: dict[str, Any], draft: Draft) -> str:
    """Return the form as it was sent, with what is wrong beside the fields.

    While the database is away there is no fresh question; the captcha was given back, so the
    same answer is sent again. A form whose comment was withdrawn since becomes another form.
    """
    if problem["code"] == NotFound.code:
        problem["detail"] = say(problems.language(), "form.withdrawn")
        draft = replace(draft, key=new_key())
    wrong = refusals.by_field(problem, FIELDS)
    is_away = refusals.is_away(problem)
    found = None if is_away else _find(draft)
    if found is None:
        return pages.render("form.html", draft=draft, can_send=is_away, **wrong)
    return _page(found, draft, _talks(found, draft), **wrong)


def _page(found: Site, draft: Draft, talks: Talks | None, **things: Any) -> str:
    title = (talks.title if talks else "") or draft.title
    address: dict[str, Any] = {"site": draft.site, "thread": draft.thread}
    address |= {"title": draft.title or None, "lang": pages.other_lang(found, draft.lang)}
    return pages.render(
        "form.html",
        **for_page(found, draft, talks),
        **things,
        title=title,
        link=partial(url_for, "form.show", **{**address, "order": things.get("order")}),
        article_url=_article_url(found, draft.thread),
    )


def _find(draft: Draft) -> Site | None:
    try:
        return services().sites.by_key(draft.site)
    except ModerationError:
        return None


def _talks(found: Site, draft: Draft) -> Talks | None:
    parent = draft.parent if draft.parent.isprintable() else ""
    try:
        return read_talks(found, normalise_url(draft.thread), View(parent=parent))
    except (ModerationError, ValueError):
        return None


def _article_url(found: Site, thread: str) -> str | None:
    """Return where a link back may lead: to pages of the site, nowhere else."""
    try:
        return thread if origin_of(thread) in found.origins else None
    except ValueError:
        return None
