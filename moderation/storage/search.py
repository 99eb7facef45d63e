"""Full-text search: what counts as a word, and how each database is asked for it.

Words are made here, not by the databases, so that both find the same comments: both index
exactly the words of the `search` column, and a query is built from such words alone. Nothing a
moderator types can be syntax, because nothing but letters and digits passes.
"""

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Select,
    SelectBase,
    case,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from moderation.storage.tables.comments import comments

WORD = re.compile(r"[^\W_]{1,64}")  # PostgreSQL refuses words of some thousand letters
UNSEEN = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
)
"""Accents, points of Hebrew and Arabic, hyphens that break lines, and what has no width at all."""
MOST_WORDS = 16
SHORTEST_PREFIX = 3
MOST_HOLDING = 1000
NEAR = 1000  # comments at the head of a list
COMMON = 2000  # comments that hold a word
LOOKED_THROUGH = 100_000
MOST_FORMS = 200
LAST_LETTER = "\U0010ffff"

SQLITE_INDEX = table("comments_search", column("rowid"), column("comments_search"))
SQLITE_WORDS = table("comments_words", column("term"))
SQLITE_PROGRESS = table("search_progress", column("number"))
POSTGRESQL_INDEX = literal_column(
    "array_to_tsvector(string_to_array(comments.search, ' '))", TSVECTOR
)


def fold(content: str) -> str:
    """Return the distinct words of `content` without case and accents, one space between them.

    >>> fold("L'été, c'est l’ÉTÉ du CŒUR !")
    'l ete c est du coeur'
    """
    return " ".join(_words(content))


def matching(dialect: str, query: str) -> ColumnElement[bool]:
    """Return the condition that a comment holds every word of `query`.

    From three letters on a word also finds those that begin with it, so that "arnaque" finds
    "arnaques". A query without any word finds nothing.
    """
    words = _words(query)[:MOST_WORDS]
    if not words:
        return false()
    return _on_sqlite(words) if dialect == "sqlite" else _on_postgresql(words)


def ways_to_match(
    dialect: str, query: str, among: Select[tuple[int]], most: int
) -> list[tuple[ColumnElement[bool], int | ColumnElement[int]]]:
    """Return `matching` in ways that together find the first `most` comments of `among`.

    Each is a condition and how many comments to take. SQLite cannot tell a rare word from a common
    one, and would read each of a hundred thousand comments to sort them. So the first comments of
    the list are read as they are, which is enough for a common word, or for a short list. Only
    then is the index of words asked; it counts first, up to a bound: few comments are looked up;
    of many it is only noted which ones they are, and the list's own index is read through for them.

    Args:
        among: the numbers of the comments that are listed, in order.
    """
    words = _words(query)[:MOST_WORDS]
    if dialect != "sqlite" or not words:
        return [(matching(dialect, query), most)]
    near = among.add_columns(comments.c.search).limit(NEAR).cte()
    met = select(near.c.number).where(*_each_in(near.c.search, words)).cte()
    is_done = or_(_how_many(met) >= most, _how_many(near) < NEAR)
    holding = _holding(words).limit(COMMON).cte()
    is_common = _how_many(holding) >= COMMON
    among_many = _indexed_or_new(_holding(words).subquery(), words, comments.c.number + 0)
    return [
        (comments.c.number.in_(select(met.c.number)), most),
        (_indexed_or_new(holding, words), case((is_done, 0), (is_common, 0), else_=most)),
        (among_many, case((is_done, 0), (is_common, most), else_=0)),
    ]


