"""Captcha questions for readers, and answers from forms that post elsewhere."""

from apiflask import APIBlueprint
from flask import g
from flask.typing import ResponseReturnValue

from moderation.domain.challenge import Answer
from moderation.domain.moment import moment
from moderation.web.context import services, site
from moderation.web.origins import check_origin
from moderation.web.public.schemas import (
    AnswerReply,
    AnswerRequest,
    ChallengeReply,
    ChallengeRequest,
)

bp = APIBlueprint("challenges", __name__, url_prefix="/v1/challenges", tag="Readers")


@bp.post("")
@bp.input(ChallengeRequest, arg_name="body")
@bp.output(ChallengeReply, 201)
@bp.doc(responses=[403, 404, 422, 429])
def create(body: ChallengeRequest) -> ResponseReturnValue:
    """Ask a captcha question.

    Stores nothing: the token carries the question's identity, site, expiry and a keyed digest
    of the answer. One answer may be tried, right or wrong.
    """
    g.language = body.locale
    found = site(body.site)
    check_origin(found)
    challenge = services().captcha.issue(found, body.locale)
    return {
        "token": challenge.token,
        "kind": "arithmetic",
        "locale": challenge.locale,
        "question": challenge.question,
        "speech": challenge.speech,
        "expires_at": moment(challenge.expires_at),
    }, 201


@bp.post("/answers")
@bp.input(AnswerRequest, arg_name="body")
@bp.output(AnswerReply)
@bp.doc(responses=[403, 422, 429, 503])
def answer(body: AnswerRequest) -> ResponseReturnValue:
    """Exchange an answer for a response.

    For forms that post to the site's own backend, which asks /siteverify. The response may
    also stand in for token and answer in one comment.
    """
    return {"response": services().captcha.answer(Answer(body.token, body.answer))}
