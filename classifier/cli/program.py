"""The group of all commands, and how a refusal is told."""

from typing import Any

import click

from classifier.cli import judge, teach, versions
from classifier.errors import ClassifierError


class Commands(click.Group):
    """Commands that tell a refusal in one sentence, and are listed in the order of use."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ClassifierError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}") from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train, try and choose the model that tells spam from comments.

    Models live in $MODERATION_DATA/models (default: ./data/models) and are signed with the keys in
    $MODERATION_DATA/signing.keys.

    \b
    The usual path, from a site's own labels to a model in use:
      classifier train labels.jsonl --from baseline --out data/models
      classifier compare baseline VERSION held-back.jsonl
      classifier promote VERSION

    Wherever a model is named: a version's name, the path of its folder, or 'baseline', the model
    that ships with the package.
    """


for command in (*teach.COMMANDS, *judge.COMMANDS, *versions.COMMANDS):
    main.add_command(command)
