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
    column,
    false,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from moderation.storage.tables import comments

WORD = re.compile(r"[^\W_]{1,64}")  # PostgreSQL refuses words of some thousand letters
MARKS = re.compile("[\u0300-\u036f]+")
MOST_WORDS = 16
SHORTEST_PREFIX = 3

SQLITE_INDEX = table("comments_search", column("rowid"), column("comments_search"))
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


def _on_sqlite(words: Sequence[str]) -> ColumnElement[bool]:
    """Ask the index, and the few comments that are not in it yet one by one."""
    terms = " ".join(f'"{word}"{"*" if _is_prefix(word) else ""}' for word in words)
    indexed = select(SQLITE_INDEX.c.rowid).where(SQLITE_INDEX.c.comments_search.match(terms))
    new = comments.alias("new")
    padded = literal(" ") + new.c.search + literal(" ")
    unindexed = select(new.c.number).where(
        new.c.number > select(SQLITE_PROGRESS.c.number).scalar_subquery(),
        *(padded.like(f"% {word}%" if _is_prefix(word) else f"% {word} %") for word in words),
    )
    return comments.c.number.in_(union_all(indexed, unindexed))


def _on_postgresql(words: Sequence[str]) -> ColumnElement[bool]:
    terms = " & ".join(f"'{word}'{':*' if _is_prefix(word) else ''}" for word in words)
    return POSTGRESQL_INDEX.op("@@", return_type=Boolean())(literal(terms).cast(TSQUERY))


def _words(content: str) -> list[str]:
    plain = content.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).casefold()
        plain = MARKS.sub("", unicodedata.normalize("NFKD", plain))
        plain = plain.replace("œ", "oe").replace("æ", "ae")
    return list(dict.fromkeys(WORD.findall(plain)))


def _is_prefix(word: str) -> bool:
    return len(word) >= SHORTEST_PREFIX
