"""Commands that choose the model in use."""

from pathlib import Path

import click

from classifier import display
from classifier.cli.options import registry


@click.command("list")
def list_versions() -> None:
    """List the versions in $MODERATION_DATA/models, the newest first."""
    click.echo(display.list_of(registry().versions()))


@click.command()
@click.argument("version")
def promote(version: str) -> None:
    """Make VERSION (a name or a path in $MODERATION_DATA/models) the champion."""
    name = Path(version).name
    registry().promote(name)
    click.echo(f"{name} is the champion now")


@click.command()
def rollback() -> None:
    """Make the champion before the present one champion again."""
    click.echo(f"{registry().rollback()} is the champion again")


COMMANDS = (list_versions, promote, rollback)
