"""Errors as application/problem+json (RFC 9457); the one table that knows their status.

A reader's form gets a page instead, see moderation.web.public.form.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from apiflask.exceptions import HTTPError
from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from moderation import errors
from moderation.web.context import client, services
from moderation.web.fields import problems_of
from moderation.web.json import API
from moderation.web.logs import where
from moderation.web.sentences import choose_language, say

log = structlog.get_logger()

STATUS: Mapping[type[errors.ModerationError], HTTPStatus] = {
    errors.InvalidRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.MalformedRequest: HTTPStatus.BAD_REQUEST,
    errors.UnknownSite: HTTPStatus.NOT_FOUND,
    errors.OriginNotAllowed: HTTPStatus.FORBIDDEN,
    errors.CaptchaFailed: HTTPStatus.FORBIDDEN,
    errors.CaptchaExpired: HTTPStatus.FORBIDDEN,
    errors.CaptchaReplayed: HTTPStatus.FORBIDDEN,
    errors.CaptchaRequired: HTTPStatus.FORBIDDEN,
    errors.EditClosed: HTTPStatus.CONFLICT,
    errors.ThreadClosed: HTTPStatus.CONFLICT,
    errors.IdempotencyConflict: HTTPStatus.CONFLICT,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.SignInFailed: HTTPStatus.FORBIDDEN,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.StaleVersion: HTTPStatus.CONFLICT,
    errors.PolicyChanged: HTTPStatus.CONFLICT,
    errors.NotUndoable: HTTPStatus.CONFLICT,
    errors.SecondPersonNeeded: HTTPStatus.CONFLICT,
    errors.BatchTooLarge: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyWebhooks: HTTPStatus.CONFLICT,
    errors.AlreadyDone: HTTPStatus.CONFLICT,
    errors.ModelUntrusted: HTTPStatus.CONFLICT,
    errors.ModelIncompatible: HTTPStatus.CONFLICT,
    errors.NothingToRollBackTo: HTTPStatus.CONFLICT,
    errors.ChallengerWorse: HTTPStatus.CONFLICT,
}

CODES = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}


def register(app: Flask) -> None:
    """Make `app` answer every error with a problem document."""
    app.register_error_handler(errors.ModerationError, refuse)
    app.register_error_handler(errors.CaptchaFailed, refuse_captcha)
    app.register_error_handler(errors.CaptchaReplayed, refuse_captcha)
    app.register_error_handler(HTTPError, refuse_fields)
    app.register_error_handler(HTTPException, refuse_request)
    app.register_error_handler(RateLimitExceeded, refuse_rate)
    app.register_error_handler(Exception, apologise)


def refuse(error: errors.ModerationError) -> Response:
    """Answer with the error's status, code and sentence."""
    status = STATUS[type(error)]
    retry_after = getattr(error, "retry_after", None)
    response = problem(status, error.code, _figures(error), **_members(error))
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _figures(error: errors.ModerationError) -> Mapping[str, Any]:
    """Return what fills the figures of the error's sentence."""
    if isinstance(error, errors.ChallengerWorse):
        return error.figures
    if isinstance(error, (errors.BatchTooLarge, errors.TooManyWebhooks)):
        return {"limit": error.limit}
    return {"seconds": getattr(error, "retry_after", None)}


def _members(error: errors.ModerationError) -> dict[str, Any]:
    """Return what the problem document holds beyond its sentence."""
    if isinstance(error, errors.InvalidRequest):
        return {"errors": [told(problem) for problem in error.problems]}
    if isinstance(error, errors.StaleVersion):
        return {"current": error.current}
    if isinstance(error, errors.CaptchaRequired):
        return {"challenge": error.challenge}
    if isinstance(error, errors.ChallengerWorse):
        return {"figures": dict(error.figures)}
    return {}


def refuse_captcha(error: errors.ModerationError) -> ResponseReturnValue:
    """Answer for a captcha that opened nothing, and remember who tried: the next one is harder."""
    services().friction.failed(client())
    return refuse(error)


def refuse_fields(error: HTTPError) -> ResponseReturnValue:
    """Answer for input that a schema did not accept."""
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        return refuse(errors.InvalidRequest(problems_of(cause)))
    return problem(HTTPStatus(error.status_code), CODES.get(HTTPStatus(error.status_code), "error"))


def refuse_request(error: HTTPException) -> ResponseReturnValue:
    """Answer for what werkzeug refused: no such page, not JSON, too large…"""
    if error.response is not None:
        return error.response
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    code = CODES.get(status, "bad_request")
    if status is HTTPStatus.BAD_REQUEST and request.is_json:
        code = errors.MalformedRequest.code
    response = problem(status, code)
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def refuse_rate(_: RateLimitExceeded) -> ResponseReturnValue:
    """Answer for a spent rate limit."""
    return refuse(g.rate_refusal)


def apologise(error: Exception) -> ResponseReturnValue:
    """Answer for an error nobody foresaw: logged with its place here, not told there."""
    log.error("unforeseen", error=type(error).__name__, where=where(error))
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal")


def problem(
    status: HTTPStatus, code: str, data: Mapping[str, Any] | None = None, **members: Any
) -> Response:
    """Return a problem document; `data` fills the figures of its sentence."""
    detail = say(language(), f"error.{code}", **(data or {}))
    response = jsonify(
        type="about:blank",
        title=status.phrase,
        status=int(status),
        code=code,
        detail=detail,
        **members,
    )
    response.status_code = status
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response


def told(problem: errors.Problem) -> dict[str, str]:
    """Return a field's problem as clients read it."""
    message = say(language(), f"field.{problem.code}", **problem.data)
    return {"pointer": problem.pointer, "code": problem.code, "message": message}


def language() -> str:
    """Return the language to speak: the one asked for; else the browser's, or the page's site's.

    A page is in the language of its site before that of the browser, an answer to a program the
    other way round.
    """
    preferred, sites = request.headers.get("Accept-Language"), g.get("site_language")
    rest = (preferred, sites) if request.path.startswith(API) else (sites, preferred)
    return choose_language(g.get("language"), *rest)
