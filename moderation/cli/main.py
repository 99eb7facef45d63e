"""The moderation command: one group, one verb for each thing an operator does."""

import click

from moderation.cli.audit import audit
from moderation.cli.comments import comments
from moderation.cli.keys import keys
from moderation.cli.models import models
from moderation.cli.people import people
from moderation.cli.run import database, run, web, worker
from moderation.cli.sites import sites
from moderation.errors import ConfigurationError, ModerationError, StoreUnavailable
from moderation.web.logs import configure


class OneSentence(click.Group):
    """Tells a deliberate error in a sentence, without a trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; exit with 2 for wrong settings, 1 for what could not be done."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            click.echo("These settings cannot be used:", err=True)
            for problem in error.problems:
                click.echo(f"  {problem}", err=True)
            ctx.exit(2)
        except StoreUnavailable as error:
            raise click.ClickException(
                f"The {error.store} did not answer. Is MODERATION_DATABASE_URL right, and has "
                "`moderation database migrate` (or `make run`) been run once?"
            ) from error
        except ModerationError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=OneSentence, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="moderation")
def main() -> None:
    """Comment moderation with captcha verification, for news sites.

    Settings come from MODERATION_… environment variables; docs/configuration.md lists them.
    """
    configure("info")


for command in (run, web, worker, database, sites, keys, people, comments, models, audit):
    main.add_command(command)
