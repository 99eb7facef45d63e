"""Every sentence exists in every language, and every code has one."""

import re
from pathlib import Path
from string import Formatter

import pytest

import moderation
from moderation.web.fields import CODES
from moderation.web.problems import STATUS
from moderation.web.sentences import LANGUAGES, choose_language, has_sentence, say, sentences

SOURCE = Path(moderation.__file__).parent


def figures(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_sentence_exists_in_every_language_with_the_same_figures():
    french = sentences("fr")

    for language in LANGUAGES:
        spoken = sentences(language)
        assert spoken.keys() == french.keys()
        assert all(figures(spoken[key]) == figures(french[key]) for key in french)


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
        "too_fast", "first_comment", "captcha_unverified",
    }  # fmt: skip
    assert all(has_sentence(f"finding.{code}") for code in codes)


def test_french_is_set_as_french_is():
    for sentence in sentences("fr").values():
        assert not re.search(r"(?<![\u202f\u00a0])[;?!»](?![\w=])", sentence), sentence
        assert not re.search(r"(?<![\u00a0\w]):(?!//)", sentence), sentence
        assert "'" not in sentence, sentence


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (("fr-BE",), "fr"),
        (("de", "en"), "en"),
        ((None, "en-GB,en;q=0.9,fr;q=0.8"), "en"),
        (("de;q=1, fr;q=0.5, en;q=0.7",), "en"),
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
        ("fr", 0.9221, "0,92"),
        ("en", 1.0, "1.00"),
        ("fr", 2026, "2026"),
        ("fr", "held, published", "held, published"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language, value, written):
    assert written in say(language, "field.not_a_choice", choices=value)
