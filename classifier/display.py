"""Put figures, versions and explanations into words for a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from classifier.explanation import Explanation
from classifier.scoring import Scorer
from classifier.versions import VersionInfo

if TYPE_CHECKING:  # these load scikit-learn and SciPy
    from classifier.comparison import Comparison, Difference
    from classifier.tuning import Tuned

_FIGURES = {
    "spam": "spam",
    "ham": "ham",
    "recall": "recall",
    "false_positive_rate": "FPR",
    "precision": "precision",
    "f1": "F1",
    "mcc": "MCC",
    "accuracy": "accuracy",
    "average_precision": "AP",
    "recall_at_low_fpr": "rec@.5%",
    "reject_recall": "rejected",
    "reject_false_positive_rate": "FPR",
}
_COMPARED = {
    **{name: title for name, title in _FIGURES.items() if name not in {"spam", "ham"}},
    "reject_false_positive_rate": "rejected FPR",
}
_NAME_WIDTH = 24
_WIDTH = 10
_EXCERPT = 100


def table_of(report: Mapping[str, Any]) -> str:
    """Return an evaluation as a table; up to the last two columns, held counts as spam."""
    thresholds = report["thresholds"]
    groups = ("by_language", "by_source")
    rows = [
        ("overall", report["overall"]),
        *(row for group in groups for row in report[group].items()),
    ]
    lines = (_line(name, (_cell(row[key]) for key in _FIGURES)) for name, row in rows)
    title = f"held from {thresholds['hold']:.4f}, rejected from {thresholds['reject']:.4f}"
    return "\n".join((title, _line("", _FIGURES.values()), *lines))


def comparison_of(comparison: "Comparison") -> str:
    """Return two models' figures beside each other, what to think of them, and disagreements."""
    first, second = (report["overall"] for report in comparison.reports)
    rows = [(title, first[name], second[name]) for name, title in _COMPARED.items()]
    lines = [f"{'A':7}{comparison.names[0]}", f"{'B':7}{comparison.names[1]}", ""]
    lines += [_line("", ("A", "B", "B - A")), *(_compared(*row) for row in rows), ""]
    lines += [
        _difference("recall", first["spam"], comparison.recall),
        _difference("false-positive rate", first["ham"], comparison.false_positive_rate),
    ]
    if comparison.disagreements:
        lines += ["", f"{'A':>7}{'B':>8}  held by one, not by the other"]
    return "\n".join((*lines, *map(_disagreement, comparison.disagreements)))


def trials_of(tuned: "Tuned") -> str:
    """Return what tuning tried as a table, and how to use the best."""
    head = f"{'strength':>10}{'AP':>10}{'±':>10}{'seconds':>10}"
    rows = [
        f"{trial.strength:10g}{trial.precision:10.4f}{trial.deviation:10.4f}{trial.seconds:10.2f}"
        for trial in tuned.trials
    ]
    return "\n".join((head, *rows, f"best: train with --strength {tuned.best.strength:g}"))


def list_of(versions: Sequence[VersionInfo]) -> str:
    """Return versions as a table, with what keeps one from being used."""
    rows = ((v.version, v.status, v.created_at, v.problem or "") for v in versions)
    return "\n".join("{:28} {:11} {:26} {}".format(*row).rstrip() for row in rows)


def sentence_of(scorer: Scorer, explanation: Explanation) -> str:
    """Return what the model thinks and what would follow, in one line."""
    score = explanation.probability
    verdict = "reject" if score >= scorer.reject else "hold" if score >= scorer.hold else "publish"
    return f"spam {score:.4f}: {verdict} (hold {scorer.hold:.4f}, reject {scorer.reject:.4f})"


def coloured(text: str, explanation: Explanation) -> str:
    """Return `text` with what speaks for spam in red, and what speaks against it in green."""
    text = "".join(letter if letter.isprintable() or letter in "\n\t" else "?" for letter in text)
    strongest = max((abs(span.weight) for span in explanation.spans), default=0.0)
    parts, end = [], 0
    for span in explanation.spans:
        parts += [
            text[end : span.start],
            _painted(text[span.start : span.end], span.weight, strongest),
        ]
        end = span.end
    return "".join((*parts, text[end:]))


def weights_of(explanation: Explanation) -> str:
    """Return a table of what adds up to the log-odds: bias, text, signals by strength."""
    text = sum(span.weight for span in explanation.spans)
    signals = sorted(explanation.signals.items(), key=lambda item: -abs(item[1]))
    rows = [("bias", explanation.bias), ("text", text), *(row for row in signals if row[1])]
    lines = [f"{name:{_NAME_WIDTH}}{weight:+{_WIDTH}.3f}" for name, weight in rows]
    return "\n".join((*lines, f"{'log-odds':{_NAME_WIDTH}}{explanation.log_odds:+{_WIDTH}.3f}"))


def _line(name: str, cells: Iterable[str]) -> str:
    return f"{name:{_NAME_WIDTH}}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def _cell(figure: float | None) -> str:
    if figure is None:
        return "-"
    return str(figure) if isinstance(figure, int) else f"{figure:.4f}"


def _compared(title: str, first: float | None, second: float | None) -> str:
    change = "-" if first is None or second is None else f"{second - first:+.4f}"
    return _line(title, (_cell(first), _cell(second), change))


def _difference(name: str, of: int, difference: "Difference") -> str:
    """Return one difference in a sentence: how large, how sure."""
    low, high = (100 * end for end in difference.interval)
    return (
        f"{name}: {100 * difference.value:+.2f} points (95 % interval {low:+.2f} to {high:+.2f}; "
        f"of {of}, {difference.lost} held by A alone, {difference.gained} by B alone; "
        f"McNemar p = {difference.p_value:.3g})"
    )


def _disagreement(row: Mapping[str, Any]) -> str:
    text = " ".join(row["text"].encode("utf-8", "replace").decode().split())
    readable = "".join(letter if letter.isprintable() else "?" for letter in text[:_EXCERPT])
    return f"{row['first']:7.4f} {row['second']:7.4f}  {row['label']:5}{readable}"


def _painted(piece: str, weight: float, strongest: float) -> str:
    """Colour a piece; the strongest ones bold, faint ones not at all."""
    strength = abs(weight) / strongest if strongest else 0.0
    if strength <= 0.1:
        return piece
    return click.style(piece, fg="red" if weight > 0 else "green", bold=strength > 0.5)
