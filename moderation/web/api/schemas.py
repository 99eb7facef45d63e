"""The shapes of moderators' and operators' requests and answers."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.storage.listing import Order
from moderation.web.values import (
    AnyText,
    Body,
    Cursor,
    Instant,
    Line,
    MaybeIdentifier,
    Moment,
    Note,
    PageUrl,
    Query,
    SiteKey,
)

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


class ClaimReply(BaseModel):
    moderator: str
    expires_at: Moment


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
    member: str = Field(description="Account the site vouches for; empty for anybody.")
    reports: int = Field(description="Readers' reports that no person has looked at.")
    claim: ClaimReply | None = Field(None, description="In whose hands it is, if in any.")
    created_at: Moment
    edited_at: Moment | None


class Criteria(BaseModel):
    """What a list of comments may be narrowed to."""

    site: SiteKey | None = None
    status: StatusField | None = None
    finding: Annotated[Line, Field(max_length=64)] | None = None
    reason: ReasonField | None = None
    q: Annotated[Line, Field(max_length=200)] | None = None
    author: Annotated[Line, Field(max_length=254)] | None = None
    thread: PageUrl | None = Field(None, description="Address of the page.")
    language: Annotated[Line, Field(max_length=35)] | None = Field(
        None, description='Of the form: "fr" includes "fr-BE".'
    )
    since: Instant | None = Field(None, description="Received at this moment or later.")
    until: Instant | None = Field(None, description="Received before this moment.")
    reported: bool | None = Field(None, description="Whether reports wait for a person.")
    batch: MaybeIdentifier = Field(None, description="Of a batch that decided about it.")
    order: OrderField = Order.NEWEST


class ListQuery(Query, Criteria):
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
    from_status: str | None
    batch: str | None
    undoes: str | None = Field(description="The decision that this one takes back.")
    created_at: Moment


class ReportReply(BaseModel):
    id: str = Field(description="What the receipt of an illegal-content report shows.")
    reason: str
    text: str
    created_at: Moment
    resolved_at: Moment | None


class RevisionReply(BaseModel):
    version: int
    text: str
    replaced_at: Moment


class DossierReply(Item):
    explanation: list[SpanReply]
    signals: dict[str, float]
    history: list[DecisionReply]
    former_texts: list[RevisionReply] = Field(description="What the author has replaced.")
    readers_reports: list[ReportReply]
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


class LabelsQuery(SiteQuery):
    since: Instant | None = None


class ScoreRequest(Body):
    texts: Annotated[list[AnyText], Field(min_length=1, max_length=200)]


class ScoreReply(BaseModel):
    scores: list[float]
    model: str
