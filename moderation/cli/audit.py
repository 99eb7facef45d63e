"""The audit: checked from the first entry to the last, and written out to be kept elsewhere."""

import sys

import click

from moderation.cli.opening import opened
from moderation.domain.site import Site
from moderation.review.audit import Findings, Head
from moderation.review.audit import verify as check
from moderation.storage.database import Database

WORTH_A_BAR = 10_000  # entries: fewer take no time


class HeadType(click.ParamType[Head]):
    """NUMBER:HASH, as an earlier check has printed them."""

    name = "NUMBER:HASH"

    def convert(
        self, value: str | Head, param: click.Parameter | None, ctx: click.Context | None
    ) -> Head:
        """Return the head that was typed."""
        if isinstance(value, Head):
            return value
        number, _, digest = value.partition(":")
        if not number.isdecimal() or len(digest) != 64:
            self.fail("a number, a colon and 64 hexadecimal digits are expected", param, ctx)
        return Head(int(number), digest.lower())


@click.group()
def audit() -> None:
    """Check who decided what, or keep a copy of it."""


@audit.command()
@click.argument("site", required=False)
@click.option(
    "--head",
    type=HeadType(),
    help="Check also that this entry, noted at an earlier time, is still there (with SITE).",
)
def verify(site: str | None, head: Head | None) -> None:
    """Check the audit of SITE, or of every site: nothing changed, nothing missing.

    Prints for each site the head of its audit; whoever notes it elsewhere and gives it as --head
    later also finds out if the latest entries were removed, or all written anew.
    """
    if head and site is None:
        raise click.UsageError("--head needs SITE.")
    with opened() as database:
        found = [(one, _checked(one, head, database)) for one in _sites(site, database)]
    for one, findings in found:
        if findings.misfit is None:
            click.echo(f"{one.name}\t{findings.length} entries\t{findings.length}:{findings.hash}")
    misfits = [f"{one.name}: {findings.misfit}" for one, findings in found if findings.misfit]
    if misfits:
        raise click.ClickException("\n".join(misfits))


@audit.command()
@click.argument("site")
def export(site: str) -> None:
    """Print the audit of SITE, the first entry first, one a line.

    The SHA-256 of each line, without its end, is the `previous` of the next.
    """
    with opened() as database:
        (found,) = _sites(site, database)
        with database.read() as memory:
            for entry in memory.audit.all(found.id):
                click.echo(entry.line)


def _checked(site: Site, head: Head | None, database: Database) -> Findings:
    with database.read() as memory:
        last = memory.audit.last(site.id)
    length = last.number if last else 0
    bar = click.progressbar(
        length=length, label=site.name, file=sys.stderr, hidden=length < WORTH_A_BAR
    )
    with bar:
        return check(site, database, head, bar.update)


def _sites(name: str | None, database: Database) -> tuple[Site, ...]:
    with database.read() as memory:
        if name is None:
            return memory.sites.all()
        found = memory.sites.by_name(name)
    if found is None:
        raise click.ClickException(f"There is no site named {name}.")
    return (found,)
