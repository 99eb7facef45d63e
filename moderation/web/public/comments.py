"""Readers' comments: sending one."""

from hashlib import sha256

from apiflask import APIBlueprint
from flask import g, jsonify, request
from flask.typing import ResponseReturnValue

from moderation.domain.challenge import Answer
from moderation.domain.comment import Author, Submission
from moderation.domain.member import Member
from moderation.domain.site import Site
from moderation.errors import InvalidRequest
from moderation.submission.identity import read_identity
from moderation.submission.receipt import Receipt
from moderation.submission.repeats import Repeat, submit_once
from moderation.submission.submit import submit
from moderation.web import presenting
from moderation.web.context import client, services, site
from moderation.web.origins import check_origin
from moderation.web.public.challenges import told
from moderation.web.public.schemas import (
    CaptchaField,
    CommentReceipt,
    CommentRequest,
)

bp = APIBlueprint("comments", __name__, url_prefix="/v1", tag="Readers")

LONGEST_KEY = 255


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
    with told(found):
        receipt = take_in(body, found, read_repeat())
    response = jsonify(presenting.for_author(receipt, found.policy.edit_window))
    response.status_code = 201 if receipt.is_published else 202
    return response


def take_in(body: CommentRequest, found: Site, repeat: Repeat | None) -> Receipt:
    """Submit what a body holds; once, if the request says that it may be a repetition."""
    submission, answer = read_submission(body, found), read_captcha(body.captcha)
    if repeat:
        return submit_once(submission, answer, services().desk, repeat)
    return submit(submission, answer, services().desk)


def read_submission(body: CommentRequest, found: Site) -> Submission:
    """Return the comment a body stands for.

    Raises:
        InvalidRequest: it is signed by a member whose token is not good.
    """
    member = read_member(body.identity, found)
    return Submission(
        site=found,
        thread_url=body.thread.url,
        thread_title=body.thread.title,
        parent=body.parent,
        author=read_author(body, member),
        text=body.text,
        honeypot=body.website,
        client=client(),
        locale=body.locale or found.locale,
        is_from_page="Origin" in request.headers,
        received_at=services().clock(),
        member=member,
        address=request.remote_addr or "",
    )


def read_author(body: CommentRequest, member: Member | None) -> Author:
    """Return who signs: the member, as the site knows them, or what the reader typed."""
    if member is None:
        return Author(body.author.name, body.author.email, body.author.url)
    return Author(member.name, member.email, body.author.url)


def read_member(identity: str, found: Site) -> Member | None:
    """Return whom the site vouches for with the token `identity`; None without one.

    Raises:
        InvalidRequest: the token is not good, or not any more.
    """
    return read_identity(identity, found, services().clock()) if identity else None


def read_captcha(field: CaptchaField | None) -> Answer | None:
    """Return the captcha's answer in a body, None when there is none."""
    if field is None:
        return None
    return Answer(field.token, field.answer, field.response, field.altcha)


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
