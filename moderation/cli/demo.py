"""The demo site of the first start, and the file with its keys."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from moderation.config import Settings
from moderation.domain.key import Role
from moderation.domain.site import Policy
from moderation.domain.thread import origin_of
from moderation.services import now, open_database
from moderation.spam import install_baseline, signing_keys
from moderation.storage.database import Transaction

NAME = "demo"
FILE = "demo.json"
EMAIL = "moderation@demo.example"


def ensure_demo(settings: Settings) -> Path:
    """Make the demo site, its keys and the baseline model on the first start.

    Returns:
        The file with the keys, readable by its owner alone.
    """
    install_baseline(settings.models, signing_keys(settings.data))
    place = settings.data / FILE
    database = open_database(settings)
    try:
        with database.transaction() as transaction:
            if transaction.sites.by_name(NAME) is None:
                _write(place, _make(transaction, settings.service_url))
    finally:
        database.close()
    return place


def _make(transaction: Transaction, url: str) -> dict[str, Any]:
    site = transaction.sites.add(NAME, [origin_of(url)], "fr", Policy(), now())
    return {
        "url": url,
        "site_key": site.key,
        "site_secret": site.secret,
        "akismet_key": site.akismet_key,
        "moderator_token": transaction.keys.add(site, Role.MODERATOR, "demo moderator", now()),
        "operator_token": transaction.keys.add(site, Role.OPERATOR, "demo operator", now()),
        "console": {"email": EMAIL, "password": secrets.token_urlsafe(12)},
    }


def _write(place: Path, keys: dict[str, Any]) -> None:
    """Write the file whole or not at all; its transaction is not committed before."""
    draft = place.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(keys, file, indent=2)
        file.write("\n")
        os.fsync(file.fileno())
    draft.replace(place)
