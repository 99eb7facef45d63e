"""What features promise: the same everywhere, for any text, in bounded time."""

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features import LONGEST, Document, arrange, is_plain_name, read
from classifier.hashing import BUCKETS, CHARACTERS, hash_pair, hash_pairs, hash_word, pair_parts
from classifier.normalise import cut
from classifier.signals import SIGNALS
from classifier.tokens import START, study
from classifier.vectors import vectorise

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
    "digits": "1 " * (LONGEST // 2),
    "spaced letters": "a b c d " * (LONGEST // 8),
    "marks of ours": "\ue000\ue001\ue002 " * 100,
    "ideographs": "\U00020000" * 100,
    "invisible tags": "\U000e0041" * 100,
}


def features_of(document):
    row = vectorise([document])
    return row[:, :BUCKETS], row[:, BUCKETS:].toarray()[0]


def signal(document, name):
    return features_of(document)[1][list(SIGNALS).index(name)]


@pytest.mark.parametrize("text", MONSTERS.values(), ids=MONSTERS)
def test_no_text_is_too_strange_or_takes_long(text):
    start = time.process_time()

    ngrams, signals = features_of(Document(text, author=text, url=text))

    assert time.process_time() - start < 5
    assert np.isfinite(ngrams.data).all()
    assert all(0 <= value < 1 for value in signals)


def test_features_are_the_same_on_every_machine():
    text = "Le maire, ça va : « 12 € » https://exemple.example !"

    ngrams, _ = features_of(Document(text, author="Zoé", url="https://zoe.example"))

    assert (ngrams.nnz, int(ngrams.indices.sum(dtype=np.int64))) == (108, 23480521)


def test_features_do_not_depend_on_the_process():
    program = (
        "from classifier.features import Document; from classifier.vectors import vectorise;"
        "print(sorted(vectorise([Document('Bonjour à tous, à demain')]).indices.tolist()))"
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


@pytest.mark.parametrize(
    "disguised",
    ["СASІNO en lıgne", "𝐜𝐚𝐬𝐢𝐧𝐨 en ligne", "c a s i n o en ligne", "c.a.s.i.n.o en l1gne"],
)
def test_a_disguise_does_not_change_the_words(disguised):
    plain, other = (features_of(Document(text))[0] for text in ("casino en ligne", disguised))

    assert abs(plain - other).max() == 0


@given(st.lists(st.builds(Document, ANY_TEXT, st.just("fr"), ANY_TEXT, ANY_TEXT), max_size=4))
def test_a_document_has_the_same_features_alone_and_among_others(documents):
    among = vectorise([*documents, Document("après")])

    for place, document in enumerate(documents):
        assert abs(among[place] - vectorise([document])).max() < 1e-12


@given(ANY_TEXT)
def test_tokens_stand_where_they_are_cut(text):
    reading = read(Document(text))
    tokens = ["".join(text[a:b].split()) for a, b in cut(text)]

    assert reading.text == (
        tokens if reading.kept is None else [tokens[place] for place in reading.kept]
    )


def test_documents_stand_apart_in_a_row():
    tokens, starts = arrange([read(Document("un deux")), read(Document(""))])

    assert tokens == [START, START, "un", "deux", START, START, START, START]
    assert starts == [0, 4]


def test_pairs_hash_alike_one_by_one_and_together():
    first, second = hash_word("carte"), hash_word("cadeau")

    parts = [pair_parts(word, word) for word in (first, second, first)]
    together = hash_pairs(np.array(parts, dtype=np.uint32))

    assert hash_pair(first, second) == together[0, 0] + CHARACTERS
    assert together[1, 0] != together[0, 0]


def test_the_author_and_the_address_are_read_too():
    plain, _ = features_of(Document("Bonjour"))
    signed, _ = features_of(Document("Bonjour", author="Casino 24", url="https://bonus.example"))
    bonus = study("bonus").words[0]

    assert signed.nnz > plain.nnz + 10
    assert signed[0, bonus] > 0


@pytest.mark.parametrize(
    "name", ["", "Lucie", "Jean-Marc d’Albret", "Zoé M.", "Zoe\u0301", "Иван Петров", "王伟"]
)
def test_what_a_person_is_called_says_nothing(name):
    signed, plain = (vectorise([Document("Bonjour", author=a)]) for a in (name, ""))

    assert is_plain_name(name)
    assert abs(signed - plain).max() == 0


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("capitals", "REGARDEZ CELA", "regardez cela"),
        ("links", "voir https://a.example", "voir ici"),
        ("bare_domains", "voir offre.com", "voir https://offre.com"),
        ("shorteners", "voir https://bit.ly/x", "voir https://offre.com/x"),
        ("emails", "moi@offre.example", "moi"),
        ("phones", "appelez le 06 39 98 12 34", "appelez le soir"),
        ("messengers", "sur WhatsApp", "sur place"),
        ("spelled", "jean arobase offre", "jean offre"),
        ("digits", "0612345678", "le soir"),
        ("exclamations", "Oui !!!", "Oui."),
        ("money", "500 €", "500"),
        ("symbols", "bravo 🎉🎉", "bravo"),
        ("disguise", "c𝐚𝐬ino", "casino"),
        ("disguise", "сasino", "casino"),
        ("disguise", "voici c a s i n o", "voici casino"),
        ("disguise", "voici un cr3dit", "voici un credit"),
        ("invisible", "ca\u0301si", "casi"),
        ("scripts", "Привет мой casino", "Привет мой друг"),
        ("repetition", "gratuit gratuit gratuit", "gratuit pour vous"),
        ("short", "Oui", "Oui, je suis bien de cet avis"),
        ("long", "Oui, je suis bien de cet avis", "Oui"),
        ("lines", "un\ndeux\ntrois", "un deux trois"),
        ("contact_money", "500 € sur WhatsApp", "500 € au marché"),
        ("contact_short", "a.com", "je lis a.com tous les jours avec mon café du matin"),
        ("contacts", "WhatsApp ou moi@offre.example", "WhatsApp"),
    ],
)
def test_a_signal_rises_with_what_it_is_named_after(name, more, less):
    assert signal(Document(more), name) > signal(Document(less), name)


def test_signals_of_the_author_rise_with_what_was_left():
    named, linked = Document("a", author="Prêt 24h"), Document("a", url="https://a.example")

    assert signal(named, "name") > signal(Document("a", author="Lucie"), "name") == 0
    assert signal(linked, "url") > signal(Document("a"), "url") == 0
    assert signal(Document("a", "", "Prêt 24h", "https://a.example"), "contact_name") > 0


def test_a_comment_in_another_language_than_the_sites_is_foreign():
    text = "This is the best that you have been looking for"

    assert signal(Document(text, "fr"), "foreign") > 0.1
    assert signal(Document(text, "en"), "foreign") == signal(Document(text), "foreign") == 0


def test_a_text_in_cyrillic_is_not_a_disguise():
    assert signal(Document("Привет, как дела сегодня"), "disguise") == 0


def test_the_address_of_the_author_is_not_one_in_the_text():
    assert signal(Document("Bonjour", author="Zoé", url="https://zoe.example"), "links") == 0


def test_every_signal_says_what_it_means():
    assert all(SIGNALS.values())
