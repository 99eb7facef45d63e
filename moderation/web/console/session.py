"""Who is signed in to the console: the cookie, what they may do here, and forms that are theirs."""

import hmac
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar, cast

from flask import g, request
from werkzeug.wrappers import Response

from moderation.access.sign_in import LASTING, Visit, find_visit
from moderation.domain.key import Moderator, Role, Scope
from moderation.domain.site import Site
from moderation.errors import Forbidden, NotFound, Unauthenticated
from moderation.web.context import services, site
from moderation.web.public.refusals import check_form

COOKIE = "moderation_session"
PATH = "/console"
CSRF_FIELD = "csrf"
SAFE = ("GET", "HEAD")
LONGEST_TOKEN = 100
View = TypeVar("View", bound=Callable[..., Any])


def signed_in(view: View) -> View:
    """Let only people who are signed in into a view; their forms must be our own."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        enter()
        return view(*args, **kwargs)

    return cast(View, guarded)


def member(role: Role, scope: Scope = Scope.READ) -> Callable[[View], Callable[..., Any]]:
    """Let only people with at least `role` on the site that the address names into a view.

    `site_key` in the address becomes `here()`; `moderation.web.auth.moderator()` is the person's
    key there.
    """

    def decorate(view: View) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, site_key: str, **kwargs: Any) -> Any:
            g.moderator, g.site = enter_site(site_key)
            if not g.moderator.may(role, scope):
                raise Forbidden(f"{role.value}, {scope.value}")
            return view(*args, **kwargs)

        return guarded

    return decorate


def enter() -> Visit:
    """Find out who is signed in, and that the form they send is ours.

    Raises:
        Unauthenticated: nobody is.
        Forbidden: the form came from elsewhere.
    """
    if "visit" not in g:
        token = request.cookies.get(COOKIE, "")
        if not 0 < len(token) <= LONGEST_TOKEN:
            raise Unauthenticated
        built = services()
        g.visit = find_visit(token, built.database, built.clock())
    if request.method not in SAFE:
        check_form()
        given = request.form.get(CSRF_FIELD, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, csrf_token().encode()):
            raise Forbidden("form")
    return visit()


def check_origin() -> None:
    """Refuse a form that another site's page has sent; who sends no Origin is no browser.

    Raises:
        Forbidden: it came from elsewhere.
    """
    origin = request.headers.get("Origin")
    ours = (services().settings.service_url, f"http://{request.host}", f"https://{request.host}")
    if origin is not None and origin.lower() not in ours:
        raise Forbidden("form")


def enter_site(site_key: str) -> tuple[Moderator, Site]:
    """Return the person's key on a site, and the site.

    Raises:
        NotFound: they have none there, or there is no such site: which of both is not told.
    """
    found = [key for key in enter().memberships if key.site_key == site_key]
    if not found:
        raise NotFound("site")
    return found[0], site(site_key)


def visit() -> Visit:
    """Return who is signed in, inside a view that only lets such people in."""
    return cast(Visit, g.visit)


def here() -> Site:
    """Return the site that the address names."""
    return cast(Site, g.site)


def csrf_token() -> str:
    """Return what proves that a form is ours: derived from the session, which only we can read."""
    return sha256(b"form\0" + visit().token.encode()).hexdigest()


def keep(response: Response, token: str) -> Response:
    """Hand the browser the token of a session; scripts cannot read it, other sites not send it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=LASTING,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=services().settings.service_url.startswith("https:"),
    )
    return response


def forget(response: Response) -> Response:
    """Take the token back."""
    response.delete_cookie(COOKIE, path=PATH)
    return response
