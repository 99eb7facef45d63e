"""Pages of the console: the frame around them, their language, and how they refuse."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from moderation.domain.comment import Status
from moderation.domain.key import Role, Scope
from moderation.errors import Forbidden, InvalidRequest, ModerationError, NotFound, Unauthenticated
from moderation.web import problems
from moderation.web.console import session
from moderation.web.context import services
from moderation.web.public import pages
from moderation.web.sentences import choose_language, complete

PREFIX = "/console"
LANGUAGE_COOKIE = "moderation_language"
LANGUAGE_SECONDS = 365 * 24 * 3600
NAVIGATION = (
    # blueprint, name of its sentence, what it takes
    ("console_queue", "queue", Role.READER, Scope.READ),
    ("console_statistics", "statistics", Role.READER, Scope.READ),
    ("console_audit", "audit", Role.READER, Scope.READ),
    ("console_blocks", "blocks", Role.LEAD, Scope.BLOCK),
    ("console_policy", "policy", Role.OPERATOR, Scope.READ),
    ("console_models", "models", Role.OPERATOR, Scope.MODELS),
    ("console_webhooks", "webhooks", Role.OPERATOR, Scope.WEBHOOKS),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    name: str
    url: str
    is_current: bool


def register(app: Flask) -> None:
    """Make `app` speak the reader's language in the console, and refuse with pages there."""
    app.before_request(choose)
    app.after_request(explain)


def choose() -> None:
    """Speak the language asked for, now or before; else the browser's, if it has every sentence."""
    if is_console():
        wanted = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
        g.language = complete(choose_language(wanted, request.headers.get("Accept-Language")))


def render(template: str, **things: Any) -> str:
    """Return a page in its frame."""
    return pages.render(
        f"console/{template}",
        frame=_frame(),
        visit=g.get("visit"),
        site=g.get("site"),
        me=g.get("moderator"),
        csrf=session.csrf_token() if "visit" in g else "",
        other_language=pages.other_language(),
        **{"wrong": {}, **things},
    )


def refused(error: ModerationError, template: str, **things: Any) -> Response:
    """Answer a form that was not accepted with the page it stands on, and what is wrong with it.

    The page has `problem`, and `wrong`: what is wrong with each field, by its name.
    """
    response = problems.refuse(error)
    problem = response.get_json()
    found = {one["pointer"].strip("/"): one["message"] for one in problem.get("errors", [])}
    page = render(template, problem=problem, wrong=found, **things)
    return pages.show_instead(response, page)


def explain(response: Response) -> Answer:
    """Turn refusals into pages; who is not signed in is led to where they can."""
    if not is_console():
        return response
    response.headers.setdefault("Cache-Control", pages.KEEPING)
    response.vary.add("Cookie")  # going back shows what was kept for this session alone
    if lang := request.args.get("lang"):
        response.set_cookie(
            LANGUAGE_COOKIE,
            complete(choose_language(lang)),
            max_age=LANGUAGE_SECONDS,
            path=PREFIX,
            samesite="Lax",
        )
    if not pages.is_problem(response):
        return response
    problem = response.get_json()
    if problem["code"] == Unauthenticated.code:
        return _to_sign_in()
    return pages.show_instead(response, render("error.html", problem=problem, name=_named(problem)))


def _named(problem: dict[str, Any]) -> str:
    """Return how the sentences about a refusal begin that only the console has; "" for others."""
    if problem["code"] == Forbidden.code:
        return "forbidden"
    is_of_no_site = "site_key" in (request.view_args or {}) and "site" not in g
    return "not_yours" if problem["code"] == NotFound.code and is_of_no_site else ""


def is_console() -> bool:
    """Tell whether the request is about a page of the console."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def wrong(field: str, code: str, **data: Any) -> InvalidRequest:
    """Return the error of a field of a form."""
    return InvalidRequest.at(f"/{field}", code, **data)


def _to_sign_in() -> Answer:
    then = request.full_path.rstrip("?") if request.method == "GET" else _stood_on() or _above()
    if then == PREFIX:
        then = None
    return session.forget(redirect(url_for("console_entrance.show", then=then), 303))


def _stood_on() -> str | None:
    """Return the page with the form that was sent, if it is one of ours that can be asked for."""
    ours = f"{request.host_url}{PREFIX[1:]}/"
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not (request.referrer or "").startswith(ours):
        return None
    place = f"/{str(request.referrer).removeprefix(request.host_url)}"
    return place if adapter.test(place.partition("?")[0], "GET") else None


def _above() -> str | None:
    """Return the page that the address of a form's answer belongs to: the nearest one above it."""
    adapter = current_app.create_url_adapter(request)
    place = request.path
    while adapter is not None and place.startswith(f"{PREFIX}/"):
        if adapter.test(place, "GET"):
            return place
        place = place.rpartition("/")[0]
    return None


def _frame() -> dict[str, Any]:
    """Return what stands around every page: the sites, where one can go, and how many wait."""
    found, visit = g.get("site"), g.get("visit")
    if visit is None:
        return {"sites": (), "links": (), "held": None}
    built = services()
    sites = [built.sites.by_key(key.site_key) for key in visit.memberships]
    if found is None:
        return {"sites": sites, "links": (), "held": None}
    with built.database.read() as memory:
        held = memory.counts.of_site(found.id)[Status.HELD]
    return {"sites": sites, "links": _links(found.key), "held": held}


def _links(site_key: str) -> list[Link]:
    return [
        Link(name, url_for(f"{blueprint}.show", site_key=site_key), blueprint == request.blueprint)
        for blueprint, name, role, scope in NAVIGATION
        if g.moderator.may(role, scope) and f"{blueprint}.show" in current_app.view_functions
    ]
