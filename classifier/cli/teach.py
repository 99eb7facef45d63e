"""Commands that make models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier import dataset, display
from classifier.cli import options, progress
from classifier.dataset import Census, Example
from classifier.keys import ensure_keys, read_keys
from classifier.registry import Registry

if TYPE_CHECKING:
    from classifier.manifest import Outcome


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of training: the model, the examples it is judged by, and what to remember."""

    outcome: "Outcome"
    examples: list[Example]
    census: Census
    remarks: Mapping[str, Any] = field(default_factory=dict)


@click.command()
@options.files
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Registry that gets the new version.",
)
@click.option(
    "--from",
    "base",
    metavar="VERSION",
    help="Learn a correction on top of this model (a version's name or path, or 'baseline') from "
    "FILE… and the comments that ship with the package. For a site's own labels.",
)
@options.seed
@click.option("--name", help="Name of the version. Default: the time and a digest.")
@options.strength
@click.option(
    "--stream",
    is_flag=True,
    help="Read FILE… once, in bounded memory. Large files (together over 100 MB) always are.",
)
def train(
    files: tuple[Path, ...],
    out: Path,
    base: str | None,
    seed: int,
    name: str | None,
    strength: float | None,
    stream: bool,
) -> None:
    """Train a model on FILE… and write it, signed, into the registry DIR.

    Each line is a JSON object: "text", "label", and where known "lang", "source", "author", "url".
    The label "spam" is spam, any other is not; "other" and "uncertain" are skipped. The new
    version's path is printed; nothing uses it until it is promoted.

    \b
    A few hundred labels of one site:
      classifier train labels.jsonl --from baseline --out data/models
    """
    from classifier import manifest  # noqa: PLC0415 - scikit-learn, slow to load

    ensure_keys(options.data())
    registry = Registry(out, read_keys(options.data()))
    if name:
        registry.new_path(name)
    lesson = _learn(files, base, seed, strength, stream)
    now = datetime.now(UTC)
    arrays = lesson.outcome.arrays()
    version = name or manifest.name_version(now, arrays)
    about = manifest.describe(version, now, lesson.outcome, lesson.examples)
    data = manifest.describe_data(files, lesson.census, seed)
    click.echo(registry.add(version, {**about, **lesson.remarks, "data": data}, arrays))


def _learn(
    files: tuple[Path, ...], base: str | None, seed: int, strength: float | None, stream: bool
) -> Lesson:
    """Train in the way that was asked for, or that the size of the files asks for."""
    from classifier import streaming  # noqa: PLC0415 - scikit-learn, slow to load

    if stream and (base or strength):
        raise click.UsageError("--stream goes with neither --from nor --strength")
    if base:
        return _correct(files, base, seed, strength)
    if stream or (strength is None and streaming.is_large(files)):
        return _stream(files, seed)
    return _train(files, seed, strength)


def _train(files: tuple[Path, ...], seed: int, strength: float | None) -> Lesson:
    """Train from nothing, all examples in memory."""
    from classifier import manifest, training  # noqa: PLC0415 - scikit-learn, slow to load

    census = Census()
    chosen = () if strength is None else (strength,)
    with progress.steps(training.STEPS) as advance:
        examples = list(dataset.read(files, census))
        outcome = training.train(examples, seed, advance, *chosen)
    options.tell(census)
    drift = manifest.describe_drift(outcome.held_out, outcome.unseen)
    return Lesson(outcome, examples, census, {"drift": drift})


def _stream(files: tuple[Path, ...], seed: int) -> Lesson:
    """Train from nothing, reading the files once."""
    from classifier import streaming  # noqa: PLC0415 - scikit-learn, slow to load

    census = Census()
    with progress.reading(streaming.size_of(files), census) as advance:
        outcome = streaming.learn(files, census, seed, advance)
    options.tell(census)
    return Lesson(outcome, outcome.examples, census, {"streamed": True})


def _correct(files: tuple[Path, ...], base: str, seed: int, strength: float | None) -> Lesson:
    """Learn a correction of the model called `base`."""
    from classifier import correction, labels, manifest  # noqa: PLC0415 - scikit-learn, slow

    champion = options.open_model(base)
    census = Census()
    with progress.steps(correction.steps(strength)) as advance:
        examples = list(dataset.read(files, census))
        corpus = correction.read_corpus()
        outcome = correction.correct(champion, examples, corpus, seed, advance, strength)
    options.tell(census)
    unseen = champion.unseen_share([example.document for example in examples])
    remarks = {
        "from": champion.version,
        "labels": labels.count_labels(examples),
        "strength": outcome.strength,
        "drift": manifest.describe_drift(outcome.held_out, unseen),
    }
    return Lesson(outcome, examples, census, remarks)


@click.command()
@options.files
@click.option(
    "--scheduler",
    metavar="tcp://HOST:PORT",
    help="Fit on the workers of this Dask scheduler. They need this package, too.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes on this machine; without effect with --scheduler.",
)
@options.seed
def tune(files: tuple[Path, ...], scheduler: str | None, jobs: int, seed: int) -> None:
    """Find the --strength for `train` that suits the labelled rows of FILE….

    Each strength is tried by cross-validation; near-duplicates are never on both sides. The figure
    is the mean average precision on what was held out.
    """
    from classifier import tuning  # noqa: PLC0415 - scikit-learn, slow to load

    examples = options.read_examples(files)
    workers = None if scheduler else jobs
    tuned = tuning.tune(examples, seed, workers, scheduler)
    click.echo(display.trials_of(tuned))


COMMANDS: tuple[click.Command, ...] = (train, tune)
