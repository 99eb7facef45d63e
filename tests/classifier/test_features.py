"""What features promise: the same everywhere, for any text, in bounded time."""

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features import (
    BUCKETS,
    LONGEST,
    SIGNALS,
    Document,
    extract,
    hash_ngrams,
    ngram_bounds,
    read,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
MONSTERS = {
    "empty": "",
    "blank": " \n\t ",
    "NUL": "\x00" * 50,
    "zero-width": "\u200b" * 50,
    "lone surrogate": "a\ud800b\udfff",
    "emoji": "🤑" * 1000,
    "one word": "x" * LONGEST,
    "one varied word": "abcdefghij" * (LONGEST // 10),
    "many words": "il fait beau " * (LONGEST // 13),
    "ligatures": "\ufdfa" * LONGEST,
    "schemes": "://" * (LONGEST // 3),
    "endings": ".com" * (LONGEST // 4),
    "mails": "a@b.c " * (LONGEST // 6),
    "spaced letters": "a b c d " * (LONGEST // 8),
    "ideographs beyond the tables": "\U00020000" * 100,
    "ideographs that fold beyond the tables": "\ufa6c" * 100,
    "invisible tags": "\U000e0041" * 100,
}


def signal(document, name):
    return extract(document).signals[SIGNALS.index(name)]


@pytest.mark.parametrize("text", MONSTERS.values(), ids=MONSTERS)
def test_no_text_is_too_strange_or_takes_long(text):
    extract(Document(""))
    start = time.process_time()

    features = extract(Document(text, author=text, url=text))

    assert time.process_time() - start < 2
    assert len(features.signals) == len(SIGNALS)
    assert all(0 <= value < 1 for value in features.signals)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_buckets_are_distinct_increasing_and_in_range(text, author, url):
    buckets = extract(Document(text, "fr", author, url)).buckets()

    assert buckets.dtype == np.uint32
    assert np.all(np.diff(buckets.astype(np.int64)) > 0)
    assert not len(buckets) or buckets[-1] < BUCKETS


def test_features_are_the_same_on_every_machine():
    text = "Le maire, ça va : « 12 € » https://exemple.example !"

    features = extract(Document(text, author="Zoé", url="https://zoe.example"))

    assert (len(features.buckets()), int(features.buckets().sum(dtype=np.int64))) == (150, 17988843)


def test_features_do_not_depend_on_the_process():
    program = (
        "from classifier.features import Document, extract;"
        "print(extract(Document('Bonjour à tous, à demain')).buckets().tolist())"
    )

    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(outputs) == 1


def test_case_accents_and_disguise_do_not_change_the_words():
    plain = extract(Document("casino en ligne"))
    disguised = extract(Document("СASІNO en lıgne"))

    assert np.array_equal(plain.buckets(), disguised.buckets())


def test_repeating_a_text_adds_next_to_nothing():
    once = extract(Document("offre du jour "))
    often = extract(Document("offre du jour " * 1000))

    assert len(often.buckets()) < 2 * len(once.buckets())


def test_the_language_is_not_a_feature():
    french, german = (extract(Document("Bonjour", lang)) for lang in ("fr", "de"))

    assert np.array_equal(french.buckets(), german.buckets())
    assert french.signals == german.signals


def test_the_author_and_the_address_are_read_too():
    plain = set(extract(Document("Bonjour")).buckets().tolist())
    signed = set(
        extract(Document("Bonjour", author="Casino 24", url="https://bonus.example"))
        .buckets()
        .tolist()
    )
    words = set(extract(Document("bonus")).buckets().tolist())

    assert len(signed - plain) > 10
    assert len(words & signed) > 3


@pytest.mark.parametrize(
    "name", ["", "Lucie", "Jean-Marc d’Albret", "Zoé M.", "Zoe\u0301", "Иван Петров", "王伟"]
)
def test_what_a_person_is_called_says_nothing(name):
    signed, plain = extract(Document("Bonjour", author=name)), extract(Document("Bonjour"))

    assert signed.buckets().tolist() == plain.buckets().tolist()
    assert signed.signals == plain.signals


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("capitals", "REGARDEZ CELA", "regardez cela"),
        ("addresses", "voir https://a.example", "voir ici"),
        ("digits", "0612345678", "le soir"),
        ("exclamations", "Oui !!!", "Oui."),
        ("money", "500 €", "500"),
        ("symbols", "bravo 🎉🎉", "bravo"),
        ("disguise", "c𝐚𝐬ino", "casino"),
        ("disguise", "сasino", "casino"),
        ("disguise", "voici c a s i n o", "voici casino"),
    ],
)
def test_a_signal_rises_with_what_it_is_named_after(name, more, less):
    assert signal(Document(more), name) > signal(Document(less), name)


def test_a_text_in_cyrillic_is_not_a_disguise():
    assert signal(Document("Привет, как дела сегодня"), "disguise") == 0


def test_the_address_of_the_author_is_not_one_in_the_text():
    document = Document("Bonjour", author="Zoé", url="https://zoe.example")

    assert signal(document, "addresses") == 0
    assert signal(document, "url") > 0


@given(ANY_TEXT)
def test_bounds_of_ngrams_follow_the_order_of_their_buckets(text):
    codes = read(Document(text)).normal.codes

    starts, stops = ngram_bounds(codes)

    assert len(starts) == len(stops) == len(hash_ngrams(codes))
    assert np.all((starts >= 0) & (starts < stops) & (stops <= len(codes)))


def test_the_same_word_has_the_same_bucket_wherever_it_stands():
    codes = read(Document("bonjour toi bonjour")).normal.codes
    starts, stops = ngram_bounds(codes)

    whole = {
        int(bucket)
        for bucket, start, stop in zip(hash_ngrams(codes), starts, stops, strict=True)
        if bytes(codes[start:stop]).decode("utf-32-le") == "bonjour"
    }

    assert len(whole) == 1
