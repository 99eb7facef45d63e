"""One comment, and why it stands where it stands."""

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision, Reason
from moderation.domain.key import Role, Scope
from moderation.review.claims import release, stay
from moderation.review.dossier import Dossier, open_dossier
from moderation.review.similar import similar_to
from moderation.review.surroundings import surroundings
from moderation.web.auth import moderator
from moderation.web.console import criteria, marking, notice, pages, rows, session
from moderation.web.console.queue import NEXT, list_url
from moderation.web.console.rows import Row
from moderation.web.context import services

bp = APIBlueprint(
    "console_comment",
    __name__,
    url_prefix=f"{pages.PREFIX}/<site_key>/comments/<comment_id>",
    enable_openapi=False,
)
TEMPLATE = "comment.html"
BLOCKS = "console_blocks.show"


@bp.get("")
@session.member(Role.READER)
def show(comment_id: str) -> ResponseReturnValue:
    """Show one comment."""
    given = request.args
    things = things_about(comment_id, given.get("list", ""), given.get("turn", ""))
    return pages.render(TEMPLATE, **things, done=notice.just_done())


@bp.post("/release")
@session.member(Role.MODERATOR, Scope.DECIDE)
def give_back(comment_id: str) -> ResponseReturnValue:
    """Let go of a comment, so that others may be given it."""
    built = services()
    release(comment_id, moderator(), built.database, built.clock())
    return redirect(list_url(criteria.read_written(request.form.get("list", ""))), 303)


def things_about(comment_id: str, written: str, turn: str) -> dict[str, Any]:
    """Return what the page about a comment shows.

    Args:
        written: the list one comes from.
        turn: "next" where a decision leads to the next comment that waits.

    Raises:
        NotFound: there is no such comment on this site.
    """
    built, caller, now = services(), moderator(), services().clock()
    dossier = open_dossier(comment_id, caller, built.database, built.model, now)
    claim = stay(dossier.claim, caller, built.database, now, built.settings.claim_lifetime)
    return {
        **rows.tools(criteria.read_written(written), NEXT if turn == NEXT else ""),
        **_why(dossier),
        "dossier": dossier,
        "row": Row(dossier.comment, claim),
        "reasons": list(Reason),
        "history": _history(dossier.history),
        "undoable": _undoable(dossier),
        "proposal": _proposal(dossier),
        "around": surroundings(dossier.comment, built.database),
        "similar": similar_to(dossier.comment, built.database),
        "blocks": _blocks(dossier.comment),
        "record_of": dossier.comment.author.email or dossier.comment.author.name,
    }


def _why(dossier: Dossier) -> dict[str, Any]:
    told = dossier.explanation or {"spans": (), "signals": {}}
    cut = marking.pieces(dossier.comment.text, told["spans"])
    own = session.here().policy.hold_above
    return {
        "pieces": cut,
        "told": marking.told(cut),
        "signals": marking.signals(told["signals"]),
        "threshold": services().model.hold if own is None else own,
    }


def _history(made: Sequence[Decision]) -> list[dict[str, Any]]:
    """Return decisions, the latest first, and which of them were taken back."""
    undone = {one.undoes for one in made if one.undoes}
    return [
        {"decision": one, "sentence": notice.sentence_of(one), "is_undone": one.id in undone}
        for one in reversed(made)
    ]


def _undoable(dossier: Dossier) -> Decision | None:
    """Return the latest decision, if it can be taken back."""
    last = _last(dossier)
    return last if last and notice.is_undoable(last) else None


def _proposal(dossier: Dossier) -> Decision | None:
    """Return the rejection that another person must confirm, if one waits for that."""
    last = _last(dossier)
    return last if last and last.undoes is None and notice.is_proposal(last) else None


def _last(dossier: Dossier) -> Decision | None:
    last = dossier.history[-1] if dossier.history else None
    return last if last and last.from_version + 1 == dossier.comment.version else None


def _blocks(comment: Comment) -> dict[str, str]:
    """Return where the author and the sender can be blocked, by kind of block."""
    if BLOCKS not in current_app.view_functions or not moderator().may(Role.LEAD, Scope.BLOCK):
        return {}
    key = session.here().key
    author = comment.member or comment.author.email or comment.author.name
    return {
        "author": url_for(BLOCKS, site_key=key, kind="author", pattern=author),
        "sender": url_for(BLOCKS, site_key=key, kind="sender", comment=comment.id),
    }
