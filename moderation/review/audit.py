"""Checking the audit: each entry follows the one before, and tells what its decision says."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain.audit import START, Entry, Kind, digest
from moderation.domain.decision import Decision
from moderation.domain.moment import moment
from moderation.domain.site import Site
from moderation.storage.database import Database


@dataclass(frozen=True, slots=True)
class Head:
    """An entry's number and hash, as somebody has noted them outside of the database."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What came of a check.

    Attributes:
        length: how many entries fit.
        hash: of the last of them: with `length`, what to note for the next check.
        misfit: a sentence about the first thing that does not fit, None if everything does.
    """

    length: int
    hash: str
    misfit: str | None


def verify(
    site: Site, database: Database, head: Head | None, tick: Callable[[int], None]
) -> Findings:
    """Check a site's whole audit against itself, its decisions and a noted head.

    Decisions made meanwhile do no harm.

    Args:
        tick: told, now and then, how many more entries were checked.
    """
    with database.read() as memory:
        chain = Chain(site.key, head, memory.audit.decision_ids(site.id))
        for chunk in memory.audit.chunks(site.id):
            made = memory.audit.decided(site.id, map(decision_of, chunk))
            if misfit := chain.first_misfit(chunk, made):
                return Findings(chain.length, chain.hash, misfit)
            tick(len(chunk))
    return Findings(chain.length, chain.hash, chain.missing())


class Chain:
    """A site's entries, checked one after the other from the first on.

    Attributes:
        length: how many have been taken.
        hash: of the last one.
    """

    def __init__(self, site_key: str, head: Head | None, decision_ids: Iterable[str]) -> None:
        """Begin a chain.

        Args:
            head: an entry that must be in it.
            decision_ids: of the decisions that must have an entry.
        """
        self.length, self.hash = 0, START
        self._site_key, self._head = site_key, head
        self._waiting, self._told = dict.fromkeys(decision_ids), set[str]()

    def first_misfit(self, entries: Iterable[Entry], made: Mapping[str, Decision]) -> str | None:
        """Take entries, up to the first that does not fit; return a sentence about that one.

        Args:
            made: the decisions they tell of, by id.
        """
        for entry in entries:
            misfit = next(self._misfits(entry, made), None)
            if misfit:
                return misfit
            self.length, self.hash = entry.number, entry.hash
        return None

    def missing(self) -> str | None:
        """Return a sentence about what should have come by the end and did not."""
        if self._head and self._head.number == 0 and self._head.hash != START:
            return "No chain begins with the hash that was noted."
        if self._head and self._head.number > self.length:
            return f"Entry {self._head.number}, whose hash was noted, is missing."
        left = next(iter(self._waiting), None)
        return None if left is None else f"Decision {left} has no entry."

    def _misfits(self, entry: Entry, made: Mapping[str, Decision]) -> Iterator[str]:
        number, told, noted = entry.number, content_of(entry), self._head or Head(0, START)
        is_filed_otherwise = any(told.get(name) != value for name, value in entry.filed.items())
        faults = (
            (number != self.length + 1, f"Entry {self.length + 1} is missing."),
            (
                digest(entry.line) != entry.hash,
                f"Entry {number} has been changed: its hash is not that of its line.",
            ),
            (
                noted.number == number and noted.hash != entry.hash,
                f"Entry {number} is not the one whose hash was noted.",
            ),
            (
                (told.get("number"), told.get("site")) != (number, self._site_key),
                f"Entry {number} was written for another place.",
            ),
            (
                told.get("previous") != self.hash,
                f"Entry {number} does not name the hash of the entry before it.",
            ),
            (is_filed_otherwise, f"Lists find entry {number} by what it does not tell."),
        )
        yield from (sentence for is_so, sentence in faults if is_so)
        if told.get("kind") == Kind.DECISION:
            yield from self._misfits_of_decision(number, told, made)

    def _misfits_of_decision(
        self, number: int, told: Mapping[str, Any], made: Mapping[str, Decision]
    ) -> Iterator[str]:
        decision_id = told.get("id")
        decision = made.get(decision_id) if isinstance(decision_id, str) else None
        if decision is None:
            yield f"Entry {number} tells of a decision that is not there."
            return
        if decision.id in self._told:
            yield f"Entry {number} tells of decision {decision.id} a second time."
        if changed := sorted(k for k, v in _said(decision).items() if told.get(k) != v):
            yield (
                f"Entry {number} and decision {decision.id} do not tell the same: "
                f"{', '.join(changed)}."
            )
        self._waiting.pop(decision.id, None)
        self._told.add(decision.id)


def content_of(entry: Entry) -> Mapping[str, Any]:
    """Return what an entry tells; nothing if somebody has made it unreadable."""
    try:
        told = json.loads(entry.line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def decision_of(entry: Entry) -> str:
    """Return the id of the decision an entry tells of, "" if it tells of none."""
    found = content_of(entry).get("id")
    return found if isinstance(found, str) else ""


def _said(decision: Decision) -> Mapping[str, Any]:
    return {
        "comment": decision.comment_id,
        "verdict": decision.verdict.value,
        "reason": decision.reason and decision.reason.value,
        "note": decision.note,
        "moderator": decision.moderator,
        "key": decision.key_id,
        "from_version": decision.from_version,
        "from_status": decision.from_status and decision.from_status.value,
        "batch": decision.batch,
        "undoes": decision.undoes,
        "created_at": moment(decision.created_at),
    }
