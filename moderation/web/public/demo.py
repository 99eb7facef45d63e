"""The demonstration: a newspaper article with the form and the comments below it."""

from functools import partial

from apiflask import APIBlueprint
from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.domain.site import Site
from moderation.errors import NotFound
from moderation.web.context import services
from moderation.web.public import pages
from moderation.web.public.discussion import Draft, for_page, read_talks
from moderation.web.sentences import choose_language, complete, say

bp = APIBlueprint("demo", __name__, enable_openapi=False)


@bp.before_request
def choose() -> None:
    """Speak French unless another language is asked for; the article has an English version."""
    g.language = complete(choose_language(request.args.get("lang")))


@bp.get("/")
def home() -> ResponseReturnValue:
    """Lead to the demonstration."""
    return redirect(url_for("demo.show"))


@bp.get("/demo")
def show() -> ResponseReturnValue:
    """Show the article, the form, and the published comments."""
    query = pages.read_query(pages.PageQuery)
    found = find_demo()
    thread = pages.demo_thread()
    talks = read_talks(found, thread, query.view)
    title = say(choose_language(found.locale), "demo.headline")
    lang = pages.locale_of(found, g.language)
    other = pages.other_lang(found, g.language)
    draft = Draft(found.key, thread, title, query.parent, lang)
    return pages.render(
        "demo.html",
        **for_page(found, draft, talks),
        link=partial(url_for, "demo.show", lang=other, order=query.oldest),
        outcome=query.result,
        sent=query.sent,
        is_beside_article=True,
        is_parent_missing=bool(query.parent) and talks.parent is None,
        other_language=pages.other_language(),
    )


@bp.after_request
def explain(response: Response) -> Response:
    """Show the article without the form when the limit is spent or the database is away."""
    response.headers["Cache-Control"] = pages.KEEPING
    if not pages.is_problem(response):
        return response
    choose()  # a limit may refuse before the language is chosen
    problem = pages.read_problem(response)
    template = "demo.html" if response.status_code in (429, 503) else "error.html"
    page = pages.render(template, problem=problem, other_language=pages.other_language())
    return pages.show_instead(response, page)


def find_demo() -> Site:
    """Return the site of the demonstration.

    Raises:
        NotFound: this installation has none.
    """
    with services().database.read() as memory:
        found = memory.sites.by_name(pages.DEMO)
    if found is None:
        raise NotFound(pages.DEMO)
    return found
