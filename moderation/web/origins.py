"""Which pages may call for a site: the Origin header against the site's list (CORS)."""

from flask import Flask, Response, g, request

from moderation.domain.site import Site
from moderation.errors import OriginNotAllowed

PUBLIC = ("/v1/", "/altcha/")
PROBLEM = "application/problem+json"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "3600",
}


def register(app: Flask) -> None:
    """Make `app` answer browsers' questions about other origins."""
    app.after_request(share)


def check_origin(site: Site) -> None:
    """Refuse a browser on a page that is not the site's; who sends no Origin is no browser.

    Raises:
        OriginNotAllowed: the header is there and not on the list.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return
    if origin.lower() not in site.origins:
        raise OriginNotAllowed
    g.allowed_origin = origin


def share(response: Response) -> Response:
    """Let the page that was allowed read the answer.

    A preflight names no site, so it is allowed from anywhere; the request itself is not. A
    refusal may be read from anywhere too: it holds no secret, and a page that cannot read it
    cannot explain it, nor wait as long as it says.
    """
    if not request.path.startswith(PUBLIC):
        return response
    response.vary.add("Origin")
    origin = g.get("allowed_origin")
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        origin = "*"
        response.headers.update(PREFLIGHT)
    if response.mimetype == PROBLEM:
        origin = origin or "*"
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After, ETag"
    return response
