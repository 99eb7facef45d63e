"""Full-text search: the same comments on both databases; nothing a moderator types is syntax."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import NullPool, create_engine, select, text

from moderation.domain.comment import Author
from moderation.storage.database import Database
from moderation.storage.listing import Listing
from moderation.storage.search import fold, matching
from moderation.storage.tables.comments import comments

HOSTILE = [
    '" OR 1=1 --', "NEAR(", "*", "'", "%", ":*", "&|!", "a* OR b", "search:a", "^a", '"', "\\",
    "\\'", "-a", "+", "()", "a AND", "{a b}: c", "\x00", "a\x00b", "\ud800", "_", "ꟸ", "𞤀", "½",
    "e" * 5000, "' || 'a", "<->", "!a", "a:D", "de OR de", "SELECT * FROM sites", "🌞", "  ", "",
]  # fmt: skip


WAYS = [(1000, 2000), (0, 2000), (0, 0)]  # comments read as they are, one by one, by the index


@pytest.fixture
def search(monkeypatch, database, site):
    """Search in each of the ways SQLite takes, however few comments there are."""

    def find(query):
        found = []
        for near, common in WAYS:
            monkeypatch.setattr("moderation.storage.search.NEAR", near)
            monkeypatch.setattr("moderation.storage.search.COMMON", common)
            with database.read() as tx:
                page = tx.comments.find(Listing(site.id, q=query))
            found.append([comment.text for comment in page.items])
        assert found[1:] == found[:1] * 2
        return set(found[0])

    return find


def test_words_are_found_whatever_their_case_and_accents(add, search):
    wanted = (
        "L'été au cœur des Arnaques : https://spam.example/x?y=1 aujourd’hui, Σίσυφος, enfin fin"
    )
    add(wanted, author=Author("Zoé"))
    add("Autre chose")

    found = [
        *["été", "ETE", "Cœur", "coeur", "arnaque", "arnaques été", "arn", "spam.example", "zoe"],
        *["https://spam.example/x?y=1", "aujourd'hui", "hui aujourd", "ΣΊΣΥΦΟΣ", "ﬁn"],
    ]
    assert [query for query in found if search(query) != {wanted}] == []


def test_words_are_found_through_what_cannot_be_seen(add, search):
    wanted = "vi\u200bagra soft\u00adhyphen \u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \ufeffdébut"
    add(wanted)

    for query in ("viagra", "softhyphen", "שלום", "debut", "v\u2060iagra"):
        assert search(query) == {wanted}
    assert search("agra") == set()


def test_other_words_are_not_found(add, search):
    add("L'été au cœur des Arnaques")

    missing = ["ar", "naque", "arnaque hiver", "etes", "tete", "autre"]
    assert [query for query in missing if search(query)] == []


def test_nothing_typed_is_syntax(add, search):
    add("abc def")

    assert [query for query in HOSTILE if search(query)] == []


def test_signs_alone_find_nothing(add, search):
    add("abc def * % _ '")

    assert [query for query in ("*", "%", "_", "'", ":*", "&|!", "", "  ") if search(query)] == []


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.text())
def test_any_query_gets_an_answer(database, site, query):
    with database.read() as tx:
        tx.comments.find(Listing(site.id, q=query))


@given(st.text())
def test_folded_text_is_words_and_single_spaces(content):
    folded = fold(content)

    assert fold(folded) == folded
    assert all(word.isalnum() for word in folded.split(" ")) or folded == ""


def test_old_and_new_comments_are_found_alike(add, search):
    for number in range(130):
        add(f"{'pair' if number % 2 == 0 else 'impair'} numero{number}")
        if number % 9 == 0:
            assert search(f"numero{number}") == {
                f"{'pair' if number % 2 == 0 else 'impair'} numero{number}"
            }

    assert len(search("impair numero12")) == 3 + 2
    assert search("numero1 impair") == {
        f"impair numero{n}" for n in range(130) if str(n)[0] == "1" and n % 2
    }


ADD_ROW = text(
    """
    INSERT INTO comments (id, site_id, thread_id, author_name, author_email, author_url, text,
        html, locale, status, version, client, fingerprint, created_at, search)
    VALUES (:id, 1, 1, '', '', '', '', '', '', 'held', 1, '', '', '', :search)
    """
)
CHANGE_ROW = text(
    "UPDATE comments SET search = :search WHERE number = (SELECT max(number) - :back FROM comments)"
)
DELETE_ROW = text("DELETE FROM comments WHERE number = (SELECT max(number) - :back FROM comments)")
CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "add", "add", "change", "delete"]), st.integers(0, 10**6)),
    min_size=60,
    max_size=300,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None
)
@given(changes=CHANGES)
def test_the_index_of_sqlite_follows_every_change(sqlite_url, changes):
    database, engine = Database(sqlite_url), create_engine(sqlite_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM comments"))
        connection.execute(
            text("INSERT OR IGNORE INTO sites VALUES (1,'','','','','[]','','{}','')")
        )
        connection.execute(text("INSERT OR IGNORE INTO threads VALUES (1,1,'',x'','','')"))
        for change, number in changes:
            carry_out(connection, change, number)
    wanted = "mot7"
    with database.read() as tx:
        found = (
            tx._connection.execute(select(comments.c.number).where(matching("sqlite", wanted)))
            .scalars()
            .all()
        )
        scanned = (
            tx._connection.execute(
                select(comments.c.number).where(comments.c.search.like(f"%{wanted}%"))
            )
            .scalars()
            .all()
        )
        assert sorted(found) == sorted(scanned)
    database.close()


def carry_out(connection, change, number):
    """Add a comment, or change or delete the latest but `number` % 70."""
    values = {"search": f"mot{number % 10}", "id": str(uuid4()), "back": number % 70}
    if change == "add":
        connection.execute(ADD_ROW, values)
    elif change == "change":
        connection.execute(CHANGE_ROW, values)
    else:
        connection.execute(DELETE_ROW, values)


def test_more_words_than_are_looked_up_one_by_one_are_found_by_how_they_begin(add, search):
    many = [f"bouch{number:04x}" for number in range(300)]
    texts = {f"{word} fin" for word in many}
    for one in texts:
        add(one)
    add("bouc fin")

    with_limit = search("bouch fin")

    assert with_limit <= texts
    assert len(with_limit) == 50
    assert search("bouch0001") == {"bouch0001 fin"}
    assert search("bouch0001 bouch") == {"bouch0001 fin"}
