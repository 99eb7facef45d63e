"""A veil over texts that were not published: who prefers so sees them when they ask."""

from flask import request
from werkzeug.wrappers import Response

from moderation.web.console.pages import PREFIX

COOKIE = "moderation_veil"
LASTING = 365 * 24 * 3600  # seconds


def is_wanted() -> bool:
    """Tell whether whoever is asking wants texts veiled."""
    return request.cookies.get(COOKIE) == "on"


def choose(response: Response, is_on: bool) -> Response:
    """Remember in the browser whether texts are veiled."""
    if is_on:
        response.set_cookie(
            COOKIE, "on", max_age=LASTING, path=PREFIX, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(COOKIE, path=PREFIX)
    return response
