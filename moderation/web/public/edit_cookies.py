"""Which comments a browser may still change: their edit tokens, as cookies no script reads.

So nothing secret stands in an address. Each cookie lives as long as its comment can be changed.
"""

from datetime import timedelta
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from moderation.domain.identifier import EPOCH
from moderation.domain.site import Site
from moderation.submission.receipt import Receipt
from moderation.web.context import services

PREFIX = "edit_"
PATH = "/form"
MOST = 10


def remember(response: Response, receipt: Receipt, found: Site) -> None:
    """Let the browser change the comment it has just sent, until the site's window is over."""
    comment_id = receipt.comment.id
    remaining = _remaining(comment_id, found)
    if remaining <= timedelta(0):
        return
    for oldest in sorted(_tokens().keys() - {comment_id})[: 1 - MOST]:
        forget(response, oldest)
    response.set_cookie(
        PREFIX + comment_id,
        receipt.edit_token,
        max_age=remaining,
        path=PATH,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response, comment_id: str) -> None:
    """Take the right to change a comment back."""
    response.delete_cookie(
        PREFIX + comment_id, path=PATH, secure=_is_secure(), httponly=True, samesite="Lax"
    )


def token_of(comment_id: str) -> str:
    """Return the token the browser has for a comment, empty if it has none."""
    return _tokens().get(comment_id, "")


def own(found: Site) -> frozenset[str]:
    """Return the comments of a site that this browser may still change, as far as time goes."""
    verify = services().desk.edit_tokens.verify
    return frozenset(
        comment_id
        for comment_id, token in _tokens().items()
        if _remaining(comment_id, found) > timedelta(0) and verify(comment_id, token)
    )


def _tokens() -> dict[str, str]:
    """Return the tokens of the request by comment; cookies of others are left out."""
    named = (
        (name.removeprefix(PREFIX), token)
        for name, token in request.cookies.items()
        if name.startswith(PREFIX)
    )
    return {comment_id: token for comment_id, token in named if _is_id(comment_id)}


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _remaining(comment_id: str, found: Site) -> timedelta:
    """Return for how long a comment can be changed: its identifier begins with its moment."""
    sent = timedelta(milliseconds=UUID(comment_id).int >> 80)
    return sent + found.policy.edit_window - (services().clock() - EPOCH)


def _is_secure() -> bool:
    return services().settings.service_url.startswith("https:")
