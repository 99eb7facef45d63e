"""Security headers of every answer."""

from flask import Flask, Response, request

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WIDGET_POLICY = f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'; worker-src blob:"
WIDGET_PAGES = frozenset({"demo.show"})  # endpoints of the pages that hold the widget
CONSOLE_POLICY = f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'"
SCRIPTED = frozenset(  # blueprints of the console whose pages have a script
    {
        "console_queue",
        "console_comment",
        "console_deciding",
        "console_batches",
        "console_policy",
        "console_webhooks",
    }
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


def register(app: Flask) -> None:
    """Make `app` send the headers with every answer."""
    app.after_request(protect)


def protect(response: Response) -> Response:
    """Add the headers: nothing is sniffed, framed, or loaded from elsewhere."""
    is_page = response.mimetype == "text/html"
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy() if is_page else DATA_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if is_page:
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cache-Control", "no-store")
    return response


def _policy() -> str:
    if request.blueprint in SCRIPTED:
        return CONSOLE_POLICY
    return WIDGET_POLICY if request.endpoint in WIDGET_PAGES else PAGE_POLICY
