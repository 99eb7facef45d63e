"""The plots of the report: matplotlib figures as SVG that goes into the page."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from classifier.evaluation import Thresholds

BINS = 10
SPAM, HAM, INK = "#b3261e", "#1f6f54", "#33373d"

_LOOK: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "classifier",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a9099",
    "axes.grid": True,
    "grid.color": "#e6e8eb",
    "axes.axisbelow": True,
}
_SIZE = (5.4, 3.8)
_PROLOGUE = re.compile(r"(?s)^.*?(?=<svg )|<metadata>.*?</metadata>\s*")
_NAMES = re.compile(r'(\bid="|href="#|url\(#)')
_MEASURE = re.compile(r' (width|height)="[\d.]+pt"')

Draw = Callable[[Axes], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """Labels and scores to draw, shape (n,) each, and the thresholds; both classes are there."""

    is_spam: NDArray[np.bool_]
    scores: NDArray[np.float64]
    thresholds: Thresholds


def render(draw: Draw, name: str, title: str) -> str:
    """Return a plot as SVG for an HTML page: fluid, named for those who do not see it.

    `name` keeps the identifiers of several plots on a page apart.
    """
    with rc_context(_LOOK):
        figure = Figure(figsize=_SIZE, layout="constrained")
        draw(figure.add_subplot())
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = _PROLOGUE.sub("", file.getvalue())
    svg = _NAMES.sub(rf"\g<1>{name}-", _MEASURE.sub("", svg, count=2))
    told = escape(title, quote=True)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{told}" ', 1)


def precision_recall(judged: Judged) -> Draw:
    """Draw precision against recall over all thresholds."""
    precision, recall, _ = precision_recall_curve(judged.is_spam, judged.scores)

    def draw(axes: Axes) -> None:
        axes.plot(recall, precision, color=SPAM)
        for name, threshold in _named(judged.thresholds):
            held = judged.scores >= threshold
            caught = judged.is_spam & held
            point = (caught.sum() / judged.is_spam.sum(), caught.sum() / max(1, held.sum()))
            _mark(axes, point, name)
        axes.set(xlabel="Recall", ylabel="Precision", xlim=(0, 1.02), ylim=(0, 1.02))

    return draw


def roc(judged: Judged) -> Draw:
    """Draw recall against the false-positive rate, which is on a logarithmic scale."""
    false, true, _ = roc_curve(judged.is_spam, judged.scores, drop_intermediate=True)
    least = 0.5 / (~judged.is_spam).sum()

    def draw(axes: Axes) -> None:
        axes.plot(np.maximum(false, least), true, color=SPAM)
        for name, threshold in _named(judged.thresholds):
            held = judged.scores >= threshold
            blamed = max(float(held[~judged.is_spam].mean()), least)
            _mark(axes, (blamed, float(held[judged.is_spam].mean())), name)
        axes.set(xscale="log", xlabel="False-positive rate", ylabel="Recall", ylim=(0, 1.02))

    return draw


def calibration(judged: Judged) -> Draw:
    """Draw how often comments with a score are spam, with the ideal diagonal."""
    rows = [row for row in calibration_bins(judged.is_spam, judged.scores) if row[2]]

    def draw(axes: Axes) -> None:
        axes.plot((0, 1), (0, 1), color="#8a9099", linestyle="--", linewidth=1)
        axes.plot([row[0] for row in rows], [row[1] for row in rows], marker="o", color=SPAM)
        axes.set(xlabel="Mean score", ylabel="Share of spam", xlim=(0, 1), ylim=(0, 1.02))

    return draw


def errors(judged: Judged) -> Draw:
    """Draw the spam missed and the ham held at every threshold."""
    grid = np.linspace(0, 1, 401)
    spam, ham = (np.sort(judged.scores[rows]) for rows in (judged.is_spam, ~judged.is_spam))

    def draw(axes: Axes) -> None:
        axes.plot(grid, np.searchsorted(spam, grid) / len(spam), color=SPAM, label="Spam missed")
        held = 1 - np.searchsorted(ham, grid) / len(ham)
        axes.plot(grid, held, color=HAM, linestyle="--", label="Ham held")
        _thresholds(axes, judged.thresholds)
        axes.set(xlabel="Threshold", ylabel="Share", xlim=(0, 1), ylim=(0, 1.02))
        axes.legend(frameon=False)

    return draw


def distributions(judged: Judged) -> Draw:
    """Draw how the scores of spam and of ham are spread; counts on a logarithmic scale."""
    edges = np.linspace(0, 1, 41).tolist()

    def draw(axes: Axes) -> None:
        axes.hist(judged.scores[~judged.is_spam], edges, color=HAM, alpha=0.6, label="Ham")
        axes.hist(
            judged.scores[judged.is_spam], edges, color=SPAM, histtype="step", lw=1.8, label="Spam"
        )
        _thresholds(axes, judged.thresholds)
        axes.set(xlabel="Score", ylabel="Comments", yscale="log", xlim=(0, 1))
        axes.legend(frameon=False)

    return draw


def bars(groups: Sequence[tuple[str, dict[str, Any]]]) -> Draw:
    """Draw recall and false-positive rate of groups beside each other, where they are known."""
    names = [legible(name) for name, _ in groups]
    places = np.arange(len(names))

    def draw(axes: Axes) -> None:
        for key, shift, color, label in (
            ("recall", -0.2, SPAM, "Recall"),
            ("false_positive_rate", 0.2, HAM, "False-positive rate"),
        ):
            values = [figures[key] or 0.0 for _, figures in groups]
            axes.barh(places + shift, values, height=0.38, color=color, label=label)
        axes.set(yticks=places, yticklabels=names, xlim=(0, 1))
        axes.invert_yaxis()
        axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)

    return draw


def legible(text: str) -> str:
    """Return `text` with a mark for each character that cannot be shown.

    Examples
    --------
    >>> legible("a\\x00b\\u200bc")
    'a�b�c'
    """
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text)


def calibration_bins(
    is_spam: NDArray[np.bool_], scores: NDArray[np.float64]
) -> list[tuple[float, float, int]]:
    """Return mean score, share of spam and number of comments in tenths of the scores."""
    rows = []
    for low, high in pairwise(np.linspace(0, 1, BINS + 1)):
        inside = (scores >= low) & ((scores < high) | (high == 1))
        count = int(inside.sum())
        mean = float(scores[inside].mean()) if count else 0.0
        rows.append((mean, float(is_spam[inside].mean()) if count else 0.0, count))
    return rows


def _named(thresholds: Thresholds) -> tuple[tuple[str, float], ...]:
    return (("hold", thresholds.hold), ("reject", thresholds.reject))


def _mark(axes: Axes, point: tuple[float, float], name: str) -> None:
    axes.plot(*point, marker="o", color=INK)
    axes.annotate(name, point, xytext=(-8, -14), textcoords="offset points", ha="right", color=INK)


def _thresholds(axes: Axes, thresholds: Thresholds) -> None:
    for name, threshold in _named(thresholds):
        axes.axvline(threshold, color=INK, linestyle=":", linewidth=1)
        axes.text(threshold, 1.01, name, transform=axes.get_xaxis_transform(), ha="center")
