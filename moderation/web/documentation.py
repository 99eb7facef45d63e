"""The API described: OpenAPI 3.1 at /openapi.json, a page for people at /docs."""

from copy import deepcopy
from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from moderation.web.api.models import describe_body
from moderation.web.compat.altcha import describe_payload
from moderation.web.limiter import is_api

TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "code": {**TEXT, "description": "Stable; programs go by it."},
        "detail": {**TEXT, "description": "A sentence in the reader's language."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {**TEXT, "description": "JSON Pointer (RFC 6901) to the field."},
                    "code": TEXT,
                    "message": TEXT,
                },
            },
        },
        "current": {"type": "object", "description": "With 409: the comment as it is now."},
        "figures": {"type": "object", "description": "With challenger_worse: what was counted."},
    },
}
SETTINGS = {
    "OPENAPI_VERSION": "3.1.0",
    "HTTP_ERROR_SCHEMA": PROBLEM,
    "VALIDATION_ERROR_SCHEMA": PROBLEM,
    "SECURITY_SCHEMES": {"bearer": {"type": "http", "scheme": "bearer"}},
    "DESCRIPTION": "Comments for news sites: captcha, limits, judgement, people's decisions.",
    "AUTO_404_RESPONSE": False,
    "AUTO_AUTH_ERROR_RESPONSE": False,
    "AUTO_VALIDATION_ERROR_RESPONSE": False,
    "AUTO_SERVERS": False,
}
PLAIN = {
    "/v1/labels.jsonl": "application/x-ndjson",
    "/v1/moderation/audit.jsonl": "application/x-ndjson",
    "/v1/feed.atom": "application/atom+xml",
    "/metrics": "text/plain",
}
METHODS = ("get", "post", "put", "patch", "delete")
FIRST_ERROR = "400"

bp = APIBlueprint("documentation", __name__, enable_openapi=False)


def register(app: APIFlask) -> None:
    """Make `app` describe itself."""
    app.config.from_mapping(SETTINGS)
    app.spec_processor(describe)  # type: ignore[arg-type]  # it hands over the dict


@bp.get("/docs")
def page() -> ResponseReturnValue:
    """Show the API's description to people."""
    description = current_app.spec  # type: ignore[attr-defined]
    return render_template("docs.html", description=description, groups=_by_tag(description))


def describe(description: dict[str, Any]) -> dict[str, Any]:
    """Add to the description what the views' decorators cannot say."""
    return describe_media(describe_rates(describe_payload(describe_body(description))))


def describe_rates(description: dict[str, Any]) -> dict[str, Any]:
    """Tell that each call of moderators and operators may be one too many."""
    for path, operations in description["paths"].items():
        for method in METHODS:
            responses = operations.get(method, {}).get("responses", {})
            if is_api(path) and "401" in responses:
                responses.setdefault("429", deepcopy(responses["401"]))
                responses["429"]["description"] = HTTPStatus.TOO_MANY_REQUESTS.phrase
    return description


def describe_media(description: dict[str, Any]) -> dict[str, Any]:
    """Give what is not application/json its media type: problems (RFC 9457), lines, metrics."""
    for path, kind in PLAIN.items():
        answer = description["paths"][path]["get"]["responses"]["200"]
        answer["content"] = {kind: {"schema": TEXT}}
    for operations in description["paths"].values():
        for method in METHODS:
            for status, response in operations.get(method, {}).get("responses", {}).items():
                content = response.get("content", {})
                if status >= FIRST_ERROR and "application/json" in content:
                    content["application/problem+json"] = content.pop("application/json")
    return description


def _by_tag(description: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in description["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = {"path": path, "method": method.upper(), **operations[method]}
                groups.setdefault(operation["tags"][0], []).append(operation)
    return groups
