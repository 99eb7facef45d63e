"""Comments: fill the database with invented ones, to show the service and to measure it."""

import sys
from collections.abc import Iterator, Sequence
from random import Random

import click

from moderation.cli import demo
from moderation.cli.opening import opened
from moderation.config import Settings, read_settings
from moderation.domain.site import Policy, Site
from moderation.newsroom.fill import fill
from moderation.newsroom.texts import LARGEST_STOCK, Stock, Written, on_shelves, stock_up
from moderation.services import now, open_model
from moderation.storage.database import Database
from moderation.storage.transaction import Transaction

MOST = 5_000_000
PAPERS = {"gazette-des-rives": "fr", "quayside-post": "en"}  # invented: nobody has these names


@click.group()
def comments() -> None:
    """Comments by the thousand."""


@comments.command()
@click.argument("number", type=click.IntRange(1, MOST), metavar="N")
@click.option(
    "--profile",
    type=click.Choice(["newsroom"]),
    default="newsroom",
    show_default=True,
    help="What is invented: newspapers with readers, moderators, spam and quarrels.",
)
@click.option(
    "--site",
    "names",
    multiple=True,
    help="Fill this site; may be repeated.  [default: demo and two invented newspapers]",
)
@click.option("--seed", type=int, help="The same number invents the same again.")
def seed(number: int, profile: str, names: tuple[str, ...], seed: int | None) -> None:
    """Add N invented comments of the last 90 days, with decisions, reports and their audit.

    For demonstrations and measurements: there is no way to tell them from real ones afterwards.
    The service may run meanwhile. Ctrl-C stops; what is there by then is whole.
    """
    settings, rng = read_settings(), Random(seed)  # noqa: S311, nothing here is secret
    with opened() as database:
        sites = _sites(names, database)
        stock = _stock(number, settings, rng)
        done = 0
        try:
            with click.progressbar(length=number, label="Comments", file=sys.stderr) as bar:
                for added in fill(number, sites, stock, database, now(), rng):
                    done += added
                    bar.update(added)
        except KeyboardInterrupt:
            raise click.ClickException(f"Stopped; {done:,} comments were added.") from None
    click.echo(f"{done:,} comments are on {', '.join(site.name for site in sites)}.")


def _sites(names: Sequence[str], database: Database) -> list[Site]:
    with database.transaction() as transaction:
        if names:
            return [_known(name, transaction) for name in dict.fromkeys(names)]
        shown = transaction.sites.by_name(demo.NAME)
        papers = [_paper(name, locale, transaction) for name, locale in PAPERS.items()]
        return [shown, *papers] if shown else papers


def _known(name: str, memory: Transaction) -> Site:
    found = memory.sites.by_name(name)
    if found is None:
        raise click.ClickException(f"There is no site named {name}.")
    return found


def _paper(name: str, locale: str, memory: Transaction) -> Site:
    found = memory.sites.by_name(name)
    return found or memory.sites.add(name, [f"https://{name}.example"], locale, Policy(), now())


def _stock(number: int, settings: Settings, rng: Random) -> Stock:
    demo.ensure_model(settings)
    model = open_model(settings)
    if model.version is None:
        raise click.ClickException("There is no model to score with; see `moderation models list`.")
    size = min(number, LARGEST_STOCK)
    with click.progressbar(length=size, label="Texts   ", file=sys.stderr) as bar:
        return on_shelves(_shown(stock_up(number, model, rng), bar))


def _shown(
    stock: Iterator[tuple[str, Written]], bar: "click._termui_impl.ProgressBar[int]"
) -> Iterator[tuple[str, Written]]:
    for one in stock:
        bar.update(1)
        yield one
