"""Numbers, questions and sentences in every language."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_to_num import text2num

from moderation.captcha.puzzle import Blank, Operator, Puzzle, draw_puzzle
from moderation.captcha.wording import LOCALES, choose_locale, number_in_words, question, speech
from moderation.domain.site import CaptchaLevel

PLUS, MINUS, TIMES = Operator

seeds = st.integers(0, 2**64)
locales = st.sampled_from(LOCALES)
puzzles = st.builds(draw_puzzle, seeds.map(Random), st.sampled_from(CaptchaLevel))


@pytest.mark.parametrize("locale", LOCALES)
def test_another_parser_reads_every_number_back(locale):
    language = locale.partition("-")[0]

    read = [text2num(number_in_words(n, locale), language) for n in range(101)]

    assert read == list(range(101))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("fr", {0: "zéro", 17: "dix-sept", 21: "vingt-et-un", 22: "vingt-deux"}),
        ("fr", {61: "soixante-et-un", 70: "soixante-dix", 71: "soixante-et-onze"}),
        ("fr", {80: "quatre-vingts", 81: "quatre-vingt-un", 91: "quatre-vingt-onze"}),
        ("fr", {99: "quatre-vingt-dix-neuf", 100: "cent"}),
        ("fr-BE", {70: "septante", 71: "septante-et-un", 77: "septante-sept"}),
        ("fr-BE", {80: "quatre-vingts", 81: "quatre-vingt-un", 90: "nonante"}),
        ("fr-BE", {91: "nonante-et-un", 99: "nonante-neuf"}),
        ("fr-CH", {71: "septante-et-un", 80: "huitante", 81: "huitante-et-un", 99: "nonante-neuf"}),
        ("en", {0: "zero", 12: "twelve", 40: "forty", 81: "eighty-one", 100: "one hundred"}),
        ("de", {1: "eins", 16: "sechzehn", 17: "siebzehn", 21: "einundzwanzig", 30: "dreißig"}),
        ("de", {77: "siebenundsiebzig", 100: "hundert"}),
        ("es", {16: "dieciséis", 21: "veintiuno", 22: "veintidós", 31: "treinta y uno"}),
        ("es", {100: "cien"}),
        ("it", {21: "ventuno", 23: "ventitré", 28: "ventotto", 38: "trentotto", 93: "novantatré"}),
        ("it", {3: "tre", 17: "diciassette", 100: "cento"}),
        ("pt", {14: "catorze", 16: "dezasseis", 17: "dezassete", 19: "dezanove"}),
        ("pt", {22: "vinte e dois", 100: "cem"}),
        ("pt-BR", {14: "catorze", 16: "dezesseis", 17: "dezessete", 19: "dezenove", 100: "cem"}),
        ("nl", {1: "één", 14: "veertien", 21: "eenentwintig", 22: "tweeëntwintig"}),
        ("nl", {33: "drieëndertig", 48: "achtenveertig", 80: "tachtig", 100: "honderd"}),
    ],
)  # fmt: skip
def test_numbers_are_spelled_as_the_language_does(locale, words):
    assert {n: number_in_words(n, locale) for n in words} == words


@pytest.mark.parametrize("n", [-1, 101])
def test_a_number_out_of_range_has_no_words(n):
    with pytest.raises(ValueError, match="is not in 0 to 100"):
        number_in_words(n, "fr")


@given(puzzles, locales, seeds)
def test_every_question_has_one_solution_and_it_is_the_answer(solve, puzzle, locale, seed):
    asked = question(puzzle, locale, Random(seed))

    assert solve(asked, locale) == puzzle.answer


@given(puzzles, locales, seeds)
def test_every_question_shows_at_least_one_word(puzzle, locale, seed):
    asked = question(puzzle, locale, Random(seed))

    assert any(character.isalpha() for character in asked)


def test_each_number_is_shown_in_words_or_in_digits():
    puzzle = Puzzle(19, MINUS, 2, Blank.RESULT)

    asked = {question(puzzle, "fr", Random(seed)) for seed in range(100)}

    assert asked == {"dix-neuf − 2 =", "19 − deux =", "dix-neuf − deux ="}


def test_the_blank_is_an_ellipsis():
    left, right = Puzzle(19, MINUS, 2, Blank.LEFT), Puzzle(19, MINUS, 2, Blank.RIGHT)

    assert {question(left, "fr", Random(seed)) for seed in range(100)} == {
        "… − 2 = dix-sept", "… − deux = 17", "… − deux = dix-sept",
    }  # fmt: skip
    assert "dix-neuf − … = 17" in {question(right, "fr", Random(seed)) for seed in range(100)}


@pytest.mark.parametrize(
    ("locale", "difference", "product"),
    [
        ("fr", "dix-neuf moins deux\u202f?", "une fois quatre\u202f?"),
        ("fr-BE", "dix-neuf moins deux\u202f?", "une fois quatre\u202f?"),
        ("en", "nineteen minus two?", "one times four?"),
        ("de", "neunzehn minus zwei?", "ein mal vier?"),
        ("es", "¿diecinueve menos dos?", "¿uno por cuatro?"),
        ("it", "diciannove meno due?", "uno per quattro?"),
        ("pt", "dezanove menos dois?", "uma vez quatro?"),
        ("pt-BR", "dezenove menos dois?", "uma vez quatro?"),
        ("nl", "negentien min twee?", "één keer vier?"),
    ],
)
def test_a_question_is_read_aloud_as_people_say_it(locale, difference, product):
    assert speech(Puzzle(19, MINUS, 2, Blank.RESULT), locale) == difference
    assert speech(Puzzle(1, TIMES, 4, Blank.RESULT), locale) == product


@pytest.mark.parametrize(
    ("puzzle", "locale", "sentence"),
    [
        (Puzzle(19, MINUS, 2, Blank.LEFT), "fr", "combien moins deux égale dix-sept\u202f?"),
        (Puzzle(19, MINUS, 2, Blank.RIGHT), "fr", "dix-neuf moins combien égale dix-sept\u202f?"),
        (Puzzle(4, TIMES, 2, Blank.LEFT), "fr", "combien multiplié par deux égale huit\u202f?"),
        (Puzzle(4, TIMES, 2, Blank.RIGHT), "fr", "quatre fois combien égale huit\u202f?"),
        (Puzzle(3, PLUS, 8, Blank.LEFT), "fr-CH", "combien plus huit égale onze\u202f?"),
        (Puzzle(3, PLUS, 8, Blank.LEFT), "en", "what plus eight equals eleven?"),
        (Puzzle(3, PLUS, 8, Blank.RIGHT), "de", "drei plus wie viel ergibt elf?"),
        (Puzzle(3, PLUS, 8, Blank.LEFT), "es", "¿qué número más ocho es igual a once?"),
        (Puzzle(3, PLUS, 8, Blank.RIGHT), "it", "tre più quale numero fa undici?"),
        (Puzzle(2, TIMES, 4, Blank.RIGHT), "pt", "duas vezes que número é igual a oito?"),
        (Puzzle(3, PLUS, 8, Blank.LEFT), "nl", "hoeveel plus acht is elf?"),
    ],
)
def test_the_blank_is_read_aloud_too(puzzle, locale, sentence):
    assert speech(puzzle, locale) == sentence


@given(puzzles, locales)
def test_what_is_read_aloud_has_no_digits_and_no_signs(puzzle, locale):
    spoken = speech(puzzle, locale)

    assert not any(character.isdigit() or character in "+−×…=" for character in spoken)


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        (("fr-BE",), "fr-BE"),
        (("FR-be",), "fr-BE"),
        (("fr_CH",), "fr-CH"),
        (("fr-CA",), "fr"),
        (("de-AT-1996",), "de"),
        (("fr-CH-x-romand",), "fr-CH"),
        (("pt-br", "fr"), "pt-BR"),
        (("zh", "nl"), "nl"),
        ((None, "", "en"), "en"),
        (("zh", None), "fr"),
        (("frisian",), "fr"),
        (("x" * 60_000 + "-fr", "it"), "it"),
        ((), "fr"),
    ],
)
def test_the_first_wanted_language_that_is_there_is_taken(wanted, locale):
    assert choose_locale(*wanted) == locale
