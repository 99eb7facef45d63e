"""What the corpus promises: balanced rows of our own, none said twice, none of anybody else."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from classifier.alphabet import fold

FOLDER = Path(__file__).parents[2] / "classifier" / "corpus"
PUBLIC = Path(os.environ.get("TRAINING_DATA") or "data/training")
FIELDS = {"text", "label", "lang", "kind", "author", "url"}
FEWEST = {"fr": 1500, "en": 500, "de": 150, "es": 150, "it": 150, "pt": 150, "nl": 150}
RESERVED = re.compile(r"(\.(example|test|invalid)|\bexample\.(com|net|org))$")
WEB = re.compile(r"https?://([\w.-]+)|www\.([\w.-]+)", re.ASCII)


def rows_of(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def normalised(text):
    return "".join(filter(str.isalnum, fold(text))) or text.strip()


@pytest.fixture(scope="module")
def rows():
    return [row for path in sorted(FOLDER.glob("*.jsonl")) for row in rows_of(path)]


@pytest.mark.parametrize("lang", FEWEST)
def test_each_file_holds_one_language(lang):
    assert {row["lang"] for row in rows_of(FOLDER / f"{lang}.jsonl")} == {lang}


def test_every_row_has_the_format(rows):
    for row in rows:
        assert set(row) <= FIELDS
        assert row["label"] in {"spam", "ham"}
        assert all(isinstance(value, str) and value.strip() for value in row.values())
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["kind"])


@pytest.mark.parametrize(("lang", "fewest"), FEWEST.items())
def test_each_language_has_enough_of_both(rows, lang, fewest):
    labels = Counter(row["label"] for row in rows if row["lang"] == lang)

    assert min(labels["spam"], labels["ham"]) >= fewest
    assert max(labels.values()) <= 1.25 * min(labels.values())


def test_french_spam_is_of_many_kinds_and_its_look_alikes_too(rows):
    french = [row for row in rows if row["lang"] == "fr"]
    spam = Counter(row["kind"] for row in french if row["label"] == "spam")
    hard = Counter(row["kind"] for row in french if row["kind"].startswith("hard-"))

    assert sum(count >= 10 for count in spam.values()) >= 30
    assert sum(count >= 10 for count in hard.values()) >= 30


def test_hard_is_a_kind_of_ham(rows):
    assert all(row["label"] == "ham" for row in rows if row["kind"].startswith("hard-"))


def test_no_row_repeats_another(rows):
    said = Counter(normalised(row["text"]) for row in rows)

    assert [text for text, count in said.items() if count > 1] == []


def test_no_row_is_one_of_the_public_data(rows):
    files = sorted(PUBLIC.glob("*.jsonl"))
    if not files:
        pytest.skip(f"no training data in {PUBLIC}; set TRAINING_DATA to its folder")
    public = {normalised(row["text"]) for path in files for row in rows_of(path)}

    assert [row["text"] for row in rows if normalised(row["text"]) in public] == []


def test_web_addresses_end_in_reserved_names(rows):
    written = [row["text"] + " " + row.get("url", "") for row in rows]
    hosts = [(a or b).rstrip(".-") for text in written for a, b in WEB.findall(text)]

    assert [host for host in hosts if "." in host and not RESERVED.search(host)] == []
