"""The policy of a site: shown, and changed option by option."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from enum import StrEnum
from typing import Any

import click

from moderation.cli.opening import opened
from moderation.domain.audit import OPERATOR
from moderation.domain.site import (
    CaptchaDisplay,
    CaptchaLevel,
    CaptchaMode,
    Moderation,
    Policy,
)
from moderation.errors import InvalidRequest, Problem
from moderation.review.policy import check, put
from moderation.services import now
from moderation.storage import policies
from moderation.web.sentences import say

LARGEST_DAYS = 36_500


def _values(kind: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([member.value for member in kind])


@click.command()
@click.argument("name")
@click.option("--hold-above", type=click.FloatRange(0, 1), help="Spam score from which to hold.")
@click.option("--reject-above", type=click.FloatRange(0, 1), help="Score from which to reject.")
@click.option("--captcha", type=_values(CaptchaMode), help="When a captcha is asked.")
@click.option("--captcha-level", type=_values(CaptchaLevel), help="How hard it is.")
@click.option("--captcha-display", type=_values(CaptchaDisplay), help="How the sum is shown.")
@click.option(
    "--moderation",
    type=_values(Moderation),
    help="pre: a newcomer's first comment waits.",
)
@click.option("--maximum-links", type=click.IntRange(0, 100), help="Links before a comment waits.")
@click.option(
    "--blocked-word",
    "blocked_words",
    multiple=True,
    metavar="WORD",
    help="Word or phrase that makes a comment wait; repeat for all; '' for none.",
)
@click.option(
    "--close-after-days",
    type=click.IntRange(0, LARGEST_DAYS),
    help="Days after which a page takes no more comments; 0: never.",
)
@click.option(
    "--comments-per-client", metavar="RATES", help='Such as "10 per minute; 100 per hour".'
)
@click.option("--comments-per-site", metavar="RATES", help="For all readers together.")
@click.option("--challenges-per-client", metavar="RATES", help="New questions for one reader.")
@click.option(
    "--minimum-answer-ms",
    type=click.IntRange(0, 60_000),
    help="Milliseconds below which nobody can have answered.",
)
@click.option(
    "--edit-minutes",
    type=click.IntRange(0, 1440),
    help="Minutes in which authors may change or withdraw a comment; 0: never.",
)
@click.option(
    "--hold-after-reports",
    type=click.IntRange(0, 1000),
    help="Readers whose reports make a comment wait; 0: any number.",
)
@click.option(
    "--two-person-rule/--no-two-person-rule",
    default=None,
    help="Whether a rejection for illegal content needs a second moderator.",
)
@click.option(
    "--trust-after",
    type=click.IntRange(0, 1000),
    help="Published comments after which a member is no newcomer; 0: an e-mail address will do.",
)
def policy(name: str, **given: Any) -> None:
    """Show the policy of the site NAME, after changing what the options say."""
    chosen = {key: value for key, value in given.items() if value not in (None, ())}
    with opened() as database, database.transaction() as transaction:
        site = transaction.sites.by_name(name)
        if site is None:
            raise click.ClickException(f"There is no site named {name}.")
        if chosen:
            transaction.audit.queue_up(site.id)
        before = transaction.sites.by_id(site.id).policy
        changed = _changed(before, chosen)
        if chosen:
            put(transaction, site.id, changed, (OPERATOR, None), now())
    for field, value in policies.save(changed).items():
        click.echo(f"{field} {json.dumps(value, ensure_ascii=False)}")


def _changed(before: Policy, chosen: dict[str, Any]) -> Policy:
    fields = {}
    for option, value in chosen.items():
        field, read = READERS.get(option, (option, _as_it_is))
        fields[field] = read(value)
    policy = Policy(**{**asdict(before), **fields})
    try:
        check(policy)
    except InvalidRequest as error:
        raise click.ClickException("\n".join(map(_told, error.problems))) from error
    return policy


def _told(problem: Problem) -> str:
    """Return what is wrong with the option that changes a field of the policy."""
    field = problem.pointer.removeprefix("/")
    option = next((option for option, (name, _) in READERS.items() if name == field), field)
    sentence = say("en", f"field.{problem.code}", **problem.data)
    return f"--{option.replace('_', '-')}: {sentence}"


def _as_it_is(value: Any) -> Any:
    return value


def _days(n: int) -> timedelta | None:
    return timedelta(days=n) if n else None


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, (" ".join(word.split()) for word in given)))


READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    # option: the field of the policy, and what makes its value of the option's
    "close_after_days": ("close_after", _days),
    "minimum_answer_ms": ("minimum_answer", lambda n: timedelta(milliseconds=n)),
    "edit_minutes": ("edit_window", lambda n: timedelta(minutes=n)),
    "hold_after_reports": ("hold_after_reports", lambda n: n or None),
    "blocked_words": ("blocked_words", _words),
    "trust_after": ("trust_after", lambda n: n or None),
}
