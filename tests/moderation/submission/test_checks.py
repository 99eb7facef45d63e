"""Each suspicion: what raises it, and what does not."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.domain.challenge import Redemption
from moderation.domain.comment import Author, Submission
from moderation.domain.finding import Finding, Verdict, worst
from moderation.domain.site import Moderation, Policy, Site
from moderation.spam import Opinion, fold
from moderation.submission.case import Case, Precedents
from moderation.submission.checks.blocked_words import BlockedWords
from moderation.submission.checks.captcha_unverified import captcha_unverified
from moderation.submission.checks.duplicate import duplicate
from moderation.submission.checks.first_comment import first_comment
from moderation.submission.checks.honeypot import honeypot
from moderation.submission.checks.links import too_many_links
from moderation.submission.checks.spam_score import spam_score
from moderation.submission.checks.too_fast import too_fast
from moderation.submission.judge import judge

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LINK = "https://a.example "


def case(
    text="Merci pour cet article.",
    *,
    score=0.1,
    honeypot="",
    seconds=30.0,
    single_use=True,
    is_from_page=True,
    is_duplicate=False,
    is_known_author=False,
    name="Lucie",
    **policy,
):
    site = Site(1, "gazette", "site_x", "secret", "akismet", (), "fr", Policy(**policy))
    asked = NOW - timedelta(seconds=seconds)
    return Case(
        Submission(
            site, "https://gazette.example/a", "", None, Author(name), text, honeypot,
            "client", "fr", is_from_page, NOW,
        ),
        Precedents(None, is_duplicate, is_known_author),
        Redemption("1", "site_x", asked, NOW + timedelta(minutes=5), single_use),
        None if score is None else Opinion(score, "v1", hold=0.5, reject=0.9),
    )  # fmt: skip


def verdict(finding):
    return finding.verdict if finding else None


@pytest.mark.parametrize(
    ("score", "policy", "expected"),
    [
        (0.49, {}, None),
        (0.5, {}, Verdict.HOLD),
        (0.9, {}, Verdict.REJECT),
        (0.3, {"hold_above": 0.2}, Verdict.HOLD),
        (0.95, {"hold_above": 0.2, "reject_above": 1.0}, Verdict.HOLD),
        (0.1, {"reject_above": 0.0}, Verdict.REJECT),
        (None, {}, Verdict.HOLD),
    ],
)
def test_the_score_is_the_models_and_the_thresholds_are_the_sites(score, policy, expected):
    assert verdict(spam_score(case(score=score, **policy))) is expected


def test_a_spam_finding_names_its_numbers():
    assert spam_score(case(score=0.61234)).data == {"score": 0.6123, "threshold": 0.5}


def test_without_a_model_the_finding_says_so():
    assert spam_score(case(score=None)).code == "unscored"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no link", None),
        (LINK * 2, None),
        (LINK * 3, Verdict.HOLD),
        ("HTTP://A.EXAMPLE www.b.example [url=c] <a href=d>", Verdict.HOLD),
        ("l’avion www", None),
    ],
)
def test_links_above_the_limit_hold_a_comment(text, expected):
    assert verdict(too_many_links(case(text))) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Quel ESCROC !", "quel éscroc", "quel \u0435scr\u043ec",
        "quel \uff45\uff53\uff43\uff52\uff4f\uff43",
        "quel esc\u200broc", "Voici l’escroc.",
    ],
)  # fmt: skip
def test_no_disguise_hides_a_blocked_word(text):
    finding = BlockedWords(fold)(case(text, blocked_words=("escroc", "bande de voleurs")))

    assert finding == Finding("blocked_word", Verdict.HOLD, {"words": ["escroc"]})


@pytest.mark.parametrize("text", ["une escroquerie", "un microescroc", "voleurs en bande"])
def test_only_whole_blocked_words_count(text):
    assert BlockedWords(fold)(case(text, blocked_words=("escroc", "bande de voleurs"))) is None


def test_a_blocked_phrase_is_found_across_a_line_end_and_in_the_name():
    words = {"blocked_words": ("Bande de Voleurs",)}

    assert BlockedWords(fold)(case("bande\n de  voleurs", **words))
    assert BlockedWords(fold)(case("rien", name="bande de voleurs", **words))


@pytest.mark.parametrize("words", [(), ("",), (" ", "\u200b")])
def test_a_site_without_real_blocked_words_blocks_nothing(words):
    assert BlockedWords(fold)(case("rien du tout", blocked_words=words)) is None


def test_a_repeated_text_waits():
    assert verdict(duplicate(case(is_duplicate=True))) is Verdict.HOLD
    assert duplicate(case()) is None


def test_a_filled_honeypot_is_rejected():
    assert verdict(honeypot(case(honeypot="https://spam.example"))) is Verdict.REJECT
    assert honeypot(case(honeypot="  ")) is None


@pytest.mark.parametrize(
    ("seconds", "is_from_page", "expected"),
    [(0.1, True, Verdict.HOLD), (0.5, True, None), (0.1, False, Verdict.PUBLISH)],
)
def test_an_answer_faster_than_a_person_waits_if_a_person_should_have_typed_it(
    seconds, is_from_page, expected
):
    assert verdict(too_fast(case(seconds=seconds, is_from_page=is_from_page))) is expected


@pytest.mark.parametrize(
    ("moderation", "is_known_author", "expected"),
    [
        (Moderation.PRE, False, Verdict.HOLD),
        (Moderation.PRE, True, None),
        (Moderation.POST, False, None),
    ],
)
def test_a_newcomer_waits_on_a_pre_moderated_site(moderation, is_known_author, expected):
    found = first_comment(case(moderation=moderation, is_known_author=is_known_author))

    assert verdict(found) is expected


def test_a_captcha_nobody_could_burn_waits():
    assert verdict(captcha_unverified(case(single_use=False))) is Verdict.HOLD
    assert captcha_unverified(case()) is None


def test_the_worst_finding_decides_and_all_are_kept():
    judgement = judge(
        case("x", score=0.6, honeypot="x", is_duplicate=True), (spam_score, duplicate, honeypot)
    )

    assert judgement.verdict is Verdict.REJECT
    assert [f.code for f in judgement.findings] == ["spam_score", "duplicate", "honeypot"]
    assert (judgement.score, judgement.model) == (0.6, "v1")


def test_nothing_to_say_means_publish():
    assert worst([]) is Verdict.PUBLISH
    assert worst([Finding("too_fast", Verdict.PUBLISH)]) is Verdict.PUBLISH
