"""JSON as this service reads and writes it: RFC 8259 to the letter, in UTF-8."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import UnsupportedMediaType

API = "/v1/"
WITH_BODY = ("POST", "PUT", "PATCH")
OPTIONAL = frozenset(
    {
        "models.promote",
        "models.rollback",
        "decisions.take_back",
        "batches.take_back",
        "webhooks.rotate",
        "webhooks.enable",
        "webhooks.replay",
    }
)
"""Endpoints that may be called without a body."""


def register(app: Flask) -> None:
    """Make `app` read and write JSON this way, and take nothing else at the API."""
    app.json = StrictJson(app)
    app.before_request(refuse_other_bodies)


def refuse_other_bodies() -> None:
    """Refuse a body that does not say it is JSON: no form on another site can say so.

    Raises:
        UnsupportedMediaType: it says something else, or nothing.
    """
    is_known = request.url_rule is not None
    if (
        is_known
        and request.method in WITH_BODY
        and request.path.startswith(API)
        and not request.is_json
        and not (request.endpoint in OPTIONAL and is_bodiless())
    ):
        raise UnsupportedMediaType


def is_bodiless() -> bool:
    """Tell whether the request came without a body, which is not the same as with an empty one."""
    return not request.content_length and "Transfer-Encoding" not in request.headers


class StrictJson(DefaultJSONProvider):
    """Refuses what readers of JSON disagree about: NaN, repeated names, endless nesting."""

    ensure_ascii = False
    sort_keys = False
    compact = True

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return the value `s` stands for.

        Raises:
            ValueError: it is not JSON in UTF-8, or is nested deeper than the parser goes.
        """
        text = s.decode("utf-8") if isinstance(s, bytes) else s
        try:
            return json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError("a name stands twice in one object")
        found[name] = value
    return found
