"""Commands that choose the model in use."""

from pathlib import Path

import click

from classifier import display
from classifier.cli.options import MODELS, data, registry


@click.command("list")
def list_versions() -> None:
    """List the versions in $MODERATION_DATA/models, the newest first."""
    known = (data() / MODELS).is_dir()
    listed = display.list_of(registry().versions()) if known else ""
    click.echo(listed or f"there is no version in {data() / MODELS} yet: the baseline judges")


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
