"""Flask-Limiter at the door: which views are limited, per client, site, token or account.

The limits run before a view reads its input. While Redis is away each process counts for
itself, by a stricter rate.
"""

import time
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from flask import Flask, g, request
from flask_limiter import Limit, Limiter, RequestLimit
from redis.exceptions import RedisError
from werkzeug.exceptions import RequestEntityTooLarge

from moderation.domain.site import Policy, Site
from moderation.errors import StoreUnavailable, TooManyRequests, UnknownSite
from moderation.limits import (
    STRATEGY,
    Allowance,
    challenges_allowed,
    changes_allowed,
    comments_allowed,
    halve,
    password_allowed,
    sign_in_allowed,
)
from moderation.services import Services
from moderation.web import accounts
from moderation.web.context import client, services

Rates = Callable[[Policy], Allowance]

LIMITED: dict[str, tuple[str, Rates]] = {
    # endpoint: what is counted, shared by all endpoints that do the same
    "challenges.create": ("challenges", challenges_allowed),
    "challenges.answer": ("answers", changes_allowed),
    "altcha.challenge": ("challenges", challenges_allowed),
    "challenges.image": ("media", challenges_allowed),
    "challenges.audio": ("media", challenges_allowed),
    "comments.create": ("comments", comments_allowed),
    "amending.change": ("comments", changes_allowed),
    "amending.remove": ("comments", changes_allowed),
    "amending.complain": ("reports", changes_allowed),
    "form.show": ("challenges", challenges_allowed),
    "form.send": ("comments", comments_allowed),
    "form.renew": ("challenges", challenges_allowed),
    "own.change": ("comments", changes_allowed),
    "own.remove": ("comments", changes_allowed),
    "reporting.show": ("challenges", challenges_allowed),
    "reporting.send": ("reports", changes_allowed),
    "reporting.renew": ("challenges", challenges_allowed),
    "demo.show": ("challenges", challenges_allowed),
    "console_entrance.come_in": ("sign-in", sign_in_allowed),
    "console_account.change_password": ("password", password_allowed),
    "console_account.stop_codes": ("password", password_allowed),
}

ABOUT_COMMENTS = frozenset({"amending", "own", "reporting"})
"""Blueprints whose requests name a comment, not a site."""
ANSWER = "challenges.answer"
API = ("/v1/moderation", "/v1/models", "/v1/webhooks", "/v1/labels.jsonl", "/v1/score")
"""Paths of moderators and operators: all below them share one rate for each token."""
DIGEST_BYTES = 16


class SteadyLimiter(Limiter):
    """Lets every request go on without Redis, also those that miss it at the same moment.

    Flask-Limiter counts by itself after the first that fails; another one under way would fail.
    """

    def _check_request_limit(
        self, callable_name: str | None = None, in_middleware: bool = True
    ) -> None:
        try:
            super()._check_request_limit(callable_name, in_middleware)
        except RedisError:
            self.context.seen_limits.clear()
            super()._check_request_limit(callable_name, in_middleware)


def register(app: Flask, built: Services) -> None:
    """Put the limits before the views of `app`, unless they are off."""
    if not built.limits_are_on:
        return
    limiter = SteadyLimiter(
        counted_by,
        app=app,
        strategy=STRATEGY,
        storage_uri="redis://",  # only names the kind; the pool knows the address
        storage_options={"connection_pool": built.redis_pool},  # type: ignore[dict-item]
        in_memory_fallback=[
            Limit(fallback_rate, counted_by),  # type: ignore[list-item]
            Limit(accounts.fallback_rate, accounts.counted_by),  # type: ignore[list-item]
        ],
        on_breach=remember_breach,
        key_prefix="limit",
    )
    for endpoint, (scope, rates) in LIMITED.items():
        app.view_functions[endpoint] = _limited(limiter, app.view_functions[endpoint], scope, rates)
    accounts.limit(app, limiter)
    for_caller = limiter.shared_limit(built.settings.api_rate, scope="api", key_func=caller)
    for endpoint in {rule.endpoint for rule in app.url_map.iter_rules() if is_api(rule.rule)}:
        view: Any = app.view_functions[endpoint]
        app.view_functions[endpoint] = for_caller(view)


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
        return halve(services().settings.api_rate) if is_api(request.path) else ""
    _, rates = LIMITED[request.endpoint]
    return rates(policy()).fallback


def remember_breach(limit: RequestLimit) -> None:
    """Keep when the client may come back, for the answer."""
    g.rate_refusal = TooManyRequests(max(1, round(limit.reset_at - time.time() + 0.5)))


def is_api(path: str) -> bool:
    """Tell whether a path is one of those for moderators and operators."""
    return any(path == one or path.startswith(f"{one}/") for one in API)


def counted_by() -> str:
    """Return what the view that is asked for counts by."""
    return caller() if is_api(request.path) else client_and_site()


def caller() -> str:
    """Return what moderators and operators are counted by: a digest of the token, or the client."""
    token = request.headers.get("Authorization", "")
    if not token:
        return client()
    return blake2b(
        token.encode("utf-8", "replace"),
        key=services().client_secret[:64],
        digest_size=DIGEST_BYTES,
        person=b"token",
    ).hexdigest()


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
    """Return the site the request is about: of the comment or the token it names, or by its key."""
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
    if request.blueprint in ABOUT_COMMENTS:
        named = (request.view_args or {}).get("comment_id") or request.values.get("comment", "")
        with services().database.read() as memory:
            return memory.comments.site_of(named)
    if request.endpoint == ANSWER:
        body = request.get_json(silent=True)
        token = body.get("token") if isinstance(body, dict) else None
        return services().captcha.site_of(token) if isinstance(token, str) else None
    if request.method != "POST":
        return request.args.get("site")
    if request.is_json:
        body = request.get_json(silent=True)
        return body.get("site") if isinstance(body, dict) else None
    return request.form.get("site")
