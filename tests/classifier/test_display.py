"""What the terminal shows: red speaks for spam, green against it, and sums are right."""

import click
import pytest

from classifier import display
from classifier.explanation import Explanation, Span

TEXT = "Bonjour. Gagnez 500 euros !"


def explanation(*spans, **signals):
    return Explanation(0.75, 1.1, -0.4, tuple(Span(*span) for span in spans), signals)


def test_pieces_are_painted_by_the_way_they_push():
    told = explanation((0, 8, -1.0), (9, 25, 2.0), (26, 27, 0.01))

    assert display.coloured(TEXT, told) == " ".join(
        [
            click.style("Bonjour.", fg="green", bold=False),
            click.style("Gagnez 500 euros", fg="red", bold=True),
            "!",
        ]
    )


@pytest.mark.parametrize("text", [TEXT, "", "\ud800 a"])
def test_without_colours_the_text_is_as_it_was(text):
    told = explanation((0, len(text), 1.0)) if text else explanation()

    assert click.unstyle(display.coloured(text, told)) == text.replace("\ud800", "?")


def test_weights_are_listed_by_strength_without_those_that_say_nothing():
    told = explanation((0, 8, -1.0), (9, 25, 2.0), digits=0.2, money=-0.7, symbols=0.0)

    rows = [line.split() for line in display.weights_of(told).splitlines()]

    assert rows == [
        ["bias", "-0.400"],
        ["text", "+1.000"],
        ["money", "-0.700"],
        ["digits", "+0.200"],
        ["log-odds", "+1.100"],
    ]


@pytest.mark.parametrize(
    ("score", "verdict"), [(0.1, "publish"), (0.5, "hold"), (0.89, "hold"), (0.9, "reject")]
)
def test_the_verdict_is_what_the_thresholds_say(scorer, score, verdict):
    told = Explanation(score, 0.0, 0.0, (), {})
    judge = type(scorer)("one", 0.5, 0.9, scorer.weights)

    assert f": {verdict} (" in display.sentence_of(judge, told)
