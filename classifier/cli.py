"""The command line of the classifier."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from classifier import dataset, display
from classifier.dataset import Census
from classifier.errors import ClassifierError, InvalidDataset, InvalidRow
from classifier.explanation import explain as explain_score
from classifier.features import Document
from classifier.keys import ensure_keys, read_keys
from classifier.registry import Registry, load_packaged
from classifier.scoring import Scorer

BASELINE = "baseline"
MODELS = "models"
SHOWN_MALFORMED = 10

_files = click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE…",
    type=click.Path(dir_okay=False, path_type=Path),
)
_model = click.option(
    "--model",
    metavar="VERSION",
    help="A version's name or path, or 'baseline'. Default: the promoted version in "
    "$MODERATION_DATA/models, else the baseline that ships with the package.",
)


class Commands(click.Group):
    """Commands that tell a refusal in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ClassifierError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train, try and choose the model that tells spam from comments.

    Models live in $MODERATION_DATA/models (default: ./data/models) and are signed with the keys in
    $MODERATION_DATA/signing.keys.
    """


@main.command()
@_files
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Registry that gets the new version.",
)
@click.option(
    "--seed", default=0, show_default=True, help="Chooses which examples are held out together."
)
@click.option("--name", help="Name of the version. Default: the time and a digest.")
def train(files: tuple[Path, ...], out: Path, seed: int, name: str | None) -> None:
    """Train a model on FILE… and write it, signed, into the registry DIR.

    Each line is a JSON object: "text", "label", and where known "lang", "source", "author", "url".
    The label "spam" is spam, any other is not; "other" and "uncertain" are skipped. The new
    version's path is printed; nothing uses it until it is promoted.
    """
    from classifier import manifest, training  # noqa: PLC0415 - scikit-learn, slow to load

    ensure_keys(_data())
    registry = Registry(out, read_keys(_data()))
    if name:
        registry.new_path(name)
    census = Census()
    with click.progressbar(length=training.STEPS, label="reading", file=sys.stderr) as bar:
        examples = list(dataset.read(files, census))

        def advance(step: str) -> None:
            bar.label = f"{step:12}"
            bar.update(1)

        trained = training.train(examples, seed, advance)
    _tell(census)
    now = datetime.now(UTC)
    arrays = trained.arrays()
    version = name or manifest.name_version(now, arrays)
    about = manifest.describe(version, now, trained, examples)
    data = manifest.describe_data(files, census, seed)
    click.echo(registry.add(version, {**about, "data": data}, arrays))


@main.command()
@_model
def score(model: str | None) -> None:
    """Read rows from standard input and print the probability that each is spam.

    For each line with a "text" (and where known "author", "url"), in order, one line
    {"id": the row's, "spam": probability in [0, 1]} is printed.
    """
    scorer = _open(model)
    for row in _rows(sys.stdin.buffer):
        spam = scorer.score_one(dataset.document_of(row))
        print(json.dumps({"id": row.get("id"), "spam": spam}), flush=True)


@main.command()
@_files
@_model
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def evaluate(files: tuple[Path, ...], model: str | None, as_json: bool) -> None:
    """Measure a model on the labelled rows of FILE…, by language and source.

    Accuracy, precision, recall, F1, MCC and false-positive rate (FPR) are those at the model's hold
    threshold: what it holds or rejects counts as taken for spam.
    """
    from classifier import evaluation  # noqa: PLC0415 - scikit-learn, slow to load

    scorer = _open(model)
    census = Census()
    examples = list(dataset.read(files, census))
    _tell(census)
    if not examples:
        raise InvalidDataset("no labelled row was found")
    scores = scorer.score([example.document for example in examples])
    thresholds = evaluation.Thresholds(scorer.hold, scorer.reject)
    report = evaluation.evaluate(examples, scores, thresholds)
    click.echo(json.dumps(report, indent=2) if as_json else display.table_of(report))


@main.command()
@click.argument("text")
@click.option("--author", default="", help="The author's name.")
@click.option("--url", default="", help="The author's address.")
@_model
def explain(text: str, author: str, url: str, model: str | None) -> None:
    """Show what in TEXT speaks for spam (red) and against it (green), and the signals."""
    scorer = _open(model)
    document = Document(text, author=author, url=url)
    explanation = explain_score(scorer, document)
    click.echo(display.sentence_of(scorer, explanation))
    click.echo(display.coloured(text, explanation))
    click.echo(display.weights_of(explanation))


@main.command("list")
def list_versions() -> None:
    """List the versions in $MODERATION_DATA/models, the newest first."""
    click.echo(display.list_of(_registry().versions()))


@main.command()
@click.argument("version")
def promote(version: str) -> None:
    """Make VERSION (a name or a path in $MODERATION_DATA/models) the champion."""
    name = Path(version).name
    _registry().promote(name)
    click.echo(f"{name} is the champion now")


@main.command()
def rollback() -> None:
    """Make the champion before the present one champion again."""
    click.echo(f"{_registry().rollback()} is the champion again")


def _data() -> Path:
    return Path(os.environ.get("MODERATION_DATA") or "data")


def _registry() -> Registry:
    """Return the registry of the service, with the keys it believes."""
    return Registry(_data() / MODELS, read_keys(_data()))


def _open(model: str | None) -> Scorer:
    """Return the model somebody asked for: a path, a name, 'baseline', or whatever is in use."""
    if model == BASELINE:
        return load_packaged()
    if model is None:
        unpromoted = Registry(_data() / MODELS, ()).champion_version() is None
        return load_packaged() if unpromoted else _registry().load_champion()
    if Path(model).is_dir() or os.sep in model:
        path = Path(model).resolve()
        return Registry(path.parent, read_keys(_data())).load(path.name)
    return _registry().load(model)


def _rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Return the rows in some lines; a broken one ends the program with its number."""
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                yield dataset.parse_row(line)
        except InvalidRow as error:
            raise InvalidDataset(error.reason, "standard input", number) from error


def _tell(census: Census) -> None:
    """Say on standard error what was read, and which lines could not be."""
    click.echo(str(census), err=True)
    for problem in census.malformed[:SHOWN_MALFORMED]:
        click.echo(f"skipped: {problem}", err=True)
