"""Models: which there are, how they do, a new one from people's decisions, and which one judges."""

import getpass
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from moderation.cli.children import stop_with, tied
from moderation.cli.opening import opened
from moderation.cli.run import stop_with_parent
from moderation.config import Settings, read_settings
from moderation.domain.finding import Verdict
from moderation.domain.model import ModelChange, ShadowFigures
from moderation.errors import ChallengerWorse
from moderation.learning import promote as learning
from moderation.learning.drift import ENOUGH
from moderation.learning.overview import Standing, overview
from moderation.learning.promote import Actor
from moderation.learning.retrain import Trainer
from moderation.learning.retrain import retrain as learn
from moderation.services import now, open_models

UNKNOWN = "unknown"


@click.group()
def models() -> None:
    """Look at the models, train a challenger, promote it, go back."""


@models.command("list")
def show_list() -> None:
    """List the versions, the newest first, with their figures and how they do here."""
    settings = read_settings()
    with opened() as database:
        found = overview(database, open_models(settings), settings.drift_limit)
    if not found:
        click.echo("There is no model yet; `moderation run` installs the one that ships.")
    for one in found:
        click.echo(f"{one.about.version}\t{one.about.status}\t{one.about.created_at or UNKNOWN}")
        for line in _lines(one):
            click.echo(f"  {line}")


@models.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def history(limit: int) -> None:
    """List who promoted or rolled back what, the latest first."""
    with opened() as database, database.read() as memory:
        changes = memory.model_changes.latest(limit)
    if not changes:
        click.echo("Nobody has promoted or rolled back a model yet.")
    for change in changes:
        click.echo(_told(change))


@models.command()
@click.option("--force", is_flag=True, help="Train although there is no new decision.")
@stop_with_parent
def retrain(force: bool, parent: int | None) -> None:
    """Train on people's decisions on top of the champion; the result is the challenger.

    Only what people removed as spam is spam; what they published is not. The challenger scores
    new comments beside the champion and decides nothing. Its name is on the last line.
    """
    settings = read_settings()
    if parent is not None:
        stop_with(parent or os.getppid())
    with opened() as database, _tidy_when_stopped():
        training = learn(
            database, open_models(settings), _trainer(settings), now, settings.data, is_forced=force
        )
    click.echo(
        f"Learnt from {training.spam + training.ham} decisions ({training.spam} spam, "
        f"{training.ham} not) on top of {training.base}; the challenger is",
        err=True,
    )
    click.echo(training.version)


@models.command()
@click.argument("version")
@click.option("--force", is_flag=True, help="Promote it although it was found worse.")
@click.option("--reason", metavar="TEXT", help="Why; required with --force, and kept.")
def promote(version: str, force: bool, reason: str | None) -> None:
    """Make VERSION the champion, unless it is worse than the present one.

    Worse is one that would hold more of the last comments people published than the champion.
    """
    if force and not (reason or "").strip():
        raise click.UsageError("--force needs a reason: --reason 'why it is right even so'.")
    if len(reason or "") > learning.LONGEST_REASON:
        raise click.BadParameter(
            f"at most {learning.LONGEST_REASON} characters", param_hint="--reason"
        )
    despite = reason if force else None
    settings = read_settings()
    with opened() as database:
        try:
            change = learning.promote(
                version, _actor(), database, open_models(settings), now(), despite=despite
            )
        except ChallengerWorse as error:
            raise click.ClickException(
                f"{error}. Use --force --reason TEXT to promote it even so."
            ) from error
    click.echo(f"{change.version} is the champion now.")


@models.command()
def rollback() -> None:
    """Make the champion before the present one champion again."""
    settings = read_settings()
    with opened() as database:
        change = learning.roll_back(_actor(), database, open_models(settings), now())
    click.echo(f"{change.version} is the champion again.")


def _trainer(settings: Settings) -> Trainer:
    return Trainer(
        models=settings.models.absolute(),
        environment=os.environ | {"MODERATION_DATA": str(settings.data.absolute())},
        tie=tied,
        is_watched=sys.stderr.isatty(),
    )


def _actor() -> Actor:
    """Return the account that typed the command."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        name = f"account {os.getuid()}"
    return Actor(f"{name} (command line)")


@contextmanager
def _tidy_when_stopped() -> Iterator[None]:
    """Let SIGTERM end the block like Ctrl-C does, so that no reader's words stay behind."""

    def leave(*_: object) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _lines(one: Standing) -> Iterator[str]:
    if one.about.problem:
        yield f"cannot be used: {one.about.problem}"
        return
    overall = one.about.metrics.get("overall", {})
    names = {"recall": "recall", "precision": "precision", "false_positive_rate": "false positives"}
    figures = [(told, overall.get(name)) for name, told in names.items()]
    yield "in training: " + ", ".join(f"{told} {_percent(value)}" for told, value in figures)
    yield f"drift: {_drift(one)}"
    if one.shadow is not None:
        yield f"shadow: {_shadow(one.shadow)}"


def _drift(one: Standing) -> str:
    if not one.about.profiles:
        return "no figure, this version does not hold the distributions of its training data"
    if one.drift is None:
        return f"no figure yet, no week has {ENOUGH} comments"
    figures = {"scores": one.drift.scores, "unseen features": one.drift.unseen}
    told = ", ".join(f"{name} {value:.3f}" for name, value in figures.items() if value is not None)
    verdict = "beyond" if one.drift.passed else "within"
    return f"{told} in {one.drift.week}, {verdict} the limit of {one.drift.limit:g}"


def _shadow(figures: ShadowFigures) -> str:
    if not figures.comments:
        return "no comment scored yet"
    shares = "; ".join(
        f"{verdict.value} {_percent(figures.challenger_share(verdict))} "
        f"(champion {_percent(figures.champion_share(verdict))})"
        for verdict in (Verdict.HOLD, Verdict.REJECT)
    )
    return f"{figures.comments} comments; {shares}; the same verdict {_percent(figures.agreement)}"


def _percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.1%}"


def _told(change: ModelChange) -> str:
    words = [
        f"{change.created_at:%Y-%m-%d %H:%M:%S} UTC",
        change.action.value,
        f"{change.previous or 'none'} -> {change.version}",
        change.by,
    ]
    return "\t".join([*words, f"forced: {change.reason}"] if change.is_forced else words)
