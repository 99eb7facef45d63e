"""Keys: tokens for moderators and operators, and the secrets of the installation."""

from datetime import datetime, timedelta

import click

from moderation.cli.naming import name_of
from moderation.cli.opening import opened
from moderation.config import read_settings
from moderation.domain.key import Role, Scope
from moderation.domain.site import Site
from moderation.errors import NotFound
from moderation.review.admission import give_token, take_token
from moderation.services import now
from moderation.spam import rotate_signing_keys
from moderation.storage.transaction import Transaction

LARGEST_NUMBER = 2**31 - 1  # of a token, as databases count


@click.group()
def keys() -> None:
    """Give out and take back the tokens of moderators and operators."""


@keys.command()
@click.argument("site")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="What the holder may do; each role includes those before it.",
)
@click.option("--name", required=True, help="Who holds it; written into the audit.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="Narrow the token to this part of its role; may be repeated.",
)
@click.option(
    "--expires-days", type=click.IntRange(1, 3650), help="Days after which it opens nothing."
)
def add(site: str, role: str, name: str, scopes: tuple[str, ...], expires_days: int | None) -> None:
    """Make a token for SITE and print it, once, on the last line."""
    name = name_of(name, "--name")
    with opened() as database, database.transaction() as transaction:
        found = transaction.sites.by_name(site)
        if found is None:
            raise click.ClickException(f"There is no site named {site}.")
        moment = now()
        token = give_token(
            transaction,
            found,
            Role(role),
            name,
            moment,
            scopes=map(Scope, scopes),
            expires_at=moment + timedelta(days=expires_days) if expires_days else None,
        )
    click.echo("Keep this token; it cannot be shown again.", err=True)
    click.echo(token)


@keys.command("list")
@click.argument("site")
def show_list(site: str) -> None:
    """List the tokens of SITE in use: number, role, name, scopes, last use, end.

    Who signs in with a password is listed by `moderation people list`.
    """
    with opened() as database, database.read() as memory:
        found = memory.sites.by_name(site)
        if found is None:
            raise click.ClickException(f"There is no site named {site}.")
        for key in memory.keys.tokens_of(found.id):
            holder = key.holder
            scopes = ",".join(sorted(holder.scopes)) or "all"
            used, ends = _day(key.last_used_at, "never used"), _day(key.expires_at, "no end")
            click.echo(f"{holder.id}\t{holder.role}\t{holder.label}\t{scopes}\t{used}\t{ends}")


def _day(moment: datetime | None, otherwise: str) -> str:
    return moment.strftime("%Y-%m-%d") if moment else otherwise


@keys.command()
@click.argument("site")
@click.argument("number", type=click.IntRange(1, LARGEST_NUMBER))
def revoke(site: str, number: int) -> None:
    """Make token NUMBER of SITE worthless from now on."""
    with opened() as database, database.transaction() as transaction:
        found = transaction.sites.by_name(site)
        if found is None:
            raise click.ClickException(f"There is no site named {site}.")
        try:
            take_token(transaction, number, found, now())
        except NotFound as error:
            raise click.ClickException(_why_not(number, found, transaction)) from error
    click.echo(f"Token {number} is revoked.")


def _why_not(number: int, site: Site, memory: Transaction) -> str:
    """Return why there is no token to revoke under a number."""
    found = (key.holder for key in memory.keys.of_site(site.id) if key.holder.id == number)
    person_id = next((holder.person_id for holder in found), None)
    if person_id is None:
        return f"{site.name} has no token {number} in use."
    email = memory.people.by_id(person_id).person.email
    return (
        f"{number} is no token but the role of {email}, who signs in with a password. "
        f"To take it away: moderation people revoke {email} {site.name}"
    )


@keys.command()
def rotate() -> None:
    """Put a new signing key first; the one before stays good for what it has signed.

    Captchas, edit tokens and models signed before stay valid. Restart the service to sign with
    the new key.
    """
    rotate_signing_keys(read_settings().data)
    click.echo("A new key signs from the next start on; what was signed before stays good.")
