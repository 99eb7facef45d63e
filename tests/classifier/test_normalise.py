"""What normalisation promises: disguises come off, ordinary writing stays."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.alphabet import fold
from classifier.normalise import LONGEST_TOKEN, cut, plain

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("disguised", "seen"),
    [
        ("CASINO", "casino"),
        ("Été à Orléans", "ete a orleans"),
        ("e\u0301te\u0301", "ete"),
        ("c\u0430s\u0456no", "casino"),
        ("СΑЅІΝО", "casino"),
        ("ｃａｓｉｎｏ", "casino"),
        ("𝐜𝐚𝐬𝐢𝐧𝐨", "casino"),
        ("ⓒⓐⓢⓘⓝⓞ", "casino"),
        ("🅲🅰🆂🅸🅽🅾", "casino"),
        ("ᴄᴀꜱɪɴᴏ", "casino"),
        ("cøsłnđ", "coslnd"),
        ("ca\u200bsi\u00adno\u2060", "casino"),
        ("c\U000e0041asino", "casino"),
        ("c\u0335a\u0336s\u0323i\u0307no", "casino"),
        ("l’œuvre — « vue »", 'l\'oeuvre - " vue "'),
        ("１２３ €", "123 €"),
        ("a\u00a0b\tc\nd", "a b c d"),
        ("\ud800", "\ufffd"),
        ("nul\x00le", "nulle"),
        ("한국 東京", "한국 東京"),
    ],
)
def test_folding_shows_what_a_reader_sees(disguised, seen):
    assert fold(disguised) == seen


def test_folding_twice_changes_nothing_for_any_code_point():
    characters = [chr(code) for code in range(0x20000)]

    assert [c for c in characters if fold(fold(c)) != fold(c)] == []


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("tricky", "undone"),
    [
        ("c.a.s.i.n.o", "casino"),
        ("c-a_s*i/n-o", "casino"),
        ("p🔥r🔥e🔥t", "pret"),
        ("cr3dit", "credit"),
        ("gr@tuit", "gratuit"),
        ("ca$h", "cash"),
        ("pr€t", "pret"),
        ("casin0", "casino"),
    ],
)
def test_a_trick_is_undone_and_counted(tricky, undone):
    word, count = plain(tricky)

    assert (word, count > 0) == (undone, True)


@pytest.mark.parametrize(
    ("ordinary", "read_as"),
    [
        ("20h30", "00h00"),
        ("covid19", "covid00"),
        ("500€", "000€"),
        ("l'a-t-il", "l'a-t-il"),
        ("a,b", "a,b"),
        ("3.50", "0.00"),
        ("٣٤", "00"),
    ],
)
def test_ordinary_writing_is_no_trick(ordinary, read_as):
    assert plain(ordinary) == (read_as, 0)


def test_letters_repeated_for_emphasis_are_two():
    assert plain("gratuiiiit!!!!")[0] == plain("gratuiit!!")[0]


@pytest.mark.parametrize("apart", ["W h a t s A p p", "W  h  a  t  s", "C a s i n o"])
def test_letters_that_stand_apart_are_one_token(apart):
    assert cut(f"voir {apart} ici") == [
        (0, 4),
        (5, 5 + len(apart)),
        (6 + len(apart), 9 + len(apart)),
    ]


@pytest.mark.parametrize("ordinary", ["il y a a boire", "n'y a-t-il rien", "a b c", "1 2 3 4 5"])
def test_ordinary_short_words_stay_apart(ordinary):
    assert [ordinary[start:stop] for start, stop in cut(ordinary)] == ordinary.split()


@given(ANY_TEXT)
def test_tokens_cover_all_but_white_space_in_order(text):
    spans = cut(text)

    assert "".join(text[a:b] for a, b in spans).split() == "".join(text.split()).split() or any(
        " " in text[a:b] for a, b in spans
    )
    assert all(stop <= start for (_, stop), (start, _) in pairwise(spans))


@pytest.mark.parametrize("text", ["x" * 60000, "a b " * 15000, "a.b.c." * 10000, "!" * 60000])
def test_no_text_takes_long(text):
    began = time.process_time()

    spans = cut(text)
    for start, stop in spans:
        plain(text[start:stop])

    assert time.process_time() - began < 2
    assert max(stop - start for start, stop in spans) <= LONGEST_TOKEN
