"""Keys: tokens for moderators and operators, and the secrets of the installation."""

import click

from moderation.cli.opening import opened
from moderation.config import read_settings
from moderation.domain.key import Role
from moderation.errors import NotFound
from moderation.services import now
from moderation.spam import rotate_signing_keys


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
def add(site: str, role: str, name: str) -> None:
    """Make a token for SITE and print it, once, on the last line."""
    if not 0 < len(name.strip()) <= 100:
        raise click.BadParameter("1 to 100 characters", param_hint="--name")
    with opened() as database, database.transaction() as transaction:
        found = transaction.sites.by_name(site)
        if found is None:
            raise click.ClickException(f"There is no site named {site}.")
        token = transaction.keys.add(found, Role(role), name.strip(), now())
    click.echo("Keep this token; it cannot be shown again.", err=True)
    click.echo(token)


@keys.command("list")
@click.argument("site")
def show_list(site: str) -> None:
    """List the tokens of SITE in use: number, role, name."""
    with opened() as database, database.read() as memory:
        found = memory.sites.by_name(site)
        if found is None:
            raise click.ClickException(f"There is no site named {site}.")
        for holder in memory.keys.of_site(found.id):
            click.echo(f"{holder.id}\t{holder.role}\t{holder.label}")


@keys.command()
@click.argument("site")
@click.argument("number", type=int)
def revoke(site: str, number: int) -> None:
    """Make token NUMBER of SITE worthless from now on."""
    with opened() as database, database.transaction() as transaction:
        found = transaction.sites.by_name(site)
        if found is None:
            raise click.ClickException(f"There is no site named {site}.")
        try:
            transaction.keys.revoke(number, found.id, now())
        except NotFound as error:
            raise click.ClickException(f"{site} has no token {number} in use.") from error
    click.echo(f"Token {number} is revoked.")


@keys.command()
def rotate() -> None:
    """Put a new signing key first; the one before stays good for what it has signed.

    Captchas, edit tokens and models signed before stay valid. Restart the service to sign with
    the new key.
    """
    rotate_signing_keys(read_settings().data)
    click.echo("A new key signs from the next start on; what was signed before stays good.")
