"""What a view needs of the running service, and of whoever is calling."""

from typing import cast

from flask import current_app, g, request

from moderation.domain.site import Site
from moderation.limits import client_key
from moderation.services import Services

EXTENSION = "moderation"


def services() -> Services:
    """Return what was built at the start."""
    return cast(Services, current_app.extensions[EXTENSION])


def client() -> str:
    """Return the keyed hash that stands for the caller's address."""
    if "client" not in g:
        g.client = client_key(request.remote_addr or "", services().client_secret)
    return cast(str, g.client)


def site(key: str) -> Site:
    """Return the site with this public key, and remember its language.

    Raises:
        UnknownSite: there is none.
    """
    found = services().sites.by_key(key)
    g.site_language = found.locale
    return found
