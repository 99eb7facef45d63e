"""Who is calling: the bearer token of a moderator or an operator."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from moderation.domain.key import Moderator, Role
from moderation.errors import Forbidden, NotFound, Unauthenticated
from moderation.web.context import services

View = TypeVar("View", bound=Callable[..., Any])
LONGEST_TOKEN = 200


def requires(role: Role) -> Callable[[View], View]:
    """Let only holders of a token with at least `role` into a view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.moderator = authenticate()
            if not g.moderator.role.includes(role):
                raise Forbidden(role.value)
            return view(*args, **kwargs)

        return cast(View, guarded)

    return decorate


def authenticate() -> Moderator:
    """Return who holds the request's token.

    Raises:
        Unauthenticated: no token, or not a good one.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        raise Unauthenticated
    with services().database.read() as memory:
        return memory.keys.by_token(token)


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
