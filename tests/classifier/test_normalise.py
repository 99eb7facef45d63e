"""What normalisation promises: disguises come off, and every character keeps its place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.alphabet import LAST, looks, tables
from classifier.normalise import LINK, fold, normalise

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def read(text):
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return normalise(codes.astype(np.intp))


def shown(text):
    return read(text).codes.tobytes().decode("utf-32-le")


@pytest.mark.parametrize(
    ("disguised", "plain"),
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
        ("l’œuvre — « vue »", 'l\'oeuvre - " vue "'),
        ("１２３ €", "123 €"),
        ("a\u00a0b\tc\nd", "a b c d"),
        ("\ud800", "\ufffd"),
        ("nul\x00le", "nulle"),
        ("한국 東京", "한국 東京"),
    ],
)
def test_folding_shows_what_a_reader_sees(disguised, plain):
    assert fold(disguised) == plain


def test_folding_twice_changes_nothing_for_any_code_point():
    changed = [code for code, look in looks().items() if fold(look) != look]

    assert changed == []


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_the_fast_tables_agree_with_folding_but_for_digits(text):
    text = "".join(character for character in text if ord(character) < LAST)
    expected = "".join("0" if character.isdigit() else character for character in fold(text))

    codes = np.array([ord(character) for character in text], dtype=np.intp)
    table = tables()
    spelled = "".join(
        chr(table.spelling[table.start[code] + place])
        for code in codes
        for place in range(table.width[code])
    )

    assert spelled == expected


@given(ANY_TEXT)
def test_every_character_points_back_into_the_original(text):
    normal = read(text)

    assert len(normal.positions) == len(normal.codes)
    assert np.all(np.diff(normal.positions) >= 0)
    assert np.all((normal.positions >= 0) & (normal.positions < len(text)))


@given(ANY_TEXT, ANY_TEXT)
def test_a_position_is_that_of_the_character_it_came_from(before, after):
    text = f"{before} Q {after}"
    normal = read(text)

    place = int(np.searchsorted(normal.positions, len(before) + 1))

    assert chr(normal.codes[place]) == "q"


@pytest.mark.parametrize(
    "spaced",
    [" c a s i n o ", " c.a.s.i.n.o ", " c-a-s-i-n-o ", " c_a_s_i_n_o ", " С а ѕ і n о "],
)
def test_letters_that_are_spaced_out_are_put_together(spaced):
    assert shown(spaced) == " casino "


@pytest.mark.parametrize("ordinary", [" il y a a boire ", " n'y a-t-il rien ", " a b c "])
def test_ordinary_short_words_stay_apart(ordinary):
    assert shown(ordinary) == ordinary


@pytest.mark.parametrize(
    ("address", "read_as"),
    [
        ("https://www.offre.example/bonus", f"offre{LINK}/bonus"),
        ("http://offre.example", f"offre{LINK}"),
        ("www.offre.fr.", f"offre{LINK}."),
        ("offre.com", f"offre{LINK}"),
        ("OFFRE.CＯM", f"offre{LINK}"),
        ("jean.dupont@offre.example", f"jean.dupont@offre{LINK}"),
    ],
)
def test_an_address_keeps_its_name_and_loses_scheme_and_ending(address, read_as):
    normal = read(f" voir {address} ")

    assert shown(f" voir {address} ") == f" voir {read_as} "
    assert normal.addresses == (6,)


@pytest.mark.parametrize(
    "text", [" fin.Comme toujours ", " @lecteur ", " :// ", " www. ", " 3.50 "]
)
def test_what_only_looks_like_an_address_is_left_alone(text):
    assert read(text).addresses == ()


def test_digits_have_one_shape():
    assert shown(" 06 12 ٣٤ ") == " 00 00 00 "


def test_several_addresses_are_all_found():
    normal = read(" a.com b.com://c.com www.d.fr,www.e.fr ")

    assert len(normal.addresses) >= 3