def holding_any(dialect: str, words: Sequence[str]) -> SelectBase:
    """Ask for the numbers of the latest comments, on whatever site, that hold any of `words`.

    The words are folded already. A thousand are given at most, and on SQLite those that are not
    indexed yet on top. PostgreSQL looks at the latest comments only: it would read every comment
    that holds a common word before it knew which ones are the latest.
    """
    if dialect == "sqlite":
        terms = " OR ".join(f'"{word}"' for word in words)
        indexed = (
            select(SQLITE_INDEX.c.rowid.label("number"))
            .where(SQLITE_INDEX.c.comments_search.match(terms))
            .order_by(SQLITE_INDEX.c.rowid.desc())
            .limit(MOST_HOLDING)
            .subquery()
        )
        unindexed = select(comments.c.number).where(
            comments.c.number > select(SQLITE_PROGRESS.c.number).scalar_subquery()
        )
        return union_all(select(indexed.c.number), unindexed)
    holding, last = comments.alias("holding"), comments.alias("last")
    since = select(func.max(last.c.number) - LOOKED_THROUGH).scalar_subquery()
    any_of = literal(" | ".join(f"'{word}'" for word in words)).cast(TSQUERY)
    vector = literal_column("array_to_tsvector(string_to_array(holding.search, ' '))", TSVECTOR)
    return (
        select(holding.c.number)
        .where(vector.op("@@", return_type=Boolean())(any_of), holding.c.number > since)
        .order_by(holding.c.number.desc())
        .limit(MOST_HOLDING)
    )


def _how_many(found: FromClause) -> ColumnElement[int]:
    return select(func.count()).select_from(found).scalar_subquery()


def _on_sqlite(words: Sequence[str]) -> ColumnElement[bool]:
    return _indexed_or_new(_holding(words).subquery(), words)


def _holding(words: Sequence[str]) -> Select[tuple[int]]:
    return select(SQLITE_INDEX.c.rowid).where(_match(words))


def _indexed_or_new(
    indexed: FromClause,
    words: Sequence[str],
    number: ColumnElement[int] = comments.c.number,
) -> ColumnElement[bool]:
    """Take what the index gave, and look at the few comments that are not in it yet.

    Args:
        number: the comments' column has them looked up one by one, an expression keeps SQLite from
            doing so.
    """
    new = comments.alias("new")
    unindexed = select(new.c.number).where(
        new.c.number > select(SQLITE_PROGRESS.c.number).scalar_subquery(),
        *_each_in(new.c.search, words),
    )
    return number.in_(union_all(select(indexed.c.rowid), unindexed))


def _match(words: Sequence[str]) -> ColumnElement[bool]:
    first, *others = (_forms(word) if _is_prefix(word) else literal(f'"{word}"') for word in words)
    terms = literal("(") + first
    for one in others:
        terms = terms + literal(") AND (") + one
    return SQLITE_INDEX.c.comments_search.match(terms + literal(")"))


def _forms(word: str) -> ColumnElement[str]:
    """Return the words that begin with this one, as SQLite is to look for them.

    For a prefix the index would first gather all comments that hold any of them; word by word it
    reads on only as far as it must, which is some twenty times as quick.
    """
    begins = SQLITE_WORDS.c.term.between(word, word + LAST_LETTER)
    forms = select(SQLITE_WORDS.c.term).where(begins).limit(MOST_FORMS + 1).subquery()
    how_many, quoted = func.count(), literal('"') + forms.c.term + literal('"')
    return select(
        case(
            (how_many > MOST_FORMS, literal(f'"{word}"*')),
            (how_many == 0, literal(f'"{word}"')),
            else_=func.group_concat(quoted, literal(" OR ")),
        )
    ).scalar_subquery()


def _each_in(search: ColumnElement[str], words: Sequence[str]) -> list[ColumnElement[bool]]:
    padded = literal(" ") + search + literal(" ")
    return [padded.like(f"% {word}%" if _is_prefix(word) else f"% {word} %") for word in words]


def _on_postgresql(words: Sequence[str]) -> ColumnElement[bool]:
    terms = " & ".join(f"'{word}'{':*' if _is_prefix(word) else ''}" for word in words)
    return POSTGRESQL_INDEX.op("@@", return_type=Boolean())(literal(terms).cast(TSQUERY))


def _words(content: str) -> list[str]:
    plain = content.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).casefold()
        plain = UNSEEN.sub("", unicodedata.normalize("NFKD", plain))
        plain = plain.replace("œ", "oe").replace("æ", "ae")
    return list(dict.fromkeys(WORD.findall(plain)))


def _is_prefix(word: str) -> bool:
    return len(word) >= SHORTEST_PREFIX
