"""What blocks catch, however it is written, and what they leave alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moderation.blocking.fence import Fence
from moderation.blocking.hosts import hosts_in
from moderation.domain.block import Block, BlockKind, Writing, uniform
from moderation.domain.comment import Author
from moderation.domain.finding import Verdict
from moderation.errors import InvalidRequest
from moderation.spam import fold

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def block(kind, pattern, number=1, verdict=Verdict.HOLD, **other):
    kept = pattern if kind == "sender" else uniform(BlockKind(kind), pattern)
    return Block(
        str(number), 1, BlockKind(kind), kept, verdict, "Publicité", "Zoé", 1, NOW, **other
    )


def writing(text="Merci.", name="Lucie", email="lucie@courriel.example", url="", **other):
    return Writing(Author(name, email, url), text, **other)


def caught(kind, pattern, found):
    return Fence([block(kind, pattern)], fold).worst(found, NOW) is not None


@pytest.mark.parametrize(
    "found",
    [
        writing(name="jean  DUPONT"), writing(email="JEAN DUPONT"), writing(member="Jean Dupont"),
        writing(name="Ｊｅａｎ Dupont"),
    ],
)  # fmt: skip
def test_an_author_is_known_by_name_address_or_account_whatever_the_case(found):
    assert caught("author", "Jean Dupont", found)


@pytest.mark.parametrize(
    "name",
    ["Je\u200ban Dupont", "\u202eJean Dupont", "Jеаn Dupоnt", "𝐉ean Dup\u00adont"],
)
def test_a_disguise_makes_no_other_author(name):
    assert caught("author", "Jean Dupont", writing(name=name))
    assert caught("author", name, writing(name="Jean Dupont"))


@pytest.mark.parametrize("name", ["Jean", "Jean Duponts", "Jeanne Dupont", "Jeän Dupont", ""])
def test_an_author_is_blocked_exactly(name):
    assert not caught("author", "Jean Dupont", writing(name=name))


@pytest.mark.parametrize(("name", "other"), [("たいき", "だいき"), ("मनु", "मने"), ("Tuấn", "Tuân")])
def test_accents_and_vowels_make_another_author(name, other):
    assert not caught("author", name, writing(name=other))


def test_a_name_that_nobody_sees_blocks_nobody():
    kept = replace(block("author", "x"), pattern="\u2800")

    assert Fence([kept], fold).worst(writing(name="\u3164", email=""), NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://spam.example/x", "http://www.SPAM.example", "voir spam.example.",
        "(spam.example)", "//spam.example:8080/", "https://bon.example@spam.example/",
        "https:spam.example", "https:\\\\spam.example", "spam。example", "sp\u200bam.example",
        "https://sp%61m.example", "écrivez à x@spam.example", "https://a.b.c.spam.example",
        "https://archive.example/?u=https://spam.example", "<a href=https://spam.example>",
        "http://u:p@spam.example:80", "ｓｐａｍ．ｅｘａｍｐｌｅ",
    ],
)  # fmt: skip
def test_a_domain_is_found_however_the_link_is_written(text):
    assert caught("domain", "Spam.Example.", writing(text))


def test_a_domain_is_found_in_the_authors_links_too():
    assert caught("domain", "spam.example", writing(url="https://blog.spam.example/"))
    assert caught("domain", "spam.example", writing(email="x@spam.example"))


@pytest.mark.parametrize(
    "text",
    [
        "https://notspam.example", "https://spam.example.org", "https://bon.example/spam.example",
        "https://spam.example@bon.example/", "spam. example", "spam", "https://",
    ],
)  # fmt: skip
def test_another_host_is_not_the_blocked_one(text):
    assert not caught("domain", "spam.example", writing(text))


def test_before_the_at_of_an_address_stands_no_host():
    assert not caught("domain", "spam.example", writing(email="spam.example@courriel.example"))


@pytest.mark.parametrize("pattern", ["ärzte.example", "ÄRZTE.example", "xn--rzte-koa.example"])
@pytest.mark.parametrize("text", ["https://ärzte.example", "https://XN--RZTE-KOA.example/x"])
def test_a_domain_in_other_letters_has_one_name(pattern, text):
    assert caught("domain", pattern, writing(text))


def test_a_word_is_found_whole_and_however_disguised():
    assert caught("word", "Bande de  voleurs", writing("Quelle bande\nde VOLÉURS !"))
    assert caught("word", "escroc", writing(name="L’escroc"))
    assert not caught("word", "escroc", writing("une escroquerie"))


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("203.0.113.9", "203.0.113.9"), ("203.0.113.7/24", "203.0.113.200"),
        ("203.0.0.0/16", "203.0.255.255"), ("2001:db8::1", "2001:db8::ffff"),
        ("2001:db8:1::/48", "2001:db8:1:ffff::1"), ("203.0.113.0/24", "::ffff:203.0.113.4"),
        ("::ffff:203.0.113.9", "203.0.113.9"), ("2001:db8::/64", "2001:db8::1%eth0"),
    ],
)  # fmt: skip
def test_an_address_in_the_range_is_caught(pattern, address):
    assert caught("address", pattern, writing(address=address))


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("203.0.113.0/24", "203.0.114.1"), ("2001:db8::/64", "2001:db8:0:1::1"),
        ("203.0.113.0/24", ""), ("203.0.113.0/24", "unix:"), ("203.0.113.0/24", "2001:db8::1"),
    ],
)  # fmt: skip
def test_an_address_outside_is_not(pattern, address):
    assert not caught("address", pattern, writing(address=address))


def test_a_sender_is_known_by_the_hash_alone():
    assert caught("sender", "a1b2", writing(client="a1b2"))
    assert not caught("sender", "a1b2", writing(client=""))


def test_of_several_blocks_the_severest_is_told_and_then_the_oldest():
    blocks = [
        block("word", "merci", 3),
        block("author", "Lucie", 2),
        block("domain", "courriel.example", 4, Verdict.REJECT),
    ]

    assert Fence(blocks, fold).worst(writing(), NOW) is blocks[2]
    assert Fence(blocks[:2], fold).worst(writing(), NOW) is blocks[1]


def test_of_two_spellings_of_a_word_the_one_in_force_counts():
    over = block("word", "Merci", 1, expires_at=NOW)
    standing = block("word", "merci", 2)

    assert Fence([over, standing], fold).worst(writing(), NOW) is standing
    assert Fence([standing, over], fold).worst(writing(), NOW) is standing


def test_what_has_expired_or_was_removed_blocks_nothing():
    over = block("author", "Lucie", expires_at=NOW)
    removed = block("author", "Lucie", removed_at=NOW - timedelta(days=1))

    assert Fence([over, removed], fold).worst(writing(), NOW) is None
    assert Fence([over], fold).worst(writing(), NOW - timedelta(seconds=1)) is over


@pytest.mark.parametrize(
    ("kind", "pattern", "code"),
    [
        ("author", " \u200b", "empty"), ("word", "", "empty"), ("author", "x" * 255, "too_long"),
        ("domain", "spam", "not_a_domain"), ("domain", "https://spam.example", "not_a_domain"),
        ("domain", "spam..example", "not_a_domain"), ("domain", "203.0.113.9", "not_a_domain"),
        ("domain", "x@spam.example", "not_a_domain"), ("domain", "a" * 64 + ".fr", "not_a_domain"),
        ("domain", "*.spam.example", "not_a_domain"), ("domain", ".", "not_a_domain"),
        ("address", "203.0.113", "not_an_address"), ("address", "spam", "not_an_address"),
        ("address", "203.0.113.0/33", "not_an_address"),
        ("address", "203.0.0.0/15", "range_too_wide"),
        ("address", "2001:db8::/47", "range_too_wide"), ("address", "::/0", "range_too_wide"),
        ("address", "0.0.0.0/0", "range_too_wide"), ("address", "::ffff:0:0/96", "range_too_wide"),
    ],
)  # fmt: skip
def test_what_is_no_pattern_of_its_kind_is_refused(kind, pattern, code):
    with pytest.raises(InvalidRequest) as refusal:
        uniform(BlockKind(kind), pattern)

    (problem,) = refusal.value.problems
    assert (problem.pointer, problem.code) == ("/pattern", code)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("domain", "WWW.Spam.Example.", "www.spam.example"),
        ("address", "203.0.113.9/32", "203.0.113.9"),
        ("address", "203.0.113.77/24", "203.0.113.0/24"),
        ("address", "2001:DB8::1", "2001:db8::/64"),
        ("address", "::ffff:203.0.113.0/120", "203.0.113.0/24"),
        ("author", "  Jean   Dupont ", "Jean Dupont"),
        ("word", "Escroc", "Escroc"),
    ],
)  # fmt: skip
def test_a_pattern_is_made_uniform(kind, typed, kept):
    assert uniform(BlockKind(kind), typed) == kept
    assert uniform(BlockKind(kind), kept) == kept


@pytest.mark.parametrize("text", ["a." * 5000, "a" * 10_000, "a.b@" * 2500, "%2e" * 3000])
def test_no_text_keeps_the_search_busy(text):
    assert len(list(hosts_in(text))) <= 2500
