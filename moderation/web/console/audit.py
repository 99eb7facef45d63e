"""The audit: who did what, when, in view of what; in words, checked, and to be kept elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from flask.typing import ResponseReturnValue

from moderation.domain.audit import OPERATOR, Entry, Kind
from moderation.domain.comment import Comment
from moderation.domain.decision import AUTHOR, SERVICE
from moderation.domain.key import Role
from moderation.errors import InvalidRequest, NotFound
from moderation.review.audit import content_of
from moderation.review.latest_entries import look
from moderation.storage.transaction import Transaction
from moderation.web.console import excerpt, pages, session
from moderation.web.console.excerpt import Asked
from moderation.web.console.notice import proposes
from moderation.web.console.policy_words import changes_in_words
from moderation.web.console.when import ago
from moderation.web.context import services
from moderation.web.problems import language
from moderation.web.sentences import has_sentence, say

bp = APIBlueprint(
    "console_audit", __name__, url_prefix=f"{pages.PREFIX}/<site_key>/audit", enable_openapi=False
)
SHOWN = 40
CHECKED = 1000
NDJSON = "application/x-ndjson"
TEMPLATE = "audit.html"
NOBODY = (SERVICE, AUTHOR, OPERATOR)
"""Who does things without a name of their own."""
PROPOSED = "propose"


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in words.

    Attributes:
        who: whoever did it.
        did: what, as it follows upon their name.
        comment: what it was done to, where that is still known.
    """

    entry: Entry
    content: Mapping[str, Any]
    who: str
    did: str
    comment: Comment | None

    @property
    def at(self) -> datetime | None:
        """When; None if somebody has made the entry unreadable."""
        try:
            return datetime.fromisoformat(str(self.content.get("created_at")))
        except ValueError:
            return None

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What of the site's settings was changed: each with what it was and what it is."""
        return changes_in_words(self.content.get("changes"))

    @property
    def role(self) -> str:
        """What whoever was let in may do, in words; empty if the entry is of something else."""
        code = f"audit.role_{self.content.get('role') or ''}"
        is_given = self.content.get("action") in ("add", "grant")
        return say(language(), code) if is_given and has_sentence(code) else ""

    @property
    def is_proposal(self) -> bool:
        """Tell whether a rejection was proposed that another person must confirm."""
        is_decision = self.content.get("kind") == Kind.DECISION and not self.content.get("undoes")
        return is_decision and _verdict(self.content) == PROPOSED

    @property
    def reason(self) -> str:
        """Why a comment was rejected, in words; empty without a reason."""
        code = f"reason.{self.content.get('reason') or ''}"
        return say(language(), code) if has_sentence(code) else ""


@bp.get("")
@session.member(Role.READER)
def show() -> ResponseReturnValue:
    """List the entries, the newest first; check the latest of them if that is asked for."""
    try:
        things = _things(excerpt.read(request.args.items()))
    except InvalidRequest as error:
        return pages.refused(error, TEMPLATE, **_things(Asked()))
    built, is_asked = services(), request.args.get("check") == "1"
    checked = look(session.here(), built.database, CHECKED) if is_asked else None
    return pages.render(TEMPLATE, **things, checked=checked)


@bp.get("/audit.jsonl")
@session.member(Role.READER)
def export() -> ResponseReturnValue:
    """Stream the whole audit, the first entry first, one a line."""
    response = Response(_lines(), mimetype=NDJSON)
    name = f"audit-{session.here().name}.jsonl"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _lines() -> Iterator[str]:
    database, site_id = services().database, session.here().id

    def stream() -> Iterator[str]:
        with database.read() as memory:
            for entry in memory.audit.all(site_id):
                yield f"{entry.line}\n"

    return stream()


def _things(asked: Asked) -> dict[str, Any]:
    site_id = session.here().id
    with services().database.read() as memory:
        page = memory.audit.page(excerpt.excerpt_of(asked, site_id, SHOWN))
        return {
            "asked": asked,
            "kinds": list(Kind),
            "names": _names(memory.keys.labels_of(site_id)),
            "entries": _told(page.items, site_id, memory),
            "next": page.next,
            "head": memory.audit.last(site_id),
            "most": CHECKED,
            "ago": partial(ago, language(), services().clock()),
        }


def _names(labels: Iterable[str]) -> dict[str, str]:
    """Return who may have done something, as the entries and as people name them."""
    others = {name: say(language(), f"audit.name_{name}") for name in NOBODY}
    return {**{label: label for label in labels}, **others}


def _told(entries: Iterable[Entry], site_id: int, memory: Transaction) -> list[Told]:
    contents = [(entry, content_of(entry)) for entry in entries]
    named = {str(content["comment"]) for _, content in contents if content.get("comment")}
    comments = _comments(named, site_id, memory)
    return [
        Told(
            entry, content, _who(content), _did(content), comments.get(str(content.get("comment")))
        )
        for entry, content in contents
    ]


def _comments(ids: Iterable[str], site_id: int, memory: Transaction) -> dict[str, Comment]:
    found = {}
    for one in ids:
        with suppress(NotFound):
            found[one] = memory.comments.get(one, site_id)
    return found


def _who(content: Mapping[str, Any]) -> str:
    name = str(content.get("moderator") or "")
    if content.get("key") is None and name in NOBODY:
        return say(language(), f"audit.who_{name}")
    return name


def _did(content: Mapping[str, Any]) -> str:
    """Return what an entry tells of, as it follows upon a name; whatever it is."""
    kind = str(content.get("kind"))
    if kind == Kind.DECISION:
        name = "undo" if content.get("undoes") else _verdict(content)
    else:
        name = "_".join(filter(None, (kind, str(content.get("action") or ""))))
    named = (f"audit.did_{one}" for one in (name, kind, "something"))
    return say(language(), next(filter(has_sentence, named)))


def _verdict(content: Mapping[str, Any]) -> str:
    verdict = str(content.get("verdict"))
    return PROPOSED if proposes(verdict, content.get("reason")) else verdict
