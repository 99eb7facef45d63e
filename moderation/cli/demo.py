"""The demo site of the first start, and the file with its keys."""

import json
import os
from pathlib import Path
from typing import Any

from moderation.access import passwords
from moderation.config import Settings
from moderation.domain.key import Role
from moderation.domain.site import Policy, Site
from moderation.domain.thread import origin_of
from moderation.services import now, open_database
from moderation.spam import install_baseline, signing_keys
from moderation.storage.transaction import Transaction

NAME = "demo"
FILE = "demo.json"
EMAIL = "demo@moderation.example"


def ensure_demo(settings: Settings) -> Path:
    """Make the demo site and its keys on the first start; let it follow the service's address.

    Returns:
        The file with the keys, readable by its owner alone.
    """
    place, url = settings.data / FILE, settings.service_url
    database = open_database(settings)
    try:
        with database.transaction() as transaction:
            site = transaction.sites.by_name(NAME)
            if site is None:
                _write(place, _make(transaction, url))
            elif site.origins != (origin_of(url),):
                _move(transaction, site, place, url)
    finally:
        database.close()
    return place


def ensure_model(settings: Settings) -> None:
    """Put the shipped model into an empty registry, so that the first comment is scored."""
    install_baseline(settings.models, signing_keys(settings.data))


def _make(transaction: Transaction, url: str) -> dict[str, Any]:
    site = transaction.sites.add(NAME, [origin_of(url)], "fr", Policy(), now())
    return {
        "url": url,
        "site_key": site.key,
        "site_secret": site.secret,
        "akismet_key": site.akismet_key,
        "moderator_token": transaction.keys.add(site, Role.MODERATOR, "demo moderator", now()),
        "operator_token": transaction.keys.add(site, Role.OPERATOR, "demo operator", now()),
        "console": _let_in(transaction, site),
    }


def _let_in(transaction: Transaction, site: Site) -> dict[str, str]:
    """Add somebody who may do everything on the demo site; return what they sign in with."""
    password = passwords.make_up()
    person = transaction.people.add(EMAIL, "Demo", passwords.encode(password), now())
    transaction.keys.add(site, Role.OPERATOR, person.name, now(), person_id=person.id)
    return {"email": EMAIL, "password": password}


def _move(transaction: Transaction, site: Site, place: Path, url: str) -> None:
    transaction.sites.change(site.id, origins=[origin_of(url)])
    if place.exists():
        _write(place, {**json.loads(place.read_text()), "url": url})


def _write(place: Path, keys: dict[str, Any]) -> None:
    """Write the file whole or not at all; the transaction is committed after it."""
    draft = place.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(keys, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
