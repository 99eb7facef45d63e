"""The shapes of moderators' and operators' requests and answers."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.storage.listing import Order
from moderation.web.values import AnyText, Body, Cursor, Line, Moment, Note, Query, SiteKey

ByValue = Field(strict=False)  # JSON has no enums: their values stand for them
ReasonField = Annotated[Reason, ByValue]
StatusField = Annotated[Status, ByValue]
VerdictField = Annotated[Verdict, ByValue]
OrderField = Annotated[Order, ByValue]


class FindingReply(BaseModel):
    code: str
    verdict: VerdictField
    message: str = Field(description="For people, in the language of Accept-Language.")
    data: dict[str, Any]


class FullAuthor(BaseModel):
    name: str
    email: str
    url: str


class Item(BaseModel):
    """A comment as moderators see it."""

    id: str
    site: str
    thread: str = Field(description="Normalised address of the page.")
    thread_title: str
    parent: str | None
    author: FullAuthor
    text: str
    html: str
    locale: str
    status: StatusField
    version: int
    score: float | None = Field(description="Spam probability in [0, 1]; null when unscored.")
    model: str | None
    findings: list[FindingReply]
    claim: None = None
    created_at: Moment


class ListQuery(Query):
    site: SiteKey | None = None
    status: StatusField | None = None
    finding: Annotated[Line, Field(max_length=64)] | None = None
    reason: ReasonField | None = None
    q: Annotated[Line, Field(max_length=200)] | None = None
    author: Annotated[Line, Field(max_length=254)] | None = None
    order: OrderField = Order.NEWEST
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ListReply(BaseModel):
    comments: list[Item]
    next: str | None


class SpanReply(BaseModel):
    start: int = Field(description="First character of the text, counted in code points.")
    end: int
    weight: float = Field(description="Log-odds; positive pushes toward spam.")


class DecisionReply(BaseModel):
    id: str
    comment: str
    verdict: VerdictField
    reason: str | None
    note: str
    moderator: str
    from_version: int
    created_at: Moment


class DossierReply(Item):
    explanation: list[SpanReply]
    signals: dict[str, float]
    history: list[DecisionReply]
    author_record: dict[str, int] = Field(description="The author's comments here, by status.")


class DecisionRequest(Body):
    verdict: VerdictField
    reason: ReasonField | None = None
    note: Note = ""
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class DecidedReply(BaseModel):
    decision: DecisionReply
    comment: Item


class SiteQuery(Query):
    site: SiteKey | None = None


class StatusCountsReply(BaseModel):
    held: int
    published: int
    rejected: int


class AuditQuery(SiteQuery):
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class AuditReply(BaseModel):
    entries: list[DecisionReply]
    next: str | None


class LabelsQuery(SiteQuery):
    since: Annotated[Line, Field(max_length=40)] | None = None


class ScoreRequest(Body):
    texts: Annotated[list[AnyText], Field(min_length=1, max_length=200)]


class ScoreReply(BaseModel):
    scores: list[float]
    model: str
