"""The models: which judges and which challenges it, how they do, and teaching a better one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from moderation.domain.finding import Verdict
from moderation.domain.key import Role, Scope
from moderation.errors import (
    ChallengerWorse,
    InvalidRequest,
    ModelIncompatible,
    ModelUntrusted,
    NothingToLearn,
    NothingToRollBackTo,
)
from moderation.learning import promote as learning
from moderation.learning.overview import Standing, overview, standing
from moderation.learning.promote import LONGEST_REASON, Actor
from moderation.learning.retrain import FEWEST
from moderation.learning.teaching import ask, lesson
from moderation.storage.listing import Order
from moderation.web.auth import moderator
from moderation.web.console import figures, pages, session
from moderation.web.context import services
from moderation.web.problems import language
from moderation.web.sentences import in_figures

bp = APIBlueprint(
    "console_models", __name__, url_prefix=f"{pages.PREFIX}/<site_key>/models", enable_openapi=False
)
LIST, PROMOTION, WAY_BACK = "models.html", "promote.html", "roll_back.html"
CHANGES_SHOWN = 8
DONE = ("promoted", "rolled_back", "asked")
MEASURES = (
    # what a version was measured by, and how many comments its sentence speaks of
    ("recall", 100),
    ("precision", 100),
    ("false_positive_rate", 1000),
)
UNUSABLE = (ModelUntrusted, ModelIncompatible)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a version.

    Attributes:
        n: of so many comments as its sentence speaks of; None if it was not measured.
        shown: the figure itself, as people write it.
    """

    name: str
    n: str | None
    shown: str


@bp.get("")
@session.member(Role.OPERATOR, Scope.MODELS)
def show() -> ResponseReturnValue:
    """Show every version, and what there is to teach."""
    done = request.args.get("done", "")
    return pages.render(LIST, **_everything(), done=done if done in DONE else "")


@bp.get("/<version>/promote")
@session.member(Role.OPERATOR, Scope.MODELS)
def consider(version: str) -> ResponseReturnValue:
    """Show what a promotion would change, and ask whether it is meant."""
    return pages.render(PROMOTION, **_comparison(version))


@bp.post("/<version>/promote")
@session.member(Role.OPERATOR, Scope.MODELS)
def promote(version: str) -> ResponseReturnValue:
    """Make a version the champion, unless it is worse; with a reason, even so."""
    built, form = services(), request.form
    is_forced, reason = form.get("force") == "1", form.get("reason", "")
    try:
        if len(reason) > LONGEST_REASON:
            raise pages.wrong("reason", "too_long", limit=LONGEST_REASON)
        despite = reason if is_forced else None
        learning.promote(
            version, _actor(), built.database, built.models, built.clock(), despite=despite
        )
    except (ChallengerWorse, InvalidRequest, *UNUSABLE) as error:
        is_worse = is_forced or isinstance(error, ChallengerWorse)
        things = _comparison(version)
        return pages.refused(error, PROMOTION, **things, is_worse=is_worse, reason=reason)
    return _lead("promoted")


@bp.get("/roll-back")
@session.member(Role.OPERATOR, Scope.MODELS)
def consider_way_back() -> ResponseReturnValue:
    """Ask whether going back is meant."""
    return pages.render(WAY_BACK, champion=services().models.champion)


@bp.post("/roll-back")
@session.member(Role.OPERATOR, Scope.MODELS)
def roll_back() -> ResponseReturnValue:
    """Make the champion before the present one champion again."""
    built = services()
    try:
        learning.roll_back(_actor(), built.database, built.models, built.clock())
    except (NothingToRollBackTo, *UNUSABLE) as error:
        return pages.refused(error, LIST, **_everything())
    return _lead("rolled_back")


@bp.post("/train")
@session.member(Role.OPERATOR, Scope.MODELS)
def train() -> ResponseReturnValue:
    """Ask the worker to train on what is new."""
    built = services()
    try:
        ask(built.database, built.clock())
    except NothingToLearn:
        return redirect(_url("show", _anchor="teach"), 303)  # the page says what is in the way
    return _lead("asked")


def _everything() -> dict[str, Any]:
    built = services()
    found = overview(built.database, built.models, built.settings.drift_limit)
    with built.database.read() as memory:
        changes = memory.model_changes.latest(CHANGES_SHOWN)
    return {
        **_words(),
        "champion": _seated(found, "champion"),
        "challenger": _seated(found, "challenger"),
        "others": [one for one in found if one.about.status == "retired"],
        "changes": changes,
        "lesson": lesson(built.database),
        "fewest": FEWEST,
        "uncertain": Order.UNCERTAIN.value,
    }


def _comparison(version: str) -> dict[str, Any]:
    """Return what a promotion page shows; raises NotFound."""
    built, limit = services(), services().settings.drift_limit
    champion = built.models.champion
    return {
        **_words(),
        "candidate": standing(version, built.database, built.models, limit),
        "champion": standing(champion, built.database, built.models, limit) if champion else None,
        "longest": LONGEST_REASON,
    }


def _seated(found: Sequence[Standing], status: str) -> Standing | None:
    return next((one for one in found if one.about.status == status), None)


def _words() -> dict[str, Any]:
    said = language()
    return {
        "percent": partial(figures.percent, said),
        "decimal": partial(figures.decimal, said),
        "measures": _measures,
        "read_time": _time,
        "verdicts": (Verdict.HOLD, Verdict.REJECT),
    }


def _time(written: str) -> datetime | None:
    """Return a moment of a manifest, which anybody may have written."""
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return None


def _measures(one: Standing) -> list[Measure]:
    overall = one.about.metrics.get("overall", {})
    told = [_measure(name, overall.get(name), of) for name, of in MEASURES]
    average = overall.get("average_precision")
    shown = figures.decimal(language(), average, 2) if average is not None else "–"
    return [*told, Measure("average_precision", shown if average is not None else None, shown)]


def _measure(name: str, value: float | None, of: int) -> Measure:
    if value is None:
        return Measure(name, None, "–")
    return Measure(
        name, in_figures(language(), round(value * of)), figures.percent(language(), value)
    )


def _actor() -> Actor:
    caller = moderator()
    return Actor(caller.label, caller.id)


def _lead(done: str) -> Response:
    return redirect(_url("show", done=done), 303)


def _url(endpoint: str, **values: Any) -> str:
    return url_for(f"{bp.name}.{endpoint}", site_key=session.here().key, **values)
