"""Captcha questions for readers, and answers from forms that post elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, g, request, url_for
from flask.typing import ResponseReturnValue

from moderation.captcha.wording import choose_locale
from moderation.domain.challenge import Answer, Challenge, Rendering
from moderation.domain.moment import moment
from moderation.domain.site import Site
from moderation.errors import CaptchaRequired
from moderation.web.context import client, services, site
from moderation.web.origins import check_origin
from moderation.web.public.schemas import (
    AnswerReply,
    AnswerRequest,
    ChallengeReply,
    ChallengeRequest,
    MediaQuery,
)

PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'"

bp = APIBlueprint("challenges", __name__, url_prefix="/v1/challenges", tag="Readers")


@bp.post("")
@bp.input(ChallengeRequest, arg_name="body")
@bp.output(ChallengeReply, 201)
@bp.doc(responses=[403, 404, 422, 429])
def create(body: ChallengeRequest) -> ResponseReturnValue:
    """Ask a captcha question; of kind `pow`, one for the reader's machine.

    Stores nothing: from the token alone the service works out the question again, its picture,
    its sound and its answer. One answer may be tried, right or wrong.
    """
    g.language = body.locale
    found = site(body.site)
    check_origin(found)
    captcha = services().captcha
    if body.kind == "pow":
        return describe_work(captcha.issue_work(found, client()), body.locale, found), 201
    return describe(captcha.issue(found, body.locale, client=client()), found), 201


@bp.get("/image.svg")
@bp.input(MediaQuery, location="query", arg_name="query")
@bp.output(FileSchema(type="string", format="binary"), content_type="image/svg+xml")
@bp.doc(responses=[403, 404, 422, 429])
def image(query: MediaQuery) -> ResponseReturnValue:
    """Draw the question of a challenge, as SVG.

    The same token gives the same picture each time; nothing is burnt.
    """
    found = site(query.site)
    check_origin(found)
    rendering = services().captcha.draw(found, query.token)
    return _file(rendering, "image/svg+xml")


@bp.get("/audio.wav")
@bp.input(MediaQuery, location="query", arg_name="query")
@bp.output(FileSchema(type="string", format="binary"), content_type="audio/wav")
@bp.doc(responses=[403, 404, 422, 429, 503])
def audio(query: MediaQuery) -> ResponseReturnValue:
    """Read the question of a challenge aloud, as WAV.

    The same token gives the same sound each time; nothing is burnt. 404 where the service has
    no voice for the language.
    """
    found = site(query.site)
    check_origin(found)
    rendering = services().captcha.say(found, query.token)
    return _file(rendering, "audio/wav")


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


@contextmanager
def told(found: Site) -> Iterator[None]:
    """Put the challenge that a comment needs after all into clients' words."""
    try:
        yield
    except CaptchaRequired as error:
        raise CaptchaRequired(describe(error.challenge, found)) from error


def describe(challenge: Challenge, found: Site) -> dict[str, Any]:
    """Return a challenge as clients read it."""
    return {
        "token": challenge.token,
        "kind": "arithmetic",
        "locale": challenge.locale,
        "question": challenge.question,
        "speech": challenge.speech,
        **_end(challenge.expires_at),
        "image_url": _address("image", challenge, found) if challenge.is_drawn else None,
        "audio_url": _address("audio", challenge, found) if challenge.is_spoken else None,
        "altcha": None,
    }


def describe_work(work: dict[str, Any], locale: str | None, found: Site) -> dict[str, Any]:
    """Return a proof of work as clients read it, in the same form as a question."""
    expires_at = datetime.fromtimestamp(work["parameters"]["expiresAt"], UTC)
    return {
        "token": work["signature"],
        "kind": "pow",
        "locale": choose_locale(locale, found.locale),
        "question": None,
        "speech": None,
        **_end(expires_at),
        "image_url": None,
        "audio_url": None,
        "altcha": work,
    }


def _end(expires_at: datetime) -> dict[str, Any]:
    remaining = expires_at - services().clock()
    return {"expires_at": moment(expires_at), "expires_in": int(remaining.total_seconds())}


def _address(what: str, challenge: Challenge, found: Site) -> str:
    path = url_for(f"challenges.{what}", site=found.key, token=challenge.token)
    return services().settings.service_url + path


def _file(rendering: Rendering, mimetype: str) -> Response:
    """Return a picture or sound that other pages may show, and the browser keep.

    A part of it too, if that is what is asked for: Safari plays no sound otherwise.
    """
    response = Response(rendering.content, mimetype=mimetype)
    seconds = max(0, int(rendering.remaining.total_seconds()))
    response.headers["Cache-Control"] = f"private, max-age={seconds}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    size = len(rendering.content)
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response
