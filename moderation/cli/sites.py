"""Sites: add one, list them, change what they are called and where they stand."""

import json
from collections.abc import Iterable
from typing import Any

import click

from moderation.captcha.wording import LOCALES
from moderation.cli.naming import name_of
from moderation.cli.opening import opened
from moderation.cli.policy import policy
from moderation.domain.site import Policy, Site
from moderation.domain.thread import origin_of
from moderation.errors import InvalidRequest
from moderation.review.site import change_site
from moderation.services import now


@click.group()
def sites() -> None:
    """Add and look after the sites that embed comments."""


sites.add_command(policy)


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
    name = name_of(name, "NAME")
    places = _origins(origins)
    with opened() as database, database.transaction() as transaction:
        try:
            site = transaction.sites.add(name, places, locale, Policy(), now())
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
            click.echo(_line(site))


@sites.command()
@click.argument("name")
@click.option("--name", "new_name", metavar="NEW", help="What it is called from now on.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="Address of the site's pages (scheme://host[:port]); repeat for all, in place of the old.",
)
@click.option("--locale", type=click.Choice(LOCALES), help="Language of the site's readers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def change(
    name: str, new_name: str | None, origins: tuple[str, ...], locale: str | None, as_json: bool
) -> None:
    """Change name, origins or locale of the site NAME, and print them.

    Its keys stay as they are, so its pages need no change. What no option names stays, too. The
    change enters the audit and takes effect within a second.
    """
    wanted: dict[str, Any] = {
        "name": None if new_name is None else name_of(new_name, "--name"),
        "origins": _origins(origins),
        "locale": locale,
    }
    wanted = {field: value for field, value in wanted.items() if value}
    if not wanted:
        raise click.UsageError("There is nothing to change: give --name, --origin or --locale.")
    with opened() as database, database.transaction() as transaction:
        site = transaction.sites.by_name(name)
        if site is None:
            raise click.ClickException(f"There is no site named {name}.")
        try:
            site = change_site(transaction, site, now(), **wanted)
        except InvalidRequest as error:
            raise click.ClickException(f"There is a site named {new_name} already.") from error
    click.echo(_as_json(site) if as_json else _line(site))


def _line(site: Site) -> str:
    return f"{site.name}\t{site.key}\t{site.locale}\t{' '.join(site.origins)}"


def _as_json(site: Site) -> str:
    told = {"name": site.name, "site_key": site.key, "locale": site.locale}
    return json.dumps({**told, "origins": site.origins}, ensure_ascii=False)


def _origins(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(map(_origin, addresses)))


def _origin(address: str) -> str:
    try:
        return origin_of(address)
    except ValueError as error:
        raise click.BadParameter(
            f"{address} is not an address such as https://journal.example", param_hint="--origin"
        ) from error
