"""Reading a page's comments, and counting them."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from moderation.captcha.wording import choose_locale
from moderation.domain.reading import Conversation
from moderation.domain.site import CaptchaDisplay, CaptchaMode, Site
from moderation.domain.thread import normalise_url
from moderation.errors import InvalidRequest
from moderation.services import Services
from moderation.storage.conversations import Standing
from moderation.storage.listing import Order
from moderation.storage.transaction import Transaction
from moderation.web import presenting
from moderation.web.context import services, site
from moderation.web.origins import check_origin
from moderation.web.public.schemas import CommentsQuery, CommentsReply, CountsReply
from moderation.web.values import LONGEST_TEXT

BASIS = "moderation.basis"  # where a request's environment tells what its answer depends on
LAYOUT = 2  # grows when the answer changes its shape, so that no browser keeps one of the old
MOST_THREADS = 200
COUNTS_SECONDS = 30

bp = APIBlueprint("reading", __name__, url_prefix="/v1", tag="Readers")


@dataclass(frozen=True, slots=True)
class Form:
    """What a form below the comments needs to know; see FormField."""

    locale: str
    captcha: CaptchaMode
    display: CaptchaDisplay
    has_audio: bool
    has_pow: bool
    is_closed: bool
    edit_seconds: int
    longest_text: int = LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Basis:
    """All that an answer depends on beside the question.

    Attributes:
        origins: which pages may read it in a browser.
    """

    standing: Standing
    form: Form
    origins: tuple[str, ...]


@bp.get("/comments")
@bp.input(CommentsQuery, location="query", arg_name="query")
@bp.output(CommentsReply)
@bp.doc(responses=[304, 403, 404, 422, 503])
def show(query: CommentsQuery) -> ResponseReturnValue:
    """Read the published comments of a page, or one of its conversations.

    Send the `ETag` back in `If-None-Match`: unchanged pages answer 304 without a body.
    """
    found = site(query.site)
    check_origin(found)
    tag = tag_of(query, basis_of(query, services()))
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(tag):
        return answer(tag, status=304)
    basis, body = write(query, found)
    request.environ[BASIS] = query, basis
    return answer(tag_of(query, basis), body)


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
    told = {url: found_counts.get(normal, 0) for url, normal in addresses.items()}
    return {"counts": told}, 200, {"Cache-Control": f"public, max-age={COUNTS_SECONDS}"}


def answer(tag: str, body: bytes = b"", status: int = 200) -> Response:
    """Return an answer that may be kept, but not used again without asking."""
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "no-cache"}
    return Response(body, status, headers, content_type="application/json")


def write(query: CommentsQuery, found: Site) -> tuple[Basis, bytes]:
    """Read what is asked for from the database; return the answer with what it depends on."""
    with services().database.read() as memory:
        standing = memory.conversations.standing(found.id, query.thread)
        content = read(memory, query, standing)
    form = form_of(found, standing, services())
    content |= {"count": standing.state.published, "form": asdict(form)}
    return Basis(standing, form, found.origins), _written(content)


def read(memory: Transaction, query: CommentsQuery, standing: Standing) -> dict[str, Any]:
    """Return the comments that are asked for, with what leads on from them."""
    part: Any = {"cursor": query.cursor, "limit": query.limit}
    if query.conversation is not None:
        one = memory.conversations.around(standing, query.conversation, **part)
        return threaded((one,), one.next)
    order = Order(query.order)
    if query.view == "threaded":
        many = memory.conversations.of(standing, order=order, **part)
        return threaded(many.items, many.next)
    page = memory.conversations.comments_of(standing, order=order, **part)
    return {
        "comments": [presenting.for_readers(comment) for comment in page.items],
        "next": page.next,
        "conversations": None,
    }


def threaded(conversations: tuple[Conversation, ...], following: str | None) -> dict[str, Any]:
    """Return conversations as the API shows them: all their comments in one list."""
    return {
        "comments": [
            presenting.for_readers(comment) for one in conversations for comment in one.comments
        ],
        "next": following,
        "conversations": [
            {"id": one.id, "replies": one.replies, "next": one.next} for one in conversations
        ],
    }


def basis_of(query: CommentsQuery, built: Services) -> Basis:
    """Return what the answer depends on at this moment, by one look-up.

    Raises:
        UnknownSite, StoreUnavailable: there is no answer, or no telling.
    """
    found = built.sites.by_key(query.site)
    standing = built.database.standing(found.id, query.thread)
    return Basis(standing, form_of(found, standing, built), found.origins)


def form_of(found: Site, standing: Standing, built: Services) -> Form:
    """Return what a form on this page needs to know, at this moment."""
    policy, thread = found.policy, standing.thread
    has_audio = built.captcha.can_speak(choose_locale(found.locale, found.locale))
    return Form(
        locale=found.locale,
        captcha=policy.captcha,
        display=policy.captcha_display if has_audio else CaptchaDisplay.TEXT,
        has_audio=has_audio,
        has_pow=True,
        is_closed=thread is not None and thread.is_closed(built.clock(), policy.close_after),
        edit_seconds=int(policy.edit_window.total_seconds()),
    )


def tag_of(query: CommentsQuery, basis: Basis) -> str:
    """Return what stands for everything the answer depends on."""
    whole = repr((LAYOUT, query, basis))
    return sha256(whole.encode("utf-8", "replace")).hexdigest()[:32]


def _written(content: dict[str, Any]) -> bytes:
    return current_app.json.dumps(content, separators=(",", ":")).encode()
