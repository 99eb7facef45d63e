"""Sites: add one, list them, choose their policy."""

import json
from dataclasses import asdict
from datetime import timedelta
from enum import StrEnum
from typing import Any

import click

from moderation.captcha.wording import LOCALES
from moderation.cli.opening import opened
from moderation.domain.site import CaptchaLevel, CaptchaMode, Moderation, Policy, Site
from moderation.domain.thread import origin_of
from moderation.errors import InvalidRequest
from moderation.limits import halve
from moderation.services import now
from moderation.storage import policies

LARGEST_DAYS = 36_500


def _values(kind: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([member.value for member in kind])


@click.group()
def sites() -> None:
    """Add and look after the sites that embed comments."""


@sites.command()
@click.argument("name")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    required=True,
    metavar="URL",
    help="Address of the site's pages (scheme://host[:port]); may be repeated.",
)
@click.option(
    "--locale",
    default="fr",
    show_default=True,
    type=click.Choice(LOCALES),
    help="Language of the site's readers.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def add(name: str, origins: tuple[str, ...], locale: str, as_json: bool) -> None:
    """Add the site NAME and print its keys."""
    if not 0 < len(name.strip()) <= 100:
        raise click.BadParameter("1 to 100 characters", param_hint="NAME")
    places = [_origin(origin) for origin in origins]
    with opened() as database, database.transaction() as transaction:
        try:
            site = transaction.sites.add(name.strip(), places, locale, Policy(), now())
        except InvalidRequest as error:
            raise click.ClickException(f"There is a site named {name} already.") from error
    keys = {"site_key": site.key, "site_secret": site.secret, "akismet_key": site.akismet_key}
    if as_json:
        click.echo(json.dumps(keys))
    else:
        for label, value in keys.items():
            click.echo(f"{label} {value}")


@sites.command("list")
def show_list() -> None:
    """List the sites: name, public key, locale, origins."""
    with opened() as database, database.read() as memory:
        for site in memory.sites.all():
            click.echo(f"{site.name}\t{site.key}\t{site.locale}\t{' '.join(site.origins)}")


@sites.command()
@click.argument("name")
@click.option("--hold-above", type=click.FloatRange(0, 1), help="Spam score from which to hold.")
@click.option("--reject-above", type=click.FloatRange(0, 1), help="Score from which to reject.")
@click.option("--captcha", type=_values(CaptchaMode), help="When a captcha is asked.")
@click.option("--captcha-level", type=_values(CaptchaLevel), help="How hard it is.")
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
def policy(name: str, **given: Any) -> None:
    """Show the policy of the site NAME, after changing what the options say."""
    chosen = {key: value for key, value in given.items() if value not in (None, ())}
    with opened() as database, database.transaction() as transaction:
        site = transaction.sites.by_name(name)
        if site is None:
            raise click.ClickException(f"There is no site named {name}.")
        changed = _changed(site, chosen)
        if chosen:
            transaction.sites.set_policy(site.id, changed)
    for field, value in policies.save(changed).items():
        click.echo(f"{field} {json.dumps(value, ensure_ascii=False)}")


def _changed(site: Site, chosen: dict[str, Any]) -> Policy:
    if "close_after_days" in chosen:
        days = chosen.pop("close_after_days")
        chosen["close_after"] = timedelta(days=days) if days else None
    if "minimum_answer_ms" in chosen:
        chosen["minimum_answer"] = timedelta(milliseconds=chosen.pop("minimum_answer_ms"))
    if "blocked_words" in chosen:
        chosen["blocked_words"] = tuple(word for word in chosen["blocked_words"] if word.strip())
    for field in ("comments_per_client", "comments_per_site", "challenges_per_client"):
        if field in chosen:
            _check_rates(chosen[field])
    policy = Policy(**{**asdict(site.policy), **chosen})
    if None not in (policy.hold_above, policy.reject_above):
        _check_thresholds(policy)
    return policy


def _check_thresholds(policy: Policy) -> None:
    if (policy.hold_above or 0) > (policy.reject_above or 0):
        raise click.ClickException(
            "--hold-above must be below --reject-above: the worse score gets the worse verdict."
        )


def _check_rates(rates: str) -> None:
    try:
        halve(rates)
    except ValueError as error:
        raise click.ClickException(
            f'"{rates}" is no rate; write for example "10 per minute; 100 per hour".'
        ) from error


def _origin(address: str) -> str:
    try:
        return origin_of(address)
    except ValueError as error:
        raise click.BadParameter(
            f"{address} is not an address such as https://journal.example", param_hint="--origin"
        ) from error
