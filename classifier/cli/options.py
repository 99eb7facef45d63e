"""What several commands share: their arguments, and how a model or a file is opened."""

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from classifier import artefact, dataset
from classifier.dataset import Census, Example
from classifier.errors import InvalidDataset
from classifier.keys import read_keys
from classifier.registry import BASELINE as PACKAGED
from classifier.registry import Registry, load_packaged
from classifier.scoring import Scorer

BASELINE = "baseline"
MODELS = "models"
SHOWN_MALFORMED = 10

FILE = click.Path(dir_okay=False, path_type=Path)

files = click.argument("files", nargs=-1, required=True, metavar="FILE…", type=FILE)
model = click.option(
    "--model",
    metavar="VERSION",
    help="A version's name or path, or 'baseline'. Default: the promoted version in "
    "$MODERATION_DATA/models, else the baseline that ships with the package.",
)
as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of a table."
)
seed = click.option(
    "--seed", default=0, show_default=True, help="Chooses which examples are held out together."
)
strength = click.option(
    "--strength",
    type=click.FloatRange(min=1e-6, max=1e6),
    callback=lambda _context, _option, value: _number(value),
    metavar="C",
    help="How freely the model follows the examples; `classifier tune` finds a good one.",
)


def _number(value: float | None) -> float | None:
    """Refuse what is not a number; ``nan`` is within every range."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number")
    return value


def data() -> Path:
    """Return the data folder of the service."""
    return Path(os.environ.get("MODERATION_DATA") or "data")


def registry() -> Registry:
    """Return the registry of the service, with the keys it believes."""
    return Registry(data() / MODELS, read_keys(data()))


def open_model(name: str | None) -> Scorer:
    """Return the model somebody asked for: a path, a name, 'baseline', or whatever is in use."""
    path = _find(name)
    if path is None:
        return load_packaged()
    return Registry(path.parent, read_keys(data())).load(path.name)


def read_manifest(name: str | None) -> dict[str, Any]:
    """Return what the model that `open_model` returns says of itself, verified like it."""
    path = _find(name)
    if path is None:
        return artefact.verify_packaged(PACKAGED).describe()
    return artefact.verify(path, read_keys(data())).describe()


def _find(name: str | None) -> Path | None:
    """Return the folder of a model, None for the one in the package."""
    models = data() / MODELS
    if name is None:
        name = Registry(models, ()).champion_version() or BASELINE
    if name == BASELINE:
        return None
    return Path(name).resolve() if Path(name).is_dir() or os.sep in name else models / name


def read_examples(paths: Sequence[Path]) -> list[Example]:
    """Return the labelled rows of some files, and say on standard error what was left out.

    Raises
    ------
    InvalidDataset
        There is none, or a file cannot be used.
    """
    census = Census()
    examples = list(dataset.read(paths, census))
    tell(census)
    if not examples:
        raise InvalidDataset("no labelled row was found")
    return examples


def tell(census: Census) -> None:
    """Say on standard error what was read, and which lines could not be."""
    click.echo(str(census), err=True)
    for problem in census.malformed[:SHOWN_MALFORMED]:
        click.echo(f"skipped: {problem}", err=True)
    if (untold := len(census.malformed) - SHOWN_MALFORMED) > 0:
        click.echo(f"skipped: {untold} more", err=True)
