"""The kinds of value in requests: what each may hold, and how it is made uniform.

Bodies are strict (a JSON `false` is never an integer); query parameters are text and are read.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from moderation.domain.name import has_ink, seen
from moderation.domain.thread import MAXIMUM_URL, normalise_url

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LINE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,185}\.[^\s@.]{1,63}")
LONGEST_TEXT = 10_000


def refuse(code: str) -> PydanticCustomError:
    """Return an error that moderation.web.fields puts into words."""
    return PydanticCustomError(f"our_{code}", "{code}", {"code": code})


def _text(value: str) -> str:
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if CONTROL.search(value):
        raise refuse("control_characters")
    value = value.strip()
    if not has_ink(value):
        raise refuse("empty")
    return value


def note(value: str) -> str:
    """Return text that may be empty, without control characters."""
    value = value.replace("\r\n", "\n").strip()
    if CONTROL.search(value):
        raise refuse("control_characters")
    return value


def _line(value: str) -> str:
    value = unicodedata.normalize("NFC", value).strip()
    if LINE.search(value):
        raise refuse("control_characters")
    return value


def _name(value: str) -> str:
    value = seen(_line(value))
    if not has_ink(value):
        raise refuse("empty")
    return value


def _none_if_blank(value: str | None) -> str | None:
    return value or None


def _email(value: str) -> str:
    value = _line(value)
    if value and not EMAIL.fullmatch(value):
        raise refuse("not_an_email")
    return value


def _page(value: str) -> str:
    try:
        return normalise_url(value)
    except ValueError:
        raise refuse("not_a_url") from None


def _homepage(value: str) -> str:
    value = _line(value)
    if value:
        _page(value)
    return value


def _instant(value: object) -> object:
    """Read ISO 8601; without a zone it is in UTC."""
    if not isinstance(value, str):
        raise refuse("not_a_time")
    try:
        read = datetime.fromisoformat(value.strip())
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse("not_a_time") from None


Instant = Annotated[datetime, BeforeValidator(_instant)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_text)]
Note = Annotated[str, Field(max_length=2000), AfterValidator(note)]
AnyText = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(note)]
Line = Annotated[str, AfterValidator(_line)]
Named = Annotated[str, AfterValidator(_name)]  # a line that is not empty, of any length
Name = Annotated[str, Field(max_length=80), AfterValidator(_name)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Homepage = Annotated[str, Field(max_length=500), AfterValidator(_homepage)]
Title = Annotated[str, Field(max_length=300), AfterValidator(_line)]
Cursor = Annotated[str, Field(max_length=200), AfterValidator(_line)]
PageUrl = Annotated[str, Field(max_length=MAXIMUM_URL), AfterValidator(_page)]
SiteKey = Annotated[str, Field(max_length=64), AfterValidator(_line)]
Token = Annotated[str, Field(max_length=512), AfterValidator(_line)]
Locale = Annotated[str, Field(max_length=35), AfterValidator(_line)]
Identifier = Annotated[str, Field(max_length=64), AfterValidator(_line)]
MaybeIdentifier = Annotated[Identifier | None, AfterValidator(_none_if_blank)]
Moment = Annotated[str, Field(description="ISO 8601, UTC", examples=["2026-11-23T10:00:00Z"])]


class Body(BaseModel):
    """A JSON body: exact types, no field too many."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Query(BaseModel):
    """Query parameters: text that is read as numbers where numbers are meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)
