"""One's own account: password, one-time codes, the daily message."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.access import account, one_time_codes, passwords
from moderation.errors import InvalidRequest
from moderation.web.console import pages, session
from moderation.web.context import services

bp = APIBlueprint(
    "console_account", __name__, url_prefix=f"{pages.PREFIX}/account", enable_openapi=False
)
DONE = ("password", "codes_on", "codes_off", "digest")


@bp.get("")
@session.signed_in
def show() -> ResponseReturnValue:
    """Show what can be changed."""
    done = request.args.get("done", "")
    return pages.render("account.html", **_things(), done=done if done in DONE else "")


@bp.post("/password")
@session.signed_in
def change_password() -> ResponseReturnValue:
    """Replace the password."""
    form, visit = request.form, session.visit()
    present, wanted = form.get("present", ""), form.get("password", "")
    try:
        if wanted != form.get("again"):
            raise pages.wrong("again", "not_the_same")
        account.change_password(visit, present, wanted, services().database)
    except InvalidRequest as error:
        return pages.refused(error, "account.html", **_things(asked="password"))
    return _done("password")


@bp.post("/codes")
@session.signed_in
def start_codes() -> ResponseReturnValue:
    """Ask for one-time codes from now on, once the app has shown a right one."""
    form, built = request.form, services()
    secret, code = form.get("secret", ""), form.get("code", "")
    try:
        account.start_codes(session.visit(), secret, code, built.database, built.clock())
    except InvalidRequest as error:
        return pages.refused(error, "account.html", **_things(secret, asked="codes"))
    return _done("codes_on")


@bp.post("/codes/stop")
@session.signed_in
def stop_codes() -> ResponseReturnValue:
    """Ask for the password alone from now on."""
    present = request.form.get("present", "")
    try:
        account.stop_codes(session.visit(), present, services().database)
    except InvalidRequest as error:
        return pages.refused(error, "account.html", **_things(asked="codes"))
    return _done("codes_off")


@bp.post("/digest")
@session.signed_in
def choose_digest() -> ResponseReturnValue:
    """Get a message a day, or none."""
    account.choose_digest(session.visit(), "wanted" in request.form, services().database)
    return _done("digest")


def _done(what: str) -> ResponseReturnValue:
    return redirect(url_for("console_account.show", done=what), 303)


def _things(secret: str = "", asked: str = "") -> dict[str, Any]:
    person = session.visit().person
    things: dict[str, Any] = {"asked": asked, "shortest": passwords.SHORTEST}
    if person.has_one_time_codes:
        return things
    secret = secret if one_time_codes.is_secret(secret) else one_time_codes.new_secret()
    return {**things, "secret": secret, "picture": one_time_codes.picture(secret, person.email)}
