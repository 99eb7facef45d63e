"""How often anybody, from wherever, may try to sign in to one and the same account."""

from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from werkzeug.exceptions import RequestEntityTooLarge

from moderation.limits import account_allowed, account_key
from moderation.web.context import services

SIGN_IN = "console_entrance.come_in"


def limit(app: Flask, limiter: Limiter) -> None:
    """Put the limit of each account before the sign-in of `app`."""
    view: Any = app.view_functions[SIGN_IN]
    limited = limiter.shared_limit(
        account_allowed().client, scope="account", key_func=counted_by, exempt_when=is_nobody
    )
    app.view_functions[SIGN_IN] = limited(view)


def fallback_rate() -> str:
    """Return the rate of this process alone for one account; "" for none."""
    is_counted = request.endpoint == SIGN_IN and not is_nobody()
    return account_allowed().fallback if is_counted else ""


def counted_by() -> str:
    """Return what the account somebody wants to sign in to is counted by: a hash."""
    return f"account:{account_key(_typed_email(), services().client_secret)}"


def is_nobody() -> bool:
    """Tell whether no account is named that could be opened."""
    return not _typed_email().strip()


def _typed_email() -> str:
    try:
        return request.form.get("email", "")
    except RequestEntityTooLarge:
        return ""  # the view will meet the same and say so
