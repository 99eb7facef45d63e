"""Digests by e-mail: once a day, to whoever asked for it, what waits on each of their sites."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from moderation.domain.digest import Digest, Recipient
from moderation.errors import MailRefused, StoreUnavailable
from moderation.mail import Letter, Mail
from moderation.storage.database import Database
from moderation.web.sentences import choose_language, complete, say

log = structlog.get_logger()

MARK = "digest "


@dataclass(frozen=True, slots=True)
class Edition:
    """When digests are sent, and where they lead to.

    Attributes:
        hour: of the day in `zone`, from which on they are sent.
        console: address of the console.
    """

    zone: ZoneInfo
    hour: int
    console: str


def send_digests(database: Database, mail: Mail, edition: Edition, now: datetime) -> int:
    """Send what is due, each person and site once a day; return how many letters that was.

    Of several workers one sends. What the server does not take now is tried in the next round.

    Raises:
        StoreUnavailable: the database or the mail server is away.
    """
    local = now.astimezone(edition.zone)
    if local.hour < edition.hour:
        return 0
    today = local.date().isoformat()
    with database.read() as memory:
        due = [
            one for one in memory.digests.recipients(now) if memory.marks.get(_mark(one)) != today
        ]
    return sum(_send(one, database, mail, edition, now) for one in due)


def _send(
    recipient: Recipient, database: Database, mail: Mail, edition: Edition, now: datetime
) -> bool:
    today = now.astimezone(edition.zone).date()
    digest = _digest(recipient, database, edition, today)
    with database.transaction() as transaction:
        if not transaction.marks.claim(_mark(recipient), today.isoformat()):
            return False
    if not digest.is_worth_sending:
        return False
    try:
        mail.send(letter(recipient, digest, edition, today), now)
    except MailRefused as error:
        log.warning("digest_refused", person=recipient.person_id, why=str(error))
        return False
    except StoreUnavailable:
        with database.transaction() as transaction:
            transaction.marks.put(_mark(recipient), "")
        raise
    return True


def _digest(recipient: Recipient, database: Database, edition: Edition, today: date) -> Digest:
    midnight = datetime.combine(today, time(), edition.zone)
    before = datetime.combine(today - timedelta(days=1), time(), edition.zone)
    with database.read() as memory:
        return memory.digests.of_site(recipient.site_id, before, midnight)


def letter(recipient: Recipient, digest: Digest, edition: Edition, today: date) -> Letter:
    """Return a digest as it is sent, in French or English by the site's readers."""
    language = complete(choose_language(recipient.locale))
    figures = {
        "site": recipient.site_name,
        "date": _day(language, today),
        "console": edition.console,
        **_figures(language, digest, edition),
    }
    parts = [[f"digest.{name}" for name in part] for part in _parts(digest)]
    text = "\n\n".join("\n".join(say(language, key, **figures) for key in keys) for keys in parts)
    return Letter(recipient.email, say(language, "digest.subject", **figures), text, language)


def _parts(digest: Digest) -> list[list[str]]:
    """Return the paragraphs: of each the names of its sentences."""
    waiting = ["waiting", "oldest"] if digest.oldest else ["waiting"]
    last = [["audit", "audit_hash"]] if digest.last else []
    return [["intro"], [*waiting, "reported", "illegal", "decided"], ["console"], *last, ["why"]]


def _figures(language: str, digest: Digest, edition: Edition) -> Mapping[str, Any]:
    oldest, last = digest.oldest, digest.last
    return {
        "waiting": digest.waiting,
        "oldest": oldest and _moment(language, oldest.astimezone(edition.zone)),
        "reported": digest.reported,
        "illegal": digest.illegal,
        "decided": digest.decided,
        "number": last and str(last.number),
        "hash": last and last.hash,
    }


def _moment(language: str, local: datetime) -> str:
    clock = {"hour": local.hour, "minute": f"{local.minute:02}"}
    return say(language, "page.date", **_written(language, local), **clock)


def _day(language: str, day: date) -> str:
    return say(language, "digest.day", **_written(language, day))


def _written(language: str, day: date) -> dict[str, Any]:
    months = say(language, "page.months").split()
    number = day.day if day.day > 1 else say(language, "page.first_of_month")
    return {"day": number, "month": months[day.month - 1], "year": str(day.year)}


def _mark(recipient: Recipient) -> str:
    return f"{MARK}{recipient.person_id} {recipient.site_id}"
