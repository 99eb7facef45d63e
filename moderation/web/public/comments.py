"""Readers' comments: sending one, reading a page's, counting."""

from hashlib import sha256

from apiflask import APIBlueprint
from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from moderation.domain.challenge import Answer
from moderation.domain.comment import Author, Submission
from moderation.domain.site import Site
from moderation.domain.thread import normalise_url
from moderation.errors import InvalidRequest
from moderation.storage.listing import Order
from moderation.storage.threads import ThreadState
from moderation.submission.repeats import Repeat, submit_once
from moderation.submission.submit import submit
from moderation.web import presenting
from moderation.web.context import client, services, site
from moderation.web.origins import check_origin
from moderation.web.public.schemas import (
    CaptchaField,
    CommentReceipt,
    CommentRequest,
    CommentsQuery,
    CommentsReply,
    CountsReply,
)

bp = APIBlueprint("comments", __name__, url_prefix="/v1", tag="Readers")

LONGEST_KEY = 255
MOST_THREADS = 200


@bp.post("/comments")
@bp.input(CommentRequest, arg_name="body")
@bp.output(CommentReceipt, 201)
@bp.doc(responses=[202, 400, 403, 404, 409, 413, 422, 429, 503])
def create(body: CommentRequest) -> ResponseReturnValue:
    """Send a comment.

    201 when it is published at once; 202 when it was received, and a person will decide. A
    rejected comment also gets 202: a spammer learns nothing.
    """
    g.language = body.locale
    found = site(body.site)
    check_origin(found)
    submission, answer, desk = read_submission(body, found), read_answer(body), services().desk
    repeat = read_repeat()
    if repeat:
        receipt = submit_once(submission, answer, desk, repeat)
    else:
        receipt = submit(submission, answer, desk)
    response = jsonify(presenting.for_author(receipt))
    response.status_code = 201 if receipt.is_published else 202
    return response


@bp.get("/comments")
@bp.input(CommentsQuery, location="query", arg_name="query")
@bp.output(CommentsReply)
@bp.doc(responses=[304, 403, 404, 422, 503])
def show(query: CommentsQuery) -> ResponseReturnValue:
    """Read the published comments of a page.

    Send the `ETag` back in `If-None-Match`: unchanged pages answer 304 without a body.
    """
    found = site(query.site)
    check_origin(found)
    with services().database.read() as memory:
        state = memory.threads.state(found.id, query.thread)
        response = Response(mimetype="application/json")
        response.set_etag(_etag(state), weak=True)
        response.headers["Cache-Control"] = "no-cache"
        if response.make_conditional(request).status_code == 304:
            return response
        page = memory.comments.published_in(
            found.id,
            query.thread,
            order=Order(query.order),
            cursor=query.cursor,
            limit=query.limit,
        )
    comments = [presenting.for_readers(comment) for comment in page.items]
    response.data = jsonify(comments=comments, count=state.published, next=page.next).data
    return response


@bp.get("/counts")
@bp.output(CountsReply)
@bp.doc(responses=[403, 404, 422, 503])
def counts() -> ResponseReturnValue:
    """Count the published comments of up to 200 pages: `?site=…&thread=…&thread=…`."""
    found = site(request.args.get("site", ""))
    check_origin(found)
    asked = request.args.getlist("thread")
    if not 1 <= len(asked) <= MOST_THREADS:
        raise InvalidRequest.at("/thread", "too_many", limit=MOST_THREADS)
    try:
        addresses = {url: normalise_url(url) for url in asked}
    except ValueError as error:
        raise InvalidRequest.at("/thread", "not_a_url") from error
    with services().database.read() as memory:
        found_counts = memory.counts.of_threads(found.id, sorted(set(addresses.values())))
    return {"counts": {url: found_counts.get(normal, 0) for url, normal in addresses.items()}}


def read_submission(body: CommentRequest, found: Site) -> Submission:
    """Return the comment a body stands for."""
    return Submission(
        site=found,
        thread_url=body.thread.url,
        thread_title=body.thread.title,
        parent=body.parent,
        author=Author(body.author.name, body.author.email, body.author.url),
        text=body.text,
        honeypot=body.website,
        client=client(),
        locale=body.locale or found.locale,
        is_from_page="Origin" in request.headers,
        received_at=services().clock(),
    )


def read_answer(body: CommentRequest) -> Answer | None:
    """Return the captcha's answer in a body, None when there is none."""
    field: CaptchaField | None = body.captcha
    return Answer(field.token, field.answer, field.response) if field else None


def read_repeat() -> Repeat | None:
    """Return what the Idempotency-Key header promises, None without one.

    Raises:
        InvalidRequest: the key is longer than 255 characters, or not printable ASCII.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise InvalidRequest.at("/Idempotency-Key", "invalid")
    return Repeat(key, sha256(request.get_data()).hexdigest())


def _etag(state: ThreadState) -> str:
    asked = request.query_string
    return sha256(repr(state).encode() + b"\n" + asked).hexdigest()[:32]
