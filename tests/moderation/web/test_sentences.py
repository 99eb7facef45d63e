"""Every sentence exists in every language, and every code has one."""

import re
from pathlib import Path
from string import Formatter

import pytest

import moderation
from moderation.web.fields import CODES
from moderation.web.problems import STATUS
from moderation.web.sentences import (
    COMPLETE,
    DECIMAL_MARKS,
    GROUP_MARKS,
    LANGUAGES,
    NAMES,
    choose_language,
    complete,
    has_sentence,
    say,
    sentences,
)

SOURCE = Path(moderation.__file__).parent
READERS = ("error", "field", "form", "page")
NOT_FOR_READERS = {
    # only moderators, operators and visitors of the demonstration meet these
    "error.stale_version", "error.model_untrusted", "error.model_incompatible",
    "error.nothing_to_roll_back_to", "error.challenger_worse", "field.not_a_time",
    "field.reason_required", "field.name_taken", "field.ids_or_filter", "field.email_taken",
    "field.wrong_password", "field.wrong_code", "field.not_the_same", "error.sign_in_failed",
    "form.language", "field.thresholds_order", "field.not_a_rate", "field.pattern_or_comment",
    "field.unknown_sender", "field.not_a_domain", "field.not_an_address", "field.range_too_wide",
    "field.already_blocked", "field.in_the_past", "field.not_a_date", "field.not_a_figure",
    "field.no_events", "field.none_chosen", "field.not_as_many",
    "error.policy_changed", "error.not_undoable", "error.second_person_needed",
    "error.batch_too_large", "error.too_many_webhooks", "error.already_done",
    "field.address_refused", "field.credentials_in_url", "field.rate_of_zero",
}  # fmt: skip
QUOTES = {"fr": "«»", "en": "“”", "de": "„“", "es": "«»", "it": "«»", "pt": "«»", "nl": "‘"}


