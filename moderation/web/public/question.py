"""The captcha's question on a page without JavaScript: asked when the site wants it asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g

from moderation.domain.site import CaptchaMode, Site
from moderation.errors import CaptchaRequired
from moderation.web.context import client, services


def for_page(found: Site, lang: str, *, is_asked: bool = False) -> dict[str, Any]:
    """Return what the template of a question needs: the one that was demanded, or a fresh one.

    Args:
        is_asked: a question has been put to this reader before, whatever became of it.
    """
    mode = found.policy.captcha
    asks = mode is CaptchaMode.ALWAYS or (mode is CaptchaMode.UNSURE and is_asked)
    challenge = g.pop("demanded", None)
    if challenge is None and asks:
        challenge = services().captcha.issue(found, lang, client=client())
    time = _in_figures(services().settings.challenge_seconds)
    return {"challenge": challenge, "site_key": found.key, "time": time}


def _in_figures(seconds: int) -> str:
    """Return a time with its unit, whose sign is the same in every language."""
    return f"{seconds // 60}\u00a0min" if seconds >= 60 else f"{seconds}\u00a0s"


@contextmanager
def demanded() -> Iterator[None]:
    """Keep the question that something needs after all for the page that says so."""
    try:
        yield
    except CaptchaRequired as error:
        g.demanded = error.challenge
        raise CaptchaRequired(None) from error
