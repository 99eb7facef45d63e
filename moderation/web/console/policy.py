"""A site's settings, and what other thresholds would have done before anything is saved."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.domain.key import Role
from moderation.domain.site import Policy
from moderation.errors import InvalidRequest, PolicyChanged
from moderation.review.policy import LONGEST_RATES, change_policy, mark_of
from moderation.review.thresholds import ThresholdEffect, Thresholds, effect_of
from moderation.web import problems
from moderation.web.auth import moderator
from moderation.web.console import histogram, pages, policy_form, session
from moderation.web.console.policy_form import PICKED, Typed
from moderation.web.console.policy_words import as_typed, in_words, label_of
from moderation.web.context import services
from moderation.web.sentences import DECIMAL_MARKS

bp = APIBlueprint(
    "console_policy", __name__, url_prefix=f"{pages.PREFIX}/<site_key>/policy", enable_openapi=False
)
PAGE = "policy.html"


@bp.get("")
@session.member(Role.OPERATOR)
def show() -> ResponseReturnValue:
    """Show the settings, and what the thresholds in use would have done."""
    policy = _policy()
    is_saved = request.args.get("done") == "saved"
    things = _page(as_typed(policy), _effect(policy), mark_of(policy))
    return pages.render(PAGE, **things, is_saved=is_saved)


@bp.post("/effect")
@session.member(Role.OPERATOR)
def try_out() -> ResponseReturnValue:
    """Show what the thresholds of the form would have done; nothing is saved."""
    form, seen = policy_form.sent(request.form), request.form.get("seen", "")
    try:
        policy = policy_form.thresholds_meant(form, _policy())
    except InvalidRequest as error:
        return pages.refused(error, PAGE, **_page(form, None, seen))
    return pages.render(PAGE, **_page(form, _effect(policy), seen), is_tried=True)


@bp.post("")
@session.member(Role.OPERATOR)
def save() -> ResponseReturnValue:
    """Save the settings, unless others than those seen are saved by now.

    The audit tells what of them changed.
    """
    form, here, built = policy_form.sent(request.form), session.here(), services()
    seen = request.form.get("seen", "")
    try:
        policy = policy_form.meant(form)
        change_policy(here.id, policy, moderator(), built.database, built.clock(), seen=seen)
    except InvalidRequest as error:
        return pages.refused(error, PAGE, **_page(form, _effect(_policy()), seen))
    except PolicyChanged as error:
        now = _policy()
        things = _page(form, _effect(now), mark_of(now))
        return pages.refused(error, PAGE, **things, differences=_differences(policy, now))
    return redirect(url_for("console_policy.show", site_key=here.key, done="saved"), 303)


def _policy() -> Policy:
    """Return the policy as it is now: another process may have changed it in this second."""
    with services().database.read() as memory:
        return memory.sites.by_id(session.here().id).policy


def _differences(wanted: Policy, now: Policy) -> list[tuple[str, str, str]]:
    """Return the fields that would change: name, label, and what stands in them now, in words."""
    mine, stands = as_typed(wanted), as_typed(now)
    changed = (name for name in mine if mine[name] != stands[name])
    return [(name, label_of(name), in_words(name, stands[name])) for name in changed]


def _page(form: Typed, effect: ThresholdEffect | None, seen: str) -> dict[str, Any]:
    model = _model()
    return {
        "typed": form,
        "seen": seen,
        "picked": {name: tuple(kind) for name, kind in PICKED.items()},
        "effect": effect,
        "drawing": histogram.draw(effect.histogram, effect.proposed.thresholds) if effect else None,
        "model": model,
        "exactly": _exactly,
        "longest_rates": LONGEST_RATES,
    }


def _model() -> Thresholds | None:
    opinion = services().model
    hold, reject = opinion.hold, opinion.reject
    return None if hold is None or reject is None else Thresholds(hold, reject)


def _effect(policy: Policy) -> ThresholdEffect | None:
    """Return what a policy's thresholds would have done; None where nobody knows them."""
    model, built = _model(), services()
    hold = model.hold if policy.hold_above is None and model else policy.hold_above
    reject = model.reject if policy.reject_above is None and model else policy.reject_above
    if hold is None or reject is None:
        return None
    return effect_of(session.here().id, hold, reject, built.database, built.clock(), model=model)


def _exactly(value: float) -> str:
    """Return a threshold with all the digits that count."""
    mark = DECIMAL_MARKS[problems.language()]
    return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", mark)
