"""Webhooks of a site: who is told of what, with which secret, and how each delivery went."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.domain.event import EventType
from moderation.domain.identifier import is_id, new_id
from moderation.domain.key import Role, Scope
from moderation.domain.webhook import Webhook
from moderation.errors import (
    AlreadyDone,
    InvalidRequest,
    ModerationError,
    Problem,
    TooManyWebhooks,
)
from moderation.web.auth import moderator
from moderation.web.console import pages, session
from moderation.web.context import services
from moderation.web.sentences import has_sentence
from moderation.webhooks import subscribe as webhooks
from moderation.webhooks.subscribe import FORMER_SECRET, LONGEST_URL, MOST_WEBHOOKS

bp = APIBlueprint(
    "console_webhooks",
    __name__,
    url_prefix=f"{pages.PREFIX}/<site_key>/webhooks",
    enable_openapi=False,
)
DONE = ("removed", "enabled", "replayed", "already")
ON_A_PAGE = 50
STATUS = "status_"  # begins the error of an answer that was not 2xx


@bp.get("")
@session.member(Role.OPERATOR, Scope.WEBHOOKS)
def show() -> ResponseReturnValue:
    """Show the webhooks, and the form for another."""
    return pages.render("webhooks.html", **_list(), done=_told())


@bp.post("")
@session.member(Role.OPERATOR, Scope.WEBHOOKS)
def create() -> ResponseReturnValue:
    """Tell an address of events from now on, and show the secret this once.

    The form brings the webhook's id: sent again, by reloading the answer, it adds no second one.
    """
    built, url = services(), request.form.get("url", "").strip()
    chosen = request.form.getlist("events")
    try:
        made = webhooks.subscribe(
            url,
            _events(url, chosen),
            moderator(),
            built.database,
            built.addresses,
            built.clock(),
            webhook_id=_id(),
        )
    except AlreadyDone:
        return _done("already")
    except (InvalidRequest, TooManyWebhooks) as error:
        return _refused(error, url, chosen)
    return _with_secret(made, "added")


@bp.post("/<webhook_id>/rotate")
@session.member(Role.OPERATOR, Scope.WEBHOOKS)
def rotate(webhook_id: str) -> ResponseReturnValue:
    """Make a new secret, and show it this once; the form tells which one it replaces."""
    built, seen = services(), request.form.get("seen")
    try:
        made = webhooks.rotate(
            webhook_id, moderator(), built.database, built.clock(), seen=seen or None
        )
    except AlreadyDone:
        return _done("already")
    return _with_secret(made, "rotated")


@bp.post("/<webhook_id>/enable")
@session.member(Role.OPERATOR, Scope.WEBHOOKS)
def enable(webhook_id: str) -> ResponseReturnValue:
    """Tell a webhook again of what happens from now on."""
    built = services()
    webhooks.enable(webhook_id, moderator(), built.database, built.clock())
    return _done("enabled")


@bp.get("/<webhook_id>/remove")
@session.member(Role.OPERATOR, Scope.WEBHOOKS)
def ask(webhook_id: str) -> ResponseReturnValue:
    """Ask whether a webhook shall go."""
    return pages.render("webhook_remove.html", one=_find(webhook_id))


@bp.post("/<webhook_id>/remove")
@session.member(Role.OPERATOR, Scope.WEBHOOKS)
def remove(webhook_id: str) -> ResponseReturnValue:
    """Tell an address nothing any more."""
    built = services()
    webhooks.unsubscribe(webhook_id, moderator(), built.database, built.clock())
    return _done("removed")


@bp.get("/<webhook_id>/deliveries")
@session.member(Role.OPERATOR, Scope.WEBHOOKS)
def show_deliveries(webhook_id: str) -> ResponseReturnValue:
    """Show what an address was told, the latest event first."""
    found = _find(webhook_id)
    cursor = request.args.get("cursor") or None
    with services().database.read() as memory:
        page = memory.deliveries.page(found.id, cursor=cursor, limit=ON_A_PAGE)
    return pages.render(
        "deliveries.html",
        one=found,
        deliveries=page.items,
        following=page.next,
        cursor=cursor,
        error_key=sentence_of,
        done=_told(),
    )


@bp.post("/<webhook_id>/deliveries/<event_id>/replay")
@session.member(Role.OPERATOR, Scope.WEBHOOKS)
def replay(webhook_id: str, event_id: str) -> ResponseReturnValue:
    """Make a delivery once more."""
    built = services()
    webhooks.replay(webhook_id, event_id, moderator(), built.database, built.clock())
    return _done("replayed", "show_deliveries", webhook_id=webhook_id, cursor=_cursor())


def _id() -> str:
    """Return the id that the form brings for its webhook, or else a new one."""
    brought = request.form.get("id", "")
    return brought if is_id(brought) else new_id(services().clock())


def _events(url: str, chosen: list[str]) -> list[EventType]:
    """Return what was ticked.

    Raises:
        InvalidRequest: nothing was, or no address is given.
    """
    known = [one for one in EventType if one.value in chosen]
    problems = [Problem("/url", "empty", {})] if not url else []
    if not known:
        problems.append(Problem("/events", "no_events", {}))
    if problems:
        raise InvalidRequest(problems)
    return known


def _refused(error: ModerationError, url: str, chosen: list[str]) -> Response:
    return pages.refused(error, "webhooks.html", **_list(url, chosen, is_open=True))


def _with_secret(made: Webhook, what: str) -> Response:
    """Show a page that nobody keeps."""
    page = pages.render("webhook_secret.html", one=made, what=what, hours=_hours())
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _list(url: str = "", chosen: list[str] | None = None, is_open: bool = False) -> dict[str, Any]:
    with services().database.read() as memory:
        found = memory.webhooks.of_site(session.here().id)
    return {
        "webhooks": found,
        "new_id": _id(),
        "events": tuple(EventType),
        "url": url,
        "chosen": chosen or [],
        "is_open": is_open,
        "longest_url": LONGEST_URL,
        "limit": MOST_WEBHOOKS,
        "hours": _hours(),
        "now": services().clock(),
    }


def _hours() -> int:
    return int(FORMER_SECRET.total_seconds() // 3600)


def _find(webhook_id: str) -> Webhook:
    with services().database.read() as memory:
        return memory.webhooks.get(webhook_id, session.here().id)


def sentence_of(error: str) -> str:
    """Return the name of the sentence about what was wrong with an attempt."""
    key = f"webhooks.error_{'status' if error.startswith(STATUS) else error}"
    return key if has_sentence(key) else "webhooks.error_other"


def _told() -> str:
    done = request.args.get("done", "")
    return done if done in DONE else ""


def _cursor() -> str | None:
    """Return the page of the list that the button stood on."""
    return request.form.get("cursor") or None


def _done(what: str, view: str = "show", **place: Any) -> ResponseReturnValue:
    here = session.here().key
    address = url_for(f"console_webhooks.{view}", site_key=here, done=what, **place)
    return redirect(address, 303)