def figures(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", COMPLETE)
def test_every_sentence_exists_in_french_and_english(language):
    assert sentences(language).keys() == sentences("fr").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_readers_meet_exists_in_every_language(language):
    met = {key for key in sentences("fr") if key.partition(".")[0] in READERS}

    assert met - NOT_FOR_READERS - sentences(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_the_same_figures_in_every_language(language):
    french = {key: figures(sentence) for key, sentence in sentences("fr").items()}

    for key, sentence in sentences(language).items():
        assert figures(sentence) == french[key], key


def test_there_is_no_sentence_that_readers_do_not_meet_beyond_french_and_english():
    for language in set(LANGUAGES) - set(COMPLETE):
        assert NOT_FOR_READERS & sentences(language).keys() == set()
        assert {key.partition(".")[0] for key in sentences(language)} == set(READERS)


def test_every_error_has_a_sentence():
    assert all(has_sentence(f"error.{error.code}") for error in STATUS)


def test_every_field_problem_has_a_sentence():
    written = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
    codes = set(re.findall(r'InvalidRequest\.at\(\s*"?[^,]+,\s*"(\w+)"', written))
    codes |= set(re.findall(r'refuse\("(\w+)"\)', written))
    codes |= {code for code, _ in CODES.values()}

    assert len(codes) > 20
    assert {code for code in codes if not has_sentence(f"field.{code}")} == set()


def test_every_finding_has_a_sentence():
    checks = SOURCE / "submission" / "checks"
    written = "\n".join(path.read_text() for path in checks.glob("*.py"))
    codes = set(re.findall(r'Finding\(\s*"(\w+)"', written)) | {"unscored"}

    assert codes == {
        "spam_score", "unscored", "too_many_links", "blocked_word", "duplicate", "honeypot",
        "too_fast", "first_comment", "captcha_unverified", "blocked",
    }  # fmt: skip
    assert all(has_sentence(f"finding.{code}") for code in codes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_apostrophes_and_quotes_are_those_of_the_language(language):
    foreign = set("\"'`´«»“”„‘‚‹›") - set(QUOTES[language])

    for sentence in sentences(language).values():
        assert not set(sentence) & foreign, sentence
        if language != "nl":  # whose closing quote is the apostrophe
            opening, closing = QUOTES[language]
            assert sentence.count(opening) == sentence.count(closing), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_spaces_are_where_the_language_has_them(language):
    forbidden = r"\s[,.]|  " if language == "fr" else r"\s[,.;:?!»”]|[«¿¡„]\s|  "

    for sentence in sentences(language).values():
        assert sentence == sentence.strip()
        assert not re.search(forbidden, sentence), sentence
        assert not re.search(r"\{(seconds|minutes|count)\} |\d [KM]i", sentence), sentence
        assert "..." not in sentence


def test_spanish_opens_what_it_exclaims_and_asks():
    for sentence in sentences("es").values():
        assert sentence.count("!") == sentence.count("¡"), sentence
        assert sentence.count("?") == sentence.count("¿"), sentence


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "23 novembre 2026 à 14\u00a0h\u00a005"),
        ("en", "23 November 2026 at 14:05"),
        ("de", "23.\u00a0November 2026 um 14:05\u00a0Uhr"),
        ("es", "23 de noviembre de 2026, 14:05\u00a0h"),
        ("it", "23 novembre 2026, ore\u00a014:05"),
        ("pt", "23 de novembro de 2026, 14h05"),
        ("nl", "23\u00a0november 2026 om 14.05\u00a0uur"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(language, written):
    months = say(language, "page.months").split()

    date = say(language, "page.date", day=23, month=months[10], year="2026", hour=14, minute="05")

    assert len(set(months)) == 12
    assert date == written


def test_french_is_set_as_french_is():
    for sentence in sentences("fr").values():
        assert not re.search(r"(?<![\u202f\u00a0])[;?!»](?![\w=])", sentence), sentence
        assert not re.search(r"«(?!\u202f)", sentence), sentence
        assert not re.search(r"(?<![\u00a0\w]):(?!//)", sentence), sentence
        assert "'" not in sentence, sentence


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (("fr-BE",), "fr"),
        (("de", "en"), "de"),
        (("ja", "en"), "en"),
        (("pt-BR",), "pt"),
        (("NL_be", "nl-BE"), "nl"),
        ((None, "en-GB,en;q=0.9,fr;q=0.8"), "en"),
        (("ja;q=1, fr;q=0.5, it;q=0.7",), "it"),
        (("*", "x" * 500, "fr;q=often"), "fr"),
        ((), "fr"),
    ],
)
def test_the_first_language_spoken_here_is_chosen(wanted, chosen):
    assert choose_language(*wanted) == chosen


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("fr", 10_000, "10\u202f000"),
        ("en", 10_000, "10,000"),
        ("de", 10_000, "10.000"),
        ("es", 10_000, "10\u202f000"),
        ("it", 1_234_567, "1.234.567"),
        ("pt", 10_000, "10\u202f000"),
        ("nl", 10_000, "10.000"),
        ("de", 0.9221, "0,92"),
        ("fr", 0.9221, "0,92"),
        ("en", 1.0, "1.00"),
        ("fr", 1_800, "1\u202f800"),
        ("en", 1_800, "1,800"),
        ("es", 1_800, "1800"),
        ("fr", "2026", "2026"),
        ("fr", "held, published", "held, published"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language, value, written):
    assert written in say(language, "field.not_a_choice", choices=value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_writes_numbers_and_has_a_name(language):
    assert {*DECIMAL_MARKS} == {*GROUP_MARKS} == {*NAMES} == {*LANGUAGES}
    assert DECIMAL_MARKS[language] != GROUP_MARKS[language]


def test_what_a_language_does_not_have_is_said_in_english_numbers_too():
    told = say("de", "finding.spam_score", score=0.92, threshold=0.5)

    assert told == "The text looks like spam: score 0.92, threshold 0.50."


def test_there_is_nothing_to_say_for_a_key_that_is_none():
    with pytest.raises(KeyError):
        say("de", "form.nothing_of_the_kind")


@pytest.mark.parametrize(("language", "instead"), [("fr", "fr"), ("en", "en"), ("de", "en")])
def test_who_needs_every_sentence_gets_english_where_they_are_not_all_there(language, instead):
    assert complete(language) == instead
