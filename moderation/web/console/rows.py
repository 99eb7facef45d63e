"""Comments as they stand in a list: who, what, why, and what was just done about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from moderation.domain.claim import Claim
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision, Reason
from moderation.domain.key import Role, Scope
from moderation.web import presenting
from moderation.web.auth import moderator
from moderation.web.console.criteria import Asked
from moderation.web.console.notice import sentence_of
from moderation.web.console.veil import is_wanted
from moderation.web.console.when import ago
from moderation.web.context import services
from moderation.web.problems import language
from moderation.web.sentences import has_sentence, say, sentences

LETTERS = {
    Reason.SPAM: "s",
    Reason.AD: "a",
    Reason.BANNED_WORD: "m",
    Reason.OFFENSIVE: "o",
    Reason.ABUSIVE: "i",
    Reason.HARASSMENT_BULLYING: "h",
    Reason.HATE_SPEECH: "e",
    Reason.MISINFORMATION: "f",
    Reason.ILLEGAL_CONTENT: "l",
    Reason.OFF_TOPIC: "t",
    Reason.PERSONAL_DATA: "d",
    Reason.OTHER: "z",
}
"""The key of each reason, after `r`; the same in every language."""


@dataclass(frozen=True, slots=True)
class Row:
    """One comment of a list.

    Attributes:
        claim: in whose hands it is.
        done: the decision that was just made about it.
        problem: why one was not made.
    """

    comment: Comment
    claim: Claim | None = None
    done: Decision | None = None
    problem: str = ""

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What was found: its verdict, a few words, and the whole sentence."""
        told = presenting.for_moderators(self.comment, language())["findings"]
        return [{**one, "name": name_of(one)} for one in told]

    @property
    def is_anothers(self) -> bool:
        """Tell whether somebody else is reading it."""
        return self.claim is not None and self.claim.key_id != moderator().id

    @property
    def is_veiled(self) -> bool:
        """Tell whether the text waits to be asked for."""
        return is_wanted() and self.comment.status is not Status.PUBLISHED


def rows_of(comments: Iterable[Comment]) -> list[Row]:
    """Return comments as rows, with whoever is reading them."""
    found, built = list(comments), services()
    with built.database.read() as memory:
        claims = memory.claims.about((one.id for one in found), built.clock())
    return [Row(one, claims.get(one.id)) for one in found]


def name_of(finding: dict[str, Any]) -> str:
    """Return a finding in a few words; its whole sentence where there are none."""
    key = f"finding_name.{finding['code']}"
    return say(language(), key) if has_sentence(key) else str(finding["message"])


def finding_names() -> dict[str, str]:
    """Return what may be found about a comment, by code."""
    start = "finding_name."
    told = sentences(language()).items()
    return {key.removeprefix(start): name for key, name in told if key.startswith(start)}


def tools(asked: Asked, turn: str = "") -> dict[str, Any]:
    """Return what every template with rows needs.

    Args:
        asked: the list one comes from, to come back to it.
        turn: "next" where a decision leads to the next comment that waits.
    """
    now = services().clock()
    return {
        "asked": asked,
        "turn": turn,
        "letters": LETTERS,
        "ago": partial(ago, language(), now),
        "outcome": sentence_of,
        "has_sentence": has_sentence,
        "may_decide": moderator().may(Role.MODERATOR, Scope.DECIDE),
        "is_veiling": is_wanted(),
    }
