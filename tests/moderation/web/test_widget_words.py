"""The widget says the same in every language, and each is set as it should be."""

import re
from string import Formatter

import pytest

from moderation.web.public.embed import BETWEEN, BUILT_IN, FURTHER, words
from moderation.web.sentences import LANGUAGES, sentences

FRENCH = BUILT_IN[0]
SPOKEN = (*BUILT_IN, *FURTHER)
QUOTES = {"fr": "«»", "en": "“”", "de": "„“", "es": "«»", "it": "«»", "pt": "«»", "nl": "‘"}


def figures(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_the_widget_speaks_what_the_service_speaks():
    assert set(SPOKEN) == set(LANGUAGES)
    assert {key.partition(".")[0] for key in words(FRENCH)} >= {"reading", "form", "captcha"}


@pytest.mark.parametrize("language", SPOKEN)
def test_every_sentence_exists_in_every_language(language):
    assert words(language).keys() == words(FRENCH).keys()
    assert all(words(language).values())


@pytest.mark.parametrize("language", SPOKEN)
def test_a_sentence_has_the_same_figures_in_every_language(language):
    for key, sentence in words(language).items():
        assert figures(sentence) == figures(words(FRENCH)[key]), key


@pytest.mark.parametrize("language", SPOKEN)
def test_no_sentence_has_what_stands_between_sentences(language):
    assert BETWEEN == "|"
    assert all(BETWEEN not in sentence for sentence in words(language).values())


@pytest.mark.parametrize("language", SPOKEN)
def test_apostrophes_and_quotes_are_those_of_the_language(language):
    foreign = set("\"'`´«»“”„‘‚‹›") - set(QUOTES[language])

    for sentence in words(language).values():
        assert not set(sentence) & foreign, sentence


@pytest.mark.parametrize("language", SPOKEN)
def test_spaces_are_where_the_language_has_them(language):
    forbidden = r"\s[,.]|\s\s" if language == FRENCH else r"\s[,.;:?!»”]|[«¿¡„]\s|\s\s"

    for key, sentence in words(language).items():
        assert sentence == sentence.strip() or key == "comment.hour"
        assert not re.search(forbidden, sentence), sentence
        assert not re.search(r"\} (s\b|%)", sentence), sentence
        assert "..." not in sentence


def test_french_has_its_thin_and_its_wide_spaces():
    for sentence in words(FRENCH).values():
        assert not re.search(r"(?<!\u202f)[;?!»]", sentence), sentence
        assert not re.search(r"«(?!\u202f)", sentence), sentence
        assert not re.search(r"(?<!\u00a0)[:%]", sentence), sentence


def test_spanish_opens_what_it_exclaims_and_asks():
    for sentence in words("es").values():
        assert sentence.count("!") == sentence.count("¡"), sentence
        assert sentence.count("?") == sentence.count("¿"), sentence


@pytest.mark.parametrize("language", FURTHER)
def test_a_further_language_sets_its_counts_as_the_form_does(language):
    assert words(language)["reading.count.other"] == sentences(language)["form.comments_many"]


@pytest.mark.parametrize("language", SPOKEN)
def test_the_reasons_of_a_report_are_those_of_the_form(language):
    said = {key: text for key, text in words(language).items() if key.startswith("reason.")}

    assert said
    for key, text in said.items():
        assert text == sentences(language)[f"form.{key.replace('.', '_')}"]
