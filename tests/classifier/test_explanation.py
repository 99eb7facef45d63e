"""What an explanation promises: it adds up, and it points into the original text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.explanation import explain
from classifier.features import LONGEST, Document
from classifier.signals import SIGNALS

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120)
documents = st.builds(Document, ANY_TEXT, st.just(""), ANY_TEXT, ANY_TEXT)

OFFER = "Bonjour à tous. Gagnez 500 euros par jour, écrivez à agent@courriel.example !"


def total(explanation):
    return (
        explanation.bias
        + sum(span.weight for span in explanation.spans)
        + sum(explanation.signals.values())
    )


@given(documents)
def test_bias_spans_and_signals_add_up_to_the_log_odds(scorer, document):
    explanation = explain(scorer, document)

    assert total(explanation) == pytest.approx(explanation.log_odds, abs=1e-6)
    assert explanation.probability == scorer.score_one(document)


@given(documents)
def test_spans_lie_in_the_text_in_order_without_overlap(scorer, document):
    spans = explain(scorer, document).spans

    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start < span.end for end, span in zip(ends, spans, strict=False))
    assert ends[-1] <= len(document.text)


def test_the_offer_stands_out_from_the_greeting(scorer):
    spans = explain(scorer, Document(OFFER)).spans

    strongest = max(spans, key=lambda span: span.weight)
    assert strongest.weight > 0
    assert "euros" in OFFER[strongest.start : strongest.end]


def test_a_disguised_word_is_shown_where_it_stands(scorer):
    text = "Bonjour. Gag\u200bn\u0435z 500 eurοs"

    spans = explain(scorer, Document(text)).spans

    assert all(text[span.start - 1 : span.start].strip() == "" for span in spans)
    assert all(text[span.end : span.end + 1].strip() == "" for span in spans)


def test_what_the_author_is_called_counts_as_a_signal(scorer):
    explanation = explain(
        scorer, Document("Bonjour", author="Casino bonus 24", url="https://bonus.example")
    )

    assert set(explanation.signals) == {*SIGNALS, "author"}
    assert explanation.signals["author"] > 0
    assert explanation.signals["url"] != 0


def test_an_empty_text_is_explained_by_the_bias(scorer):
    explanation = explain(scorer, Document(""))

    assert explanation.spans == ()
    assert {name for name, weight in explanation.signals.items() if weight} <= {"short"}


@pytest.mark.parametrize(
    "text",
    [
        "x" * LONGEST,
        "Gagnez 500 euros " * (LONGEST // 17),
        "\ufdfa" * 1000,
        " \n ",
        "z" * (LONGEST + 9),
    ],
    ids=["one word", "many words", "ligatures", "blank", "too long"],
)
def test_long_and_strange_texts_add_up_too(scorer, text):
    explanation = explain(scorer, Document(text))

    assert total(explanation) == pytest.approx(explanation.log_odds, abs=1e-6)
