"""The report as one HTML page: no script, nothing fetched, every comment escaped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from classifier.dataset import Example
from classifier.errors import InvalidDataset
from classifier.evaluation import Thresholds, evaluate, measure
from classifier.report import plots
from classifier.report.plots import Judged, legible, render
from classifier.report.style import STYLE
from classifier.scoring import Scorer

WORST = 15
LONGEST = 600
_MOST_BARS = 24

_COLUMNS = {
    "spam": "Spam",
    "ham": "Ham",
    "recall": "Recall",
    "false_positive_rate": "False positives",
    "precision": "Precision",
    "f1": "F1",
    "average_precision": "Average precision",
    "recall_at_low_fpr": "Recall at 0.5 %",
}
_PLOTS = (
    (plots.precision_recall, "Precision and recall", "How much spam is found, and at what price."),
    (plots.roc, "ROC", "Recall against false positives, whose scale is logarithmic."),
    (plots.calibration, "Calibration", "On the dashed line, a score is a frequency."),
    (plots.errors, "Thresholds and errors", "What each threshold misses, and what it holds."),
    (plots.distributions, "Scores", "How spam and ham are spread; counts are logarithmic."),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about: a model's manifest, and comments it has judged."""

    manifest: Mapping[str, Any]
    examples: Sequence[Example]
    judged: Judged


def judge(scorer: Scorer, manifest: Mapping[str, Any], examples: Sequence[Example]) -> Subject:
    """Return `examples` as `scorer` judges them, ready for a report."""
    scores = scorer.score([example.document for example in examples])
    is_spam = np.array([example.is_spam for example in examples], dtype=np.bool_)
    thresholds = Thresholds(scorer.hold, scorer.reject)
    return Subject(manifest, examples, Judged(is_spam, scores, thresholds))


def render_page(subject: Subject) -> str:
    """Return the report.

    Raises
    ------
    InvalidDataset
        There is no spam or no ham to draw.
    """
    judged = subject.judged
    if judged.is_spam.all() or not judged.is_spam.any():
        raise InvalidDataset("a report needs both spam and ham")
    figures = evaluate(subject.examples, judged.scores, judged.thresholds)
    kinds = _by_kind(subject)
    version = escape(str(subject.manifest.get("version", "unknown")))
    body = "\n".join(
        (
            f"<header><h1>What the model <code>{version}</code> can do</h1>",
            f'<p class="soft">{_summary(subject)}</p></header>',
            _section("Figures", _figures(figures["overall"])),
            _section("Plots", f'<div class="plots">{"".join(_plots(judged))}</div>'),
            _groups("By language", figures["by_language"], "languages"),
            _groups("By source", figures["by_source"], "sources"),
            _groups("By kind", kinds, "kinds") if kinds else "",
            _section("The worst mistakes", _mistakes(subject)),
            _section("Where the model comes from", _provenance(subject.manifest)),
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Model {version}</title>\n<style>\n{STYLE}\n</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _summary(subject: Subject) -> str:
    spam = int(subject.judged.is_spam.sum())
    thresholds = subject.judged.thresholds
    return (
        f"Judged on {spam:,} spam and {len(subject.examples) - spam:,} ham comments. It holds from "
        f"{thresholds.hold:.3f} and rejects from {thresholds.reject:.3f}; up to those, recall and "
        "false positives below count what is held or rejected. Comments the model was trained on "
        "flatter it: the figures in its manifest are those of comments it had not seen."
    )


def _figures(overall: Mapping[str, Any]) -> str:
    rows = [(title, _number(overall[name])) for name, title in _COLUMNS.items()]
    for name in ("recall", "false_positive_rate"):
        low, high = overall["intervals"][name]
        rows.append((f"{_COLUMNS[name]}, 95 % interval", f"{low:.4f} to {high:.4f}"))
    rows.append(("Expected calibration error", _number(overall["calibration_error"])))
    return _table(("Figure", "Value"), rows)


def _plots(judged: Judged) -> Iterable[str]:
    for number, (draw, title, caption) in enumerate(_PLOTS):
        yield _figure(render(draw(judged), f"p{number}", f"{title}. {caption}"), title, caption)


def _figure(svg: str, title: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption><strong>{title}.</strong> {caption}</figcaption></figure>"


def _groups(title: str, groups: Mapping[str, Any], name: str) -> str:
    """Return a table of groups, and bars of the largest."""
    largest = sorted(groups.items(), key=lambda item: -item[1]["spam"] - item[1]["ham"])
    shown = sorted(largest[:_MOST_BARS])
    svg = render(plots.bars(shown), name, f"{title}: recall and false-positive rate")
    rows = [
        (group, *(_number(figures[column]) for column in _COLUMNS))
        for group, figures in sorted(groups.items())
    ]
    caption = "The table says how many comments each bar stands for."
    table = _table((title.removeprefix("By ").capitalize(), *_COLUMNS.values()), rows)
    return _section(title, _figure(svg, title, caption) + table)


def _by_kind(subject: Subject) -> dict[str, Any]:
    """Return the figures of each kind of comment, where kinds are known."""
    kinds = np.array([example.kind for example in subject.examples])
    judged = subject.judged
    return {
        str(kind): measure(
            judged.is_spam[kinds == kind], judged.scores[kinds == kind], judged.thresholds
        )
        for kind in np.unique(kinds[kinds != ""])
    }


def _mistakes(subject: Subject) -> str:
    """Return the spam with the lowest scores and the ham with the highest, on the wrong side."""
    judged = subject.judged
    held = judged.scores >= judged.thresholds.hold
    parts = []
    for title, wrong, order in (
        ("Spam that passes", judged.is_spam & ~held, judged.scores),
        ("Ham that is held", ~judged.is_spam & held, -judged.scores),
    ):
        places = [place for place in np.argsort(order, kind="stable") if wrong[place]]
        rows = [
            (f"{judged.scores[place]:.4f}", subject.examples[place].document.lang or "–",
             _excerpt(subject.examples[place].document.text))
            for place in places[:WORST]
        ]  # fmt: skip
        parts.append(f"<h3>{title}: {len(places):,}</h3>")
        parts.append(_table(("Score", "Language", "Comment"), rows) if rows else "<p>None.</p>")
    return "".join(parts)


def _excerpt(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _provenance(manifest: Mapping[str, Any]) -> str:
    data = manifest.get("data", {})
    rows = [
        (name, str(manifest[key]))
        for key, name in (
            ("created_at", "Trained"), ("from", "Corrects"), ("features", "Features"),
            ("strength", "Strength"),
        )
        if key in manifest
    ]  # fmt: skip
    rows += [(f"Rows, {name}", f"{data[name]:,}") for name in ("spam", "ham") if name in data]
    files = [
        (file.get("name", ""), file.get("licence", "–"), file.get("sha256", ""))
        for file in data.get("files", ())
    ]
    table = _table(("File", "Licence", "SHA-256"), files) if files else ""
    return _table(("About", ""), rows) + table


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table that scrolls on its own when it is too wide; every cell is escaped."""
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in head)
    lines = "".join(f"<tr>{''.join(map(_cell, head, row))}</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{titles}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _cell(title: str, value: str) -> str:
    kind = ' class="text" dir="auto"' if title in {"Comment", "SHA-256"} else ""
    return f"<td{kind}>{escape(legible(value))}</td>"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
