"""The shapes of readers' requests and answers; what is not described here is refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from moderation.web.values import (
    Body,
    Cursor,
    Email,
    Homepage,
    Identifier,
    Locale,
    Moment,
    Name,
    PageUrl,
    Query,
    SiteKey,
    Text,
    Title,
    Token,
    refuse,
)


class ChallengeRequest(Body):
    site: SiteKey
    locale: Locale | None = None
    kind: Literal["arithmetic"] = "arithmetic"


class ChallengeReply(BaseModel):
    token: str
    kind: str
    locale: str
    question: str = Field(examples=["dix-neuf − 2 ="])
    speech: str = Field(examples=["dix-neuf moins deux ?"])
    expires_at: Moment


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

    @model_validator(mode="after")
    def _one_way(self) -> "CaptchaField":
        if bool(self.response) == bool(self.token):
            raise refuse("one_captcha")
        return self


class CommentRequest(Body):
    site: SiteKey
    thread: ThreadField
    parent: Identifier | None = None
    author: AuthorField
    text: Text
    captcha: CaptchaField | None = None
    website: Annotated[str, Field(max_length=500, description="Leave empty.")] = ""
    locale: Locale | None = None


class CommentReceipt(BaseModel):
    id: str
    status: Literal["published", "received"]
    edit_token: str
    html: str
    created_at: Moment


class PublicAuthor(BaseModel):
    name: str
    url: str | None = None


class PublicComment(BaseModel):
    id: str
    parent: str | None
    author: PublicAuthor
    html: str
    text: str
    created_at: Moment


class CommentsQuery(Query):
    site: SiteKey
    thread: PageUrl
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    order: Literal["newest", "oldest"] = "newest"


class CommentsReply(BaseModel):
    comments: list[PublicComment]
    count: int
    next: str | None


class CountsReply(BaseModel):
    counts: dict[str, int]
