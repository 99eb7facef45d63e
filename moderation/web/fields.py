"""What pydantic found wrong with the fields of a request, in our own words."""

import re
from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from moderation.errors import Problem

CODES: Mapping[str, tuple[str, str | None]] = {
    # pydantic's type: our sentence, and which of pydantic's figures is its {limit}
    "missing": ("missing", None),
    "extra_forbidden": ("unknown_field", None),
    "string_type": ("not_text", None),
    "string_unicode": ("not_unicode", None),
    "string_too_short": ("too_short", "min_length"),
    "string_too_long": ("too_long", "max_length"),
    "int_type": ("not_integer", None),
    "int_parsing": ("not_integer", None),
    "int_from_float": ("not_integer", None),
    "bool_type": ("not_boolean", None),
    "model_type": ("not_object", None),
    "model_attributes_type": ("not_object", None),
    "dict_type": ("not_object", None),
    "list_type": ("not_list", None),
    "greater_than_equal": ("too_small", "ge"),
    "less_than_equal": ("too_big", "le"),
    "too_long": ("too_many", "max_length"),
    "too_short": ("too_few", "min_length"),
}


def problems_of(error: ValidationError) -> list[Problem]:
    """Return one problem a field, in the order pydantic met them."""
    return [_problem(e) for e in error.errors(include_url=False, include_input=False)]


def _problem(error: ErrorDetails) -> Problem:
    kind, context = error["type"], error.get("ctx", {})
    pointer = "".join(f"/{_escape(str(part))}" for part in error["loc"])
    if kind in ("literal_error", "enum"):
        choices = ", ".join(re.findall("'([^']*)'", context["expected"]))
        return Problem(pointer, "not_a_choice", {"choices": choices})
    if kind == "too_long" and context.get("field_type") != "List":
        kind = "string_too_long"
    if kind.startswith("our_"):
        return Problem(pointer, kind.removeprefix("our_"), {})
    code, figure = CODES.get(kind, ("invalid", None))
    if code == "too_short" and context["min_length"] == 1:
        code = "empty"
    return Problem(pointer, code, {"limit": context[figure]} if figure else {})


def _escape(part: str) -> str:
    """Escape one step of a JSON Pointer (RFC 6901, section 3)."""
    return part.replace("~", "~0").replace("/", "~1")
