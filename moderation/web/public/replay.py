"""Pages of comments given again: the same bytes, while nothing they depend on has changed.

Most readers of an article ask exactly what the reader before them asked. Their answer is kept as
it left the application, headers and all, and given again without going through it. What stands
in the way is one look-up in the database, every time: a comment that was published, edited or
withdrawn in any process changes the basis, and then the application answers.
"""

import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask

from moderation.errors import ModerationError
from moderation.services import Services
from moderation.web.public.reading import BASIS, basis_of
from moderation.web.public.shelf import Kept, Shelf

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/v1/comments"
REQUEST_ID = "X-Request-Id"
LONGEST_QUESTION = 2048
OF_BODY = frozenset({"content-type", "content-length"})

log = structlog.get_logger()


def register(app: Flask, built: Services) -> None:
    """Make `app` give pages of comments again."""
    app.wsgi_app = Replay(app.wsgi_app, built)  # type: ignore[method-assign]


class Replay:
    """A WSGI application before another, which it spares some questions.

    What it answers is neither limited nor counted, as reading is not.

    Args:
        application: answers all others, and these for the first time. It says what an answer
            depends on in the request's environment, under BASIS.
        built: what the basis is looked up with.
    """

    def __init__(self, application: "WSGIApplication", built: Services) -> None:
        self._application = application
        self._built = built
        self._shelf = Shelf()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "GET":
            return self._application(environ, start_response)
        began = time.perf_counter()
        key = environ.get("QUERY_STRING", ""), environ.get("HTTP_ORIGIN")
        kept = self._shelf.take(key)
        if kept is not None and self._holds(kept):
            asked = environ.get("HTTP_IF_NONE_MATCH")
            if asked in (None, kept.etag):
                return _give(kept, start_response, began, is_known=asked is not None)
        return self._ask(key, environ, start_response)

    def _holds(self, kept: Kept) -> bool:
        try:
            return bool(basis_of(kept.question, self._built) == kept.basis)
        except ModerationError:
            return False  # the application will meet the same and say so

    def _ask(
        self, key: tuple[str, str | None], environ: "WSGIEnvironment", start_response: Any
    ) -> Iterable[bytes]:
        """Let the application answer; keep the answer if it says what that depends on."""
        begun: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            begun[:] = status, headers
            return start_response(status, headers, exc_info)

        answer = self._application(environ, start)
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", nothing)()
        if BASIS in environ and begun[0].startswith("200") and len(key[0]) <= LONGEST_QUESTION:
            question, basis = environ[BASIS]
            headers = tuple(header for header in begun[1] if header[0] != REQUEST_ID)
            etag = next(value for name, value in headers if name == "ETag")
            self._shelf.put(key, Kept(basis, etag, question, headers, body))
        return [body]


def nothing() -> None:
    """Do nothing: what has no end need not be ended."""


def _give(
    kept: Kept, start_response: "StartResponse", began: float, *, is_known: bool
) -> Iterable[bytes]:
    """Give an answer again, or say that whoever asks has it; log it like any other."""
    request_id = secrets.token_hex(8)
    headers = [(REQUEST_ID, request_id), *kept.headers]
    if is_known:
        headers = [header for header in headers if header[0].lower() not in OF_BODY]
    start_response("304 NOT MODIFIED" if is_known else "200 OK", headers)
    log.info(
        "request",
        request_id=request_id,
        method="GET",
        route=PATH,
        status=304 if is_known else 200,
        milliseconds=round((time.perf_counter() - began) * 1000, 1),
    )
    return [] if is_known else [kept.body]
