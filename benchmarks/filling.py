"""A database full of comments, faster than readers would write them.

The rows go straight into the tables. Triggers and indexes are put aside meanwhile, and what they
keep is made once at the end, from their own definitions.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.readers import TEXT
from moderation.domain.identifier import new_id
from moderation.domain.site import Policy, Site
from moderation.storage.database import Database
from moderation.storage.migrate import migrate
from moderation.storage.tables.comments import comments
from moderation.storage.threads import digest

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
THREAD_SIZE = 1000
CONVERSATION_SIZE = 4
STEP = 50_000
ASIDE = """
    SELECT type, name, sql FROM sqlite_master
    WHERE tbl_name = 'comments' AND sql IS NOT NULL AND type IN ('trigger', 'index')
"""
COUNT = """
    REPLACE INTO counts (site_id, thread_id, status, n, changes)
    SELECT site_id, thread_id, status, count(*), count(*) FROM comments
    GROUP BY site_id, thread_id, status
    UNION ALL SELECT site_id, 0, status, count(*), count(*) FROM comments GROUP BY site_id, status
"""
ADD_THREAD = """
    INSERT INTO threads (site_id, url, url_digest, title, created_at) VALUES (?, ?, ?, 'Halle', ?)
"""
ROW: dict[str, Any] = {
    "author_name": "Lucie",
    "author_email": "lucie@courriel.example",
    "author_url": "",
    "locale": "fr",
    "status": "published",
    "version": 1,
    "score": 0.01,
    "model": "baseline",
    "client": "client",
    "fingerprint": "",
    "reason": None,
    "edited_at": None,
    "member": "",
    "reports": 0,
    "search": "",
}


def make(path: Path) -> Site:
    """Make a database with one site and no comment."""
    url = f"sqlite:///{path}"
    migrate(url)
    database = Database(url)
    with database.transaction() as transaction:
        site = transaction.sites.add("filled", (), "fr", Policy(), BEGAN)
    database.close()
    return site


def thread_url(number: int) -> str:
    """Return the address of a thread: of the comments 0 to 999 it is the one of number 0."""
    return f"https://journal.example/{number}"


def fill(path: Path, site: Site, first: int, last: int) -> None:
    """Publish the comments from number `first` to before `last`, in one transaction."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        connection.execute("BEGIN")
        aside = connection.execute(ASIDE).fetchall()
        for kind, name, _ in aside:
            connection.execute(f"DROP {kind} {name}")
        _insert(connection, site, first, last)
        for _, _, definition in aside:
            connection.execute(definition)
        connection.execute(COUNT)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    print(f"\r{' ' * 40}\r", end="", file=sys.stderr, flush=True)


def _insert(connection: sqlite3.Connection, site: Site, first: int, last: int) -> None:
    names = [column.name for column in comments.c if column.name != "number"]
    places = ", ".join(f":{name}" for name in names)
    add = f"INSERT INTO comments ({', '.join(names)}) VALUES ({places})"
    for start in range(first, last, STEP):
        print(f"\r  filling: {start:9,} of {last:,}", end="", file=sys.stderr, flush=True)
        connection.executemany(add, _rows(connection, site, start, min(start + STEP, last)))


def _rows(
    connection: sqlite3.Connection, site: Site, first: int, last: int
) -> Iterator[dict[str, Any]]:
    """Yield comments: of each four one begins a conversation, and the next answer one another."""
    thread, root, previous = 0, "", None
    for number in range(first, last):
        moment = BEGAN + timedelta(seconds=number)
        identifier, stored = new_id(moment), moment.strftime("%Y-%m-%d %H:%M:%S.%f")
        if number % THREAD_SIZE == 0:
            url = thread_url(number // THREAD_SIZE)
            values = (site.id, url, digest(url), stored)
            thread = connection.execute(ADD_THREAD, values).lastrowid or 0
        if number % CONVERSATION_SIZE == 0:
            root, previous = identifier, None
        text = TEXT.format(n=number)
        yield ROW | {
            "id": identifier,
            "site_id": site.id,
            "thread_id": thread,
            "parent_id": previous,
            "root_id": root,
            "text": text,
            "html": f"<p>{text}</p>",
            "created_at": stored,
        }
        previous = identifier
