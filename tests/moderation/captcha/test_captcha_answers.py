"""What counts as a number when a reader types it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.captcha.answers import read_answer
from moderation.captcha.numerals import LOCALES, number_in_words

PLAIN = str.maketrans("áàãçéèëêíìóõôúùüöñ", "aaaceeeeiiooouuuon")
MANNERS = {
    "as it is written": str,
    "in capitals": str.upper,
    "in title case": str.title,
    "without hyphens": lambda word: word.replace("-", " "),
    "without spaces": lambda word: word.replace("-", "").replace(" ", ""),
    "with hyphens for spaces": lambda word: word.replace(" ", "-"),
    "with hyphens that do not break": lambda word: word.replace("-", "\u2011"),
    "with spaces that do not break": lambda word: word.replace(" ", "\u00a0"),
    "without accents": lambda word: word.translate(PLAIN),
    "without accents, in capitals and apart": lambda word: (
        word.translate(PLAIN).upper().replace("-", " ")
    ),
    "full-width": lambda word: "".join(
        chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in word
    ),
}


@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_number_word_is_read_back_however_it_is_typed(locale, manner):
    typed = [manner(number_in_words(n, locale)) for n in range(101)]

    assert [read_answer(text) for text in typed] == list(range(101))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("17", 17),
        ("  17\n", 17),
        ("017", 17),
        ("17.", 17),
        ("１７", 17),
        ("١٧", 17),
        ("۱۷", 17),
        ("१७", 17),
        ("১৭", 17),
        ("๑๗", 17),
        ("\u200f١٧\u200e", 17),
        ("\ufeff17", 17),
        ("1\ufe0f\u20e37\ufe0f\u20e3", 17),
        ("𝟏𝟕", 17),
        ("0", 0),
        ("9" * 64, int("9" * 64)),
    ],
)
def test_digits_of_any_script_are_read(text, number):
    assert read_answer(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Dix sept", 17),
        ("dixsept", 17),
        ("DIX-SEPT", 17),
        ("dix-sept.", 17),
        ("dix – sept", 17),
        ("dix\u00adsept", 17),
        ("vingt et un", 21),
        ("vingt-et-un", 21),
        ("vingt et-un", 21),
        ("soixante et onze", 71),
        ("quatre vingt", 80),
        ("octante", 80),
        ("septante et un", 71),
        ("une", 1),
        ("dreissig", 30),
        ("DREISSIG", 30),
        ("fuenfunddreissig", 35),
        ("zwoelf", 12),
        ("einhundert", 100),
        ("twenty one", 21),
        ("a hundred", 100),
        ("veintiún", 21),
        ("quatorze", 14),
        ("duas", 2),
        ("e\u0301e\u0301n", 1),
    ],
)
def test_words_are_read_with_their_usual_variants(text, number):
    assert read_answer(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", ".", "bonjour", "dix-sep", "dix moins deux", "dix − sept", "-17", "+17", "1 7",
     "1,7", "1.7", "17 %", "0x11", "1_7", "½", "十七", "Ⅷ", "dix17", "\x00", "\ud800",
     "9" * 65, "dix-sept" + " " * 64, "ﷺ" * 64],
)  # fmt: skip
def test_what_is_no_number_is_none(text):
    assert read_answer(text) is None


@given(st.text(max_size=80))
def test_no_text_makes_the_reading_fail(text):
    number = read_answer(text)

    assert number is None or number >= 0


@given(st.text(st.characters(categories=["Cs", "Nd", "Mn", "Cf", "Zs"]), max_size=70))
def test_odd_characters_make_the_reading_fail_no_more(text):
    number = read_answer(text)

    assert number is None or number >= 0
