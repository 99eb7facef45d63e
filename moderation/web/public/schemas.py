"""The shapes of readers' requests and answers; what is not described here is refused."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from moderation.domain.decision import Reason
from moderation.domain.report import REPORTABLE
from moderation.domain.site import CaptchaDisplay, CaptchaMode
from moderation.web.values import (
    Body,
    Cursor,
    Email,
    Homepage,
    Locale,
    MaybeIdentifier,
    Moment,
    Name,
    PageUrl,
    Query,
    SiteKey,
    Text,
    Title,
    Token,
    note,
    refuse,
)

LONGEST_PAYLOAD = 4096
LONGEST_IDENTITY = 4096
LONGEST_REPORT = 1000


Identity = Annotated[
    str,
    Field(max_length=LONGEST_IDENTITY, description="A member's token, signed by the site (JWT)."),
]


class ChallengeRequest(Body):
    site: SiteKey
    locale: Locale | None = None
    kind: Literal["arithmetic", "pow"] = "arithmetic"


class ChallengeReply(BaseModel):
    token: str
    kind: str
    locale: str
    question: str | None = Field(examples=["dix-neuf − 2 ="])
    speech: str | None = Field(examples=["dix-neuf moins deux ?"])
    expires_at: Moment
    expires_in: int = Field(description="Seconds left, whatever the reader's clock says.")
    image_url: str | None = Field(None, description="SVG of the question, where it is a picture.")
    audio_url: str | None = Field(None, description="WAV of the question, where it can be spoken.")
    altcha: dict[str, Any] | None = Field(None, description="Proof of work, as ALTCHA has it.")


class MediaQuery(Query):
    site: SiteKey
    token: Token


class AnswerRequest(Body):
    token: Token
    answer: Annotated[str, Field(max_length=64)]


class AnswerReply(BaseModel):
    response: str


class ThreadField(Body):
    url: PageUrl
    title: Title = ""


class AuthorField(Body):
    name: Name
    email: Email = ""
    url: Homepage = ""


class CaptchaField(Body):
    token: Token = ""
    answer: Annotated[str, Field(max_length=64)] = ""
    response: Token = ""
    altcha: Annotated[str, Field(max_length=LONGEST_PAYLOAD)] = ""

    @model_validator(mode="after")
    def _one_way(self) -> "CaptchaField":
        if sum(map(bool, (self.token, self.response, self.altcha))) != 1:
            raise refuse("one_captcha")
        return self


class CommentRequest(Body):
    site: SiteKey
    thread: ThreadField
    parent: MaybeIdentifier = None
    author: AuthorField
    text: Text
    captcha: CaptchaField | None = None
    website: Annotated[str, Field(max_length=500, description="Leave empty.")] = ""
    locale: Locale | None = None
    identity: Identity = ""


class PublicAuthor(BaseModel):
    name: str
    url: str | None = None
    is_member: bool | None = Field(None, description="The site itself has signed this reader in.")


class PublicComment(BaseModel):
    id: str
    parent: str | None
    root: str = Field(description="The comment that began the conversation.")
    author: PublicAuthor
    html: str
    text: str
    locale: str
    created_at: Moment
    edited_at: Moment | None


class CommentReceipt(BaseModel):
    id: str
    status: Literal["published", "received"]
    edit_token: str = Field(description="For PATCH and DELETE; nobody else can have it.")
    html: str
    created_at: Moment
    editable_until: Moment | None
    comment: PublicComment | None = Field(description="As readers see it, once they do.")


class EditRequest(Body):
    text: Text


class ReportRequest(Body):
    reason: Annotated[Reason, Field(strict=False)]
    text: Annotated[str, Field(max_length=LONGEST_REPORT), AfterValidator(note)] = ""
    captcha: CaptchaField | None = None
    locale: Locale | None = None
    identity: Identity = ""

    @field_validator("reason")
    @classmethod
    def _is_for_readers(cls, reason: Reason) -> Reason:
        if reason not in REPORTABLE:
            raise refuse("not_reportable")
        return reason


class ReportedField(BaseModel):
    id: str
    reason: Annotated[Reason, Field(strict=False)]
    created_at: Moment
    receipt_url: str = Field(description="A page that tells how the report stands.")


class ReportReceipt(BaseModel):
    status: Literal["received"]
    report: ReportedField | None = Field(None, description="For `ILLEGAL_CONTENT` alone.")


class CommentsQuery(Query):
    site: SiteKey
    thread: PageUrl
    view: Annotated[
        Literal["flat", "threaded"],
        Field(
            description="`flat`: comments by their time alone. `threaded`: conversations by when "
            "they began, each with its first ten replies, oldest first."
        ),
    ] = "flat"
    conversation: Annotated[
        MaybeIdentifier,
        Field(
            description="Id of any comment: its conversation and nothing else, oldest first, "
            "whatever `view` and `order` say."
        ),
    ] = None
    cursor: Annotated[
        Cursor | None, Field(description="`next` of the page before, with all else the same.")
    ] = None
    limit: Annotated[
        int, Field(ge=1, le=100, description="Most comments; with `threaded`, conversations.")
    ] = 50
    order: Literal["newest", "oldest"] = "newest"


class ConversationField(BaseModel):
    id: str = Field(description="Of the comment that began it, published or not.")
    replies: int = Field(description="How many replies are published, here or not.")
    next: str | None = Field(description="`cursor` for the rest, with `conversation`; or null.")


class FormField(BaseModel):
    locale: str
    captcha: CaptchaMode
    display: CaptchaDisplay = Field(description="How a question is shown.")
    has_audio: bool = Field(description="Questions can be heard.")
    has_pow: bool = Field(description="A proof of work is taken in place of an answer.")
    is_closed: bool = Field(description="The page takes no more comments.")
    edit_seconds: int = Field(description="For how long authors may change what they wrote.")
    longest_text: int


class CommentsReply(BaseModel):
    comments: list[PublicComment]
    count: int = Field(description="Published comments of the whole page.")
    next: str | None
    conversations: list[ConversationField] | None = Field(
        description="In order, with `threaded` or `conversation`; their comments follow one "
        "another in `comments`."
    )
    form: FormField = Field(description="What a form on this page needs to know.")


class FeedQuery(Query):
    site: SiteKey
    thread: Annotated[PageUrl | None, Field(description="Without it: the whole site.")] = None


class CountsReply(BaseModel):
    counts: dict[str, int]
