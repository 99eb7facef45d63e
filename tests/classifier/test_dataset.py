"""What reading promises: lazily, nothing twice, and every line left out is accounted for."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.dataset import MALFORMED_LIMIT, Census, Example, assign_folds, parse_row, read
from classifier.errors import InvalidDataset, InvalidRow
from classifier.features import Document


def row(text, label="ham", **more):
    return {"text": text, "label": label, **more}


def example(text, is_spam=False):
    return Example(Document(text), is_spam, "test")


def test_every_label_but_spam_is_ham(write_rows):
    path = write_rows([row("un", "spam"), row("deux", "ham"), row("trois", "toxic")])

    labels = [example.is_spam for example in read([path], Census())]

    assert labels == [True, False, False]


def test_other_and_uncertain_rows_are_skipped_and_counted(write_rows):
    path = write_rows([row("un", "other"), row("deux", "uncertain"), row("trois", "Other ")])
    census = Census()

    assert list(read([path], census)) == []
    assert census.skipped == {"other": 2, "uncertain": 1}


def test_a_text_said_again_in_other_letters_is_a_duplicate(write_rows):
    path = write_rows([row("Bel été !"), row("BEL  ETE !", "spam"), row("bel ét\u00e9\u200b !")])
    census = Census()

    kept = list(read([path], census))

    assert [example.document.text for example in kept] == ["Bel été !"]
    assert census.duplicates == 2


def test_duplicates_are_found_across_files(write_rows):
    paths = [write_rows([row("bonjour")], "a.jsonl"), write_rows([row("Bonjour")], "b.jsonl")]

    assert len(list(read(paths, Census()))) == 1


def test_a_row_keeps_its_language_author_address_and_source(write_rows):
    given_row = row("Bonsoir", lang="fr", author="Zoé", url="https://zoe.example", source="essai")
    path = write_rows([given_row, row("Bonjour", lang=None)], "maison.jsonl")

    first, second = read([path], Census())

    assert first == Example(Document("Bonsoir", "fr", "Zoé", "https://zoe.example"), False, "essai")
    assert second == Example(Document("Bonjour"), False, "maison")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "this is not JSON in UTF-8"),
        ('{"text": "coupé', "this is not JSON in UTF-8"),
        ("[1, 2]", "this is not a JSON object"),
        ('{"label": "ham"}', '"text" is missing or not a string'),
        ('{"text": 5, "label": "ham"}', '"text" is missing or not a string'),
        ('{"text": "  ", "label": "ham"}', '"text" is empty'),
        ('{"text": "bonjour"}', '"label" is missing or not a string'),
        ("[" * 100_000, "this is nested too deeply"),
    ],
)
def test_a_malformed_line_is_named_by_file_and_line_and_skipped(write_rows, line, reason):
    path = write_rows([row("avant"), line, row("après")])
    census = Census()

    kept = list(read([path], census))

    assert len(kept) == 2
    (problem,) = census.malformed
    assert (problem.path, problem.line, problem.reason) == (str(path), 2, reason)


def test_lines_that_are_not_utf_8_are_malformed(tmp_path):
    path = tmp_path / "latin.jsonl"
    path.write_bytes('{"text": "été", "label": "ham"}\n'.encode("latin-1"))
    census = Census()

    assert list(read([path], census)) == []
    assert len(census.malformed) == 1


def test_a_byte_order_mark_and_blank_lines_are_no_problem(tmp_path):
    path = tmp_path / "bom.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b'{"text": "oui", "label": "ham"}\n\n  \n')
    census = Census()

    assert len(list(read([path], census))) == 1
    assert census.malformed == []


def test_too_many_malformed_lines_are_refused(write_rows):
    path = write_rows(["?"] * (MALFORMED_LIMIT + 1))

    with pytest.raises(InvalidDataset) as refusal:
        list(read([path], Census()))

    assert refusal.value.line == MALFORMED_LIMIT + 1
    assert "more than 100 malformed lines" in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InvalidDataset, match=r"nowhere\.jsonl: cannot be read: No such file"):
        list(read([tmp_path / "nowhere.jsonl"], Census()))


def test_reading_is_lazy(write_rows):
    path = write_rows([row("un"), *["?"] * (MALFORMED_LIMIT + 1)])

    assert next(read([path], Census())).document.text == "un"


def test_a_census_reads_as_a_sentence(write_rows):
    path = write_rows([row("un", "spam"), row("deux"), row("deux"), row("trois", "other"), "?"])
    census = Census()

    list(read([path], census))

    assert str(census) == "1 spam, 1 ham, 1 duplicates, 1 other skipped, 1 malformed lines"


def test_near_duplicates_fall_into_the_same_part():
    texts = [
        f"Gagnez {n} euros par jour sans sortir de chez vous, appelez le {n}" for n in range(20)
    ]

    folds = assign_folds([example(text) for text in texts], 5, seed=0)

    assert len(set(folds.tolist())) == 1


@given(st.lists(st.tuples(st.text(min_size=1), st.booleans()), max_size=40), st.integers(0, 3))
def test_parts_are_the_same_for_the_same_seed(rows, seed):
    examples = [example(text, is_spam) for text, is_spam in rows]

    once, again = (assign_folds(examples, 5, seed) for _ in range(2))

    assert np.array_equal(once, again)


def test_every_part_has_its_share_of_spam():
    words = [
        "pomme",
        "poire",
        "prune",
        "fraise",
        "cerise",
        "melon",
        "figue",
        "raisin",
        "kiwi",
        "coing",
    ]
    examples = [
        example(f"{word} {is_spam}", is_spam) for word in words for is_spam in (True, False)
    ]

    folds = assign_folds(examples, 5, seed=1)
    spam = folds[[example.is_spam for example in examples]]

    assert np.bincount(spam).tolist() == [2, 2, 2, 2, 2]


@given(st.dictionaries(st.text(), st.integers() | st.text()))
def test_any_object_with_a_text_is_a_row(fields):
    fields = {**fields, "text": "bonjour"}

    assert parse_row(json.dumps(fields)) == fields


def test_a_row_says_what_is_wrong_with_it():
    with pytest.raises(InvalidRow) as refusal:
        parse_row(b"\xff")

    assert refusal.value.reason == "this is not JSON in UTF-8"
