"""A site's policy: what may stand in one, and changing it with an entry in the audit."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from math import isnan
from typing import Any

from moderation.domain.audit import Kind, Note, digest
from moderation.domain.key import Moderator
from moderation.domain.site import Policy
from moderation.errors import InvalidRequest, PolicyChanged, Problem
from moderation.limits import amounts
from moderation.storage import policies
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction

RANGES = {
    # field: the smallest and the largest value, times in seconds; None is always allowed
    "hold_above": (0, 1),
    "reject_above": (0, 1),
    "maximum_links": (0, 100),
    "minimum_answer": (0, 60),
    "close_after": (1, 36_500 * 86_400),
    "edit_window": (0, 86_400),
    "hold_after_reports": (1, 1000),
    "trust_after": (1, 1000),
}
RATES = ("comments_per_client", "comments_per_site", "challenges_per_client")
LONGEST_RATES = 200
LONGEST_WORD = 254
MOST_WORDS = 5000


def check(policy: Policy) -> None:
    """Return if a site can have this policy.

    Raises:
        InvalidRequest: with every problem at once; pointers name the policy's fields.
    """
    problems = [*_out_of_range(policy), *_rates(policy), *_words(policy)]
    hold, reject = policy.hold_above, policy.reject_above
    if not problems and hold is not None and reject is not None and hold > reject:
        problems.append(Problem("/hold_above", "thresholds_order", {}))
    if problems:
        raise InvalidRequest(problems)


def mark_of(policy: Policy) -> str:
    """Return what tells this policy from every other."""
    return digest(json.dumps(policies.save(policy), sort_keys=True))


def change_policy(
    site_id: int,
    policy: Policy,
    moderator: Moderator,
    database: Database,
    now: datetime,
    *,
    seen: str | None = None,
) -> None:
    """Give a site another policy; the audit tells what of it changed, and from what.

    Args:
        seen: `mark_of` the policy that the moderator had before their eyes, None if none was shown;
            who wants what stands already has nothing to overwrite.

    Raises:
        InvalidRequest: as `check` does.
        NotFound: there is no such site.
        PolicyChanged: somebody else was faster; nothing was changed.
    """
    check(policy)
    with database.transaction() as transaction:
        transaction.audit.queue_up(site_id)  # one at a time: "from" is what it really was
        stands = transaction.sites.by_id(site_id).policy
        if policy == stands:
            return
        if seen not in (None, mark_of(stands)):
            raise PolicyChanged("the policy has changed since it was read")
        put(transaction, site_id, policy, (moderator.label, moderator.id), now)


def put(
    transaction: Transaction,
    site_id: int,
    policy: Policy,
    by: tuple[str, int | None],
    now: datetime,
) -> None:
    """Replace a policy in a transaction that has queued up for the site's audit.

    Args:
        by: the name that the audit tells, and the number of the key, if it was done with one.
    """
    old = policies.save(transaction.sites.by_id(site_id).policy)
    changes = differences(old, policies.save(policy))
    if changes:
        transaction.sites.set_policy(site_id, policy)
        transaction.audit.append(site_id, Note(Kind.POLICY, *by, now, {"changes": changes}))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the audit tells of a change: each field of `new` that was something else."""
    return {
        name: {"from": old[name], "to": value} for name, value in new.items() if value != old[name]
    }


def _out_of_range(policy: Policy) -> Iterator[Problem]:
    for name, (smallest, largest) in RANGES.items():
        value = _number(getattr(policy, name))
        if value is None or smallest <= value <= largest:
            continue
        yield Problem(f"/{name}", *_misfit(value, smallest, largest))


def _misfit(value: float, smallest: float, largest: float) -> tuple[str, dict[str, float]]:
    if isnan(value):
        return "not_a_figure", {}
    if value < smallest:
        return "too_small", {"limit": smallest}
    return "too_big", {"limit": largest}


def _number(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _rates(policy: Policy) -> Iterator[Problem]:
    for name in RATES:
        allowed = _allowed(getattr(policy, name))
        if not all(allowed):
            yield Problem(f"/{name}", "rate_of_zero", {})
        elif not allowed:
            yield Problem(f"/{name}", "not_a_rate", {})


def _allowed(rates: str) -> list[int]:
    """Return how many each of some rates allows; nothing if they are none."""
    try:
        return amounts(rates) if len(rates) <= LONGEST_RATES else []
    except ValueError:
        return []


def _words(policy: Policy) -> Iterator[Problem]:
    words = policy.blocked_words
    if len(words) > MOST_WORDS:
        yield Problem("/blocked_words", "too_many", {"limit": MOST_WORDS})
    if any(len(word) > LONGEST_WORD for word in words):
        yield Problem("/blocked_words", "too_long", {"limit": LONGEST_WORD})
