"""Coming in and going out: the sign-in page, and the way to one's first site."""

from apiflask import APIBlueprint
from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.access.sign_in import sign_in, sign_out
from moderation.errors import ModerationError, TooManyRequests, Unauthenticated
from moderation.web import problems
from moderation.web.console import pages, session
from moderation.web.context import services
from moderation.web.public import pages as public_pages
from moderation.web.public.refusals import check_form
from moderation.web.sentences import say

bp = APIBlueprint("console_entrance", __name__, url_prefix=pages.PREFIX, enable_openapi=False)
LONGEST = 500
MINUTE = 60  # seconds


@bp.get("")
@session.signed_in
def home() -> ResponseReturnValue:
    """Lead to the queue of the person's first site."""
    memberships = session.visit().memberships
    if not memberships:
        return pages.render("no_site.html")
    return redirect(url_for("console_queue.show", site_key=memberships[0].site_key))


@bp.get("/sign-in")
def show() -> ResponseReturnValue:
    """Ask for address and password, unless somebody is signed in already."""
    then = _place(request.args.get("then", ""))
    try:
        session.enter()
    except Unauthenticated:
        return pages.render("sign_in.html", then=then, email="")
    return redirect(then or url_for("console_entrance.home"))


@bp.post("/sign-in")
def come_in() -> ResponseReturnValue:
    """Begin a session, and go on to where the person wanted to be."""
    check_form()
    session.check_origin()
    form, built = request.form, services()
    email, then = _typed()
    password, code = form.get("password", ""), form.get("code", "")
    try:
        token = sign_in(email, password, code, built.database, built.clock())
    except ModerationError as error:
        return pages.refused(error, "sign_in.html", then=then, email=email)
    return session.keep(redirect(then or url_for("console_entrance.home"), 303), token)


@bp.after_request
def tell_how_long(response: Response) -> Response:
    """Give who tried too often their page again, with what they typed and how long to wait."""
    if not public_pages.is_problem(response) or request.endpoint != f"{bp.name}.come_in":
        return response
    problem = response.get_json()
    if problem["code"] != TooManyRequests.code:
        return response
    problem["detail"] = _wait(int(response.headers["Retry-After"]))
    email, then = _typed()
    page = pages.render("sign_in.html", problem=problem, wrong={}, then=then, email=email)
    return public_pages.show_instead(response, page)


@bp.get("/forget.png")
def forget() -> ResponseReturnValue:
    """Make the browser forget the pages it has kept, the one just left included.

    The sign-in page asks for this as for a picture: when it does, the page before it has been put
    away, and is forgotten with the others. In the answer before, the header would come too early.
    Other sites cannot ask for it.
    """
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    forgetting = {"Clear-Site-Data": '"cache"'} if is_ours else {}
    return "", 204, {"Cache-Control": "no-store", **forgetting}


@bp.post("/sign-out")
@session.signed_in
def leave() -> ResponseReturnValue:
    """End the session."""
    sign_out(session.visit().token, services().database)
    g.pop("visit")
    return session.forget(redirect(url_for("console_entrance.show"), 303))


def _typed() -> tuple[str, str]:
    """Return the address that was typed, and where the person wants to go."""
    return request.form.get("email", ""), _place(request.form.get("then", ""))


def _place(wanted: str) -> str:
    """Return the page of the console that was wanted, empty if it is anything else.

    What begins with one slash and our own name cannot lead to another host; with a backslash in
    it browsers may think otherwise.
    """
    is_ours = wanted.startswith(f"{pages.PREFIX}/") and "\\" not in wanted
    return wanted if is_ours and wanted.isprintable() and len(wanted) <= LONGEST else ""


def _wait(seconds: int) -> str:
    minutes = -(-seconds // MINUTE)
    which = "too_many_for_a_minute" if minutes == 1 else "too_many"
    return say(problems.language(), f"entrance.{which}", minutes=minutes)
