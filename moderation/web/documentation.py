"""The API described: OpenAPI 3.1 at /openapi.json, a page for people at /docs."""

from typing import Any

from apiflask import APIBlueprint
from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from moderation.web.schemas import ProblemReply

SETTINGS = {
    "OPENAPI_VERSION": "3.1.0",
    "SPEC_FORMAT": "json",
    "HTTP_ERROR_SCHEMA": ProblemReply,
    "VALIDATION_ERROR_SCHEMA": ProblemReply,
    "SECURITY_SCHEMES": {"bearer": {"type": "http", "scheme": "bearer"}},
    "DESCRIPTION": "Comments for news sites: captcha, limits, judgement, people's decisions.",
    "AUTO_404_RESPONSE": False,
    "AUTO_AUTH_ERROR_RESPONSE": False,
}
METHODS = ("get", "post", "put", "patch", "delete")

bp = APIBlueprint("documentation", __name__, enable_openapi=False)


@bp.get("/docs")
def page() -> ResponseReturnValue:
    """Show the API's description to people."""
    description = current_app.spec  # type: ignore[attr-defined]
    return render_template("docs.html", description=description, groups=_by_tag(description))


def describe_problems(description: dict[str, Any]) -> dict[str, Any]:
    """Give every error its media type, application/problem+json (RFC 9457)."""
    for operations in description["paths"].values():
        for method in METHODS:
            for status, response in operations.get(method, {}).get("responses", {}).items():
                content = response.get("content", {})
                if status >= "400" and "application/json" in content:
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
