"""Who is calling: the bearer token of a moderator or an operator."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from moderation.domain.key import Moderator, Role, Scope
from moderation.errors import Forbidden, NotFound, StoreUnavailable, Unauthenticated
from moderation.web.context import services

View = TypeVar("View", bound=Callable[..., Any])
LONGEST_TOKEN = 200
NOTE_USE_EVERY = timedelta(minutes=1)


def requires(role: Role, scope: Scope) -> Callable[[View], View]:
    """Let only holders of a token with at least `role`, and for `scope`, into a view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.moderator = authenticate()
            if not g.moderator.may(role, scope):
                raise Forbidden(f"{role.value}, {scope.value}")
            return view(*args, **kwargs)

        return cast(View, guarded)

    return decorate


def authenticate() -> Moderator:
    """Return who holds the request's token, and note now and then that it is in use.

    Raises:
        Unauthenticated: no token, or not a good one.
    """
    token, built = bearer(), services()
    now = built.clock()
    with built.database.read() as memory:
        key = memory.keys.by_token(token, now)
    used_at = key.last_used_at
    if used_at is None or now - used_at >= NOTE_USE_EVERY:
        with suppress(StoreUnavailable), built.database.transaction() as transaction:
            transaction.keys.note_use(key.holder.id, now)
    return key.holder


def bearer() -> str:
    """Return the token in the request's Authorization header (RFC 6750).

    Raises:
        Unauthenticated: there is none, or it cannot be one of ours.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        raise Unauthenticated
    return token


def moderator() -> Moderator:
    """Return who is calling, inside a view that requires a role."""
    return cast(Moderator, g.moderator)


def site_in_view(key: str | None) -> int:
    """Return the id of the site a call is about: the caller's own, the only one they see.

    Raises:
        NotFound: another site was named.
    """
    caller = moderator()
    if key is not None and key != caller.site_key:
        raise NotFound("site")
    return caller.site_id
