"""The shape of a problem document, for the API's description."""

from typing import Any

from pydantic import BaseModel, Field


class ProblemField(BaseModel):
    pointer: str = Field(description="JSON Pointer (RFC 6901)")
    code: str
    message: str


class ProblemReply(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemField] = []
    current: dict[str, Any] | None = None
