"""Flask-Limiter at the door: which views are limited, per client and per site.

The limits run before a view reads its input. While Redis is away each process counts for
itself, by a stricter rate.
"""

import time
from collections.abc import Callable
from typing import Any

from flask import Flask, g, request
from flask_limiter import Limit, Limiter, RequestLimit
from werkzeug.exceptions import RequestEntityTooLarge

from moderation.domain.site import Policy, Site
from moderation.errors import StoreUnavailable, TooManyRequests, UnknownSite
from moderation.limits import STRATEGY, Allowance, challenges_allowed, comments_allowed
from moderation.services import Services
from moderation.web.context import client, services

Rates = Callable[[Policy], Allowance]

LIMITED: dict[str, tuple[str, Rates]] = {
    # endpoint: what is counted, shared by all endpoints that do the same
    "challenges.create": ("challenges", challenges_allowed),
    "challenges.answer": ("answers", challenges_allowed),
    "comments.create": ("comments", comments_allowed),
    "form.show": ("challenges", challenges_allowed),
    "form.send": ("comments", comments_allowed),
    "demo.show": ("challenges", challenges_allowed),
}


def register(app: Flask, built: Services) -> None:
    """Put the limits before the views of `app`, unless they are off."""
    if not built.limits_are_on:
        return
    limiter = Limiter(
        client_and_site,
        app=app,
        strategy=STRATEGY,
        storage_uri="redis://",  # only names the kind; the pool knows the address
        storage_options={"connection_pool": built.redis_pool},  # type: ignore[dict-item]
        in_memory_fallback=[Limit(fallback_rate, client_and_site)],  # type: ignore[list-item]
        on_breach=remember_breach,
        key_prefix="limit",
    )
    for endpoint, (scope, rates) in LIMITED.items():
        app.view_functions[endpoint] = _limited(limiter, app.view_functions[endpoint], scope, rates)


def _limited(limiter: Limiter, view: Any, scope: str, rates: Rates) -> Any:
    for_site = limiter.shared_limit(
        lambda: rates(policy()).site or "1000000 per second",
        scope=f"{scope}:site",
        key_func=site_key,
        exempt_when=lambda: rates(policy()).site is None,
    )
    for_client = limiter.shared_limit(
        lambda: rates(policy()).client, scope=scope, key_func=client_and_site
    )
    return for_client(for_site(view))


def fallback_rate() -> str:
    """Return the rate of this process alone, for the view that is asked for; "" for none."""
    if request.endpoint not in LIMITED:
        return ""
    _, rates = LIMITED[request.endpoint]
    return rates(policy()).fallback


def remember_breach(limit: RequestLimit) -> None:
    """Keep when the client may come back, for the answer."""
    g.rate_refusal = TooManyRequests(max(1, round(limit.reset_at - time.time() + 0.5)))


def client_and_site() -> str:
    """Return what a client is counted by: its address's hash, apart for each site."""
    return f"{site_key()}:{client()}"


def site_key() -> str:
    """Return the public key of the site the request is about, "-" if it names none we know."""
    found = limited_site()
    return found.key if found else "-"


def policy() -> Policy:
    """Return that site's policy, or the default."""
    found = limited_site()
    return found.policy if found else Policy()


def limited_site() -> Site | None:
    """Return the site named in the query, the form or the JSON body."""
    if "limited_site" not in g:
        g.limited_site = _find_site()
    found: Site | None = g.limited_site
    return found


def _find_site() -> Site | None:
    try:
        key = _named_site()
        return services().sites.by_key(key) if isinstance(key, str) else None
    except (UnknownSite, StoreUnavailable, RequestEntityTooLarge):
        return None  # the view will meet the same and say so


def _named_site() -> Any:
    if request.method != "POST":
        return request.args.get("site")
    if request.is_json:
        body = request.get_json(silent=True)
        return body.get("site") if isinstance(body, dict) else None
    return request.form.get("site")
