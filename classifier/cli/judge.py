"""Commands that use a model: on rows, on labelled rows, on one comment."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from classifier import dataset, display, durable
from classifier.cli import options
from classifier.errors import InvalidDataset, InvalidRow
from classifier.explanation import explain as explain_score
from classifier.features import Document


@click.command()
@options.model
def score(model: str | None) -> None:
    """Read rows from standard input and print the probability that each is spam.

    For each line with a "text" (and where known "author", "url"), in order, one line
    {"id": the row's, "spam": probability in [0, 1]} is printed.
    """
    scorer = options.open_model(model)
    for row in _rows(sys.stdin.buffer):
        spam = scorer.score_one(dataset.document_of(row))
        print(json.dumps({"id": row.get("id"), "spam": spam}), flush=True)


@click.command()
@options.files
@options.model
@options.as_json
def evaluate(files: tuple[Path, ...], model: str | None, as_json: bool) -> None:
    """Measure a model on the labelled rows of FILE…, by language and source.

    Accuracy, precision, recall, F1, MCC and false-positive rate (FPR) are those at the model's hold
    threshold: what it holds or rejects counts as taken for spam.
    """
    from classifier import evaluation  # noqa: PLC0415 - scikit-learn, slow to load

    scorer = options.open_model(model)
    examples = options.read_examples(files)
    scores = scorer.score([example.document for example in examples])
    thresholds = evaluation.Thresholds(scorer.hold, scorer.reject)
    figures = evaluation.evaluate(examples, scores, thresholds)
    click.echo(json.dumps(figures, indent=2) if as_json else display.table_of(figures))


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@options.files
@click.option(
    "--show",
    default=10,
    show_default=True,
    type=click.IntRange(min=0),
    help="How many of the comments they disagree on to show.",
)
@options.as_json
def compare(first: str, second: str, files: tuple[Path, ...], show: int, as_json: bool) -> None:
    """Compare the models A and B on the labelled rows of FILE….

    A and B are versions' names or paths, or 'baseline'. Each is taken at its own thresholds. The
    interval of a difference, and McNemar's test, say whether it may be chance: if the interval
    holds 0, it may. The comments shown are those that one model holds and the other does not.
    """
    from classifier import comparison  # noqa: PLC0415 - scikit-learn, slow to load

    scorers = options.open_model(first), options.open_model(second)
    found = comparison.compare(*scorers, options.read_examples(files), show)
    told = json.dumps(found.as_dict(), indent=2) if as_json else display.comparison_of(found)
    click.echo(told)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE…]", type=options.FILE)
@options.model
@click.option(
    "--out",
    default="report.html",
    show_default=True,
    metavar="FILE",
    type=options.FILE,
    help="Where to write the page.",
)
def report(files: tuple[Path, ...], model: str | None, out: Path) -> None:
    """Write a page of figures, plots and mistakes on the labelled rows of FILE….

    The page is one HTML file that opens anywhere and fetches nothing. It quotes comments: mind who
    reads it. Without FILE…, the comments that ship with the package are judged.
    """
    try:
        from classifier.report.page import judge, render_page  # noqa: PLC0415 - matplotlib, an extra
    except ImportError as error:
        hint = "reports need matplotlib: pip install 'moderation[report]'"
        raise click.ClickException(hint) from error
    from classifier.correction import CORPUS  # noqa: PLC0415 - SciPy, slow to load

    if not out.parent.is_dir():
        raise click.UsageError(f"there is no folder {out.parent} to write into")
    scorer, about = options.open_model(model), options.read_manifest(model)
    examples = options.read_examples(files or CORPUS)
    durable.replace(out, render_page(judge(scorer, about, examples)).encode())
    click.echo(out)


@click.command()
@click.argument("text")
@click.option("--author", default="", help="The author's name.")
@click.option("--url", default="", help="The author's address.")
@options.model
def explain(text: str, author: str, url: str, model: str | None) -> None:
    """Show what in TEXT speaks for spam (red) and against it (green), and the signals."""
    scorer = options.open_model(model)
    document = Document(text, author=author, url=url)
    explanation = explain_score(scorer, document)
    click.echo(display.sentence_of(scorer, explanation))
    click.echo(display.coloured(text, explanation))
    click.echo(display.weights_of(explanation))


def _rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Return the rows in some lines; a broken one ends the program with its number."""
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                yield dataset.parse_row(line)
        except InvalidRow as error:
            raise InvalidDataset(error.reason, "standard input", number) from error


COMMANDS = (score, evaluate, compare, report, explain)
