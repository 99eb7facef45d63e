"""Claims, batches, decisions that take others back, and the audit's chain.

Decisions from before enter the chain as they are; where the comment stood before them was not
kept, so they cannot be taken back.
"""

import hashlib
import json
from itertools import groupby
from typing import Any

from alembic import op
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Row,
    Text,
    bindparam,
    text,
)

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Moment = DateTime(timezone=True)
STEP = 1000
APPEND_ONLY = ("batches", "audit")
# INSERT OR REPLACE, which SQLite carries out without asking the triggers on DELETE.
REPLACING = (
    """
    CREATE TRIGGER decisions_keep_replace BEFORE INSERT ON decisions WHEN EXISTS (
        SELECT 1 FROM decisions WHERE id = new.id OR undoes = new.undoes
            OR (comment_id = new.comment_id AND from_version = new.from_version)
    ) BEGIN SELECT raise(ABORT, 'decisions are append-only'); END
    """,
    """
    CREATE TRIGGER batches_keep_replace BEFORE INSERT ON batches WHEN EXISTS (
        SELECT 1 FROM batches WHERE id = new.id OR undoes = new.undoes
    ) BEGIN SELECT raise(ABORT, 'batches: append-only'); END
    """,
    """
    CREATE TRIGGER audit_keep_replace BEFORE INSERT ON audit WHEN EXISTS (
        SELECT 1 FROM audit WHERE site_id = new.site_id AND number = new.number
    ) BEGIN SELECT raise(ABORT, 'audit: append-only'); END
    """,
)
DECIDED = text(
    """
    SELECT id, site_id, comment_id, verdict, reason, note, moderator, key_id, from_version,
        created_at
    FROM decisions ORDER BY site_id, id
    """
).columns(created_at=Moment)
ADD = text(
    """
    INSERT INTO audit (site_id, number, kind, moderator, comment_id, line, hash, created_at)
    VALUES (:site_id, :number, 'decision', :moderator, :comment_id, :line, :hash, :created_at)
    """
).bindparams(bindparam("created_at", type_=Moment))


def upgrade() -> None:
    """Make the tables, widen the ones that are there, and chain what was decided before."""
    _make_claims()
    _widen_decisions()
    _make_batches()
    _make_audit()
    _index_comments()
    _chain()
    for table in APPEND_ONLY:
        _keep(table)
    if op.get_bind().dialect.name == "sqlite":
        for statement in REPLACING:
            op.execute(statement)


def _make_claims() -> None:
    op.create_table(
        "claims",
        Column("comment_id", Text, nullable=False),
        Column("key_id", Integer, nullable=False),
        Column("expires_at", Moment, nullable=False),
        PrimaryKeyConstraint("comment_id", name="claims_pk"),
        _refers("claims", "comment_id", "comments.id"),
        _refers("claims", "key_id", "keys.id"),
        sqlite_with_rowid=False,
    )
    op.create_index("claims_by_key", "claims", ["key_id"])
    op.create_index("claims_by_time", "claims", ["expires_at"])


def _widen_decisions() -> None:
    for name in ("from_status", "undoes", "batch_id"):
        op.add_column("decisions", Column(name, Text))
    _index("decisions", "decisions_by_batch", "batch_id", where="batch_id IS NOT NULL")
    _index("decisions", "decisions_undone_once", "undoes", where="undoes IS NOT NULL", unique=True)


def _make_batches() -> None:
    op.create_table(
        "batches",
        Column("id", Text, nullable=False),
        Column("site_id", Integer, nullable=False),
        Column("verdict", Text),
        Column("reason", Text),
        Column("note", Text, nullable=False),
        Column("moderator", Text, nullable=False),
        Column("key_id", Integer, nullable=False),
        Column("n", Integer, nullable=False),
        Column("undoes", Text),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("id", name="batches_pk"),
        _refers("batches", "site_id", "sites.id"),
        _refers("batches", "key_id", "keys.id"),
    )
    op.create_index("batches_by_site", "batches", ["site_id", "id"])
    _index("batches", "batches_undone_once", "undoes", where="undoes IS NOT NULL", unique=True)


def _index_comments() -> None:
    """Index what only moderators look for, and only where they do: readers' comments stay cheap."""
    _index("comments", "comments_by_member", "site_id", "member", "status", where="member <> ''")
    kept = "status <> 'published'"
    _index("comments", "comments_kept_by_thread", "thread_id", "status", "id", where=kept)
    _index("comments", "comments_kept_by_client", "site_id", "client", "id", where=kept)
    op.drop_index("comments_by_reports", "comments")
    reported = ("site_id", "status", "reports", "id")
    _index("comments", "comments_by_reports", *reported, where="reports > 0")
    _index("comments", "comments_reported", "site_id", "status", "id", where="reports > 0")
    op.drop_index("comments_by_status", "comments")
    seen = ["site_id", "status", "id", "score", "locale"]  # what a queue is filtered by
    op.create_index("comments_by_status", "comments", seen)


def _make_audit() -> None:
    op.create_table(
        "audit",
        Column("site_id", Integer, nullable=False),
        Column("number", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("moderator", Text, nullable=False),
        Column("comment_id", Text),
        Column("line", Text, nullable=False),
        Column("hash", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        PrimaryKeyConstraint("site_id", "number", name="audit_pk"),
        _refers("audit", "site_id", "sites.id"),
        sqlite_with_rowid=False,
    )
    by_name = ["site_id", "moderator", "created_at", "number", "kind"]
    op.create_index("audit_by_moderator", "audit", by_name)
    by_time = ["site_id", "created_at", "number"]
    op.create_index("audit_by_time", "audit", by_time)
    _index("audit", "audit_undecided", *by_time, where="kind <> 'decision'")


def _chain() -> None:
    """Give every decision of before its entry, site by site, in the order they were made."""
    connection = op.get_bind()
    keys = {row.id: row.key for row in connection.execute(text("SELECT id, key FROM sites"))}
    for site_id, decided in groupby(connection.execute(DECIDED).all(), lambda row: row.site_id):
        entries, previous = [], "0" * 64
        for number, row in enumerate(decided, 1):
            line = _line(number, previous, keys[site_id], row)
            previous = hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()
            entries.append(
                {
                    "site_id": site_id,
                    "number": number,
                    "moderator": row.moderator,
                    "comment_id": row.comment_id,
                    "line": line,
                    "hash": previous,
                    "created_at": row.created_at,
                }
            )
        for start in range(0, len(entries), STEP):
            connection.execute(ADD, entries[start : start + STEP])


def _line(number: int, previous: str, site: str, row: Row[Any]) -> str:
    content = {
        "number": number,
        "previous": previous,
        "site": site,
        "kind": "decision",
        "created_at": row.created_at.isoformat(timespec="milliseconds")[:23] + "Z",
        "moderator": row.moderator,
        "key": row.key_id,
        "id": row.id,
        "comment": row.comment_id,
        "verdict": row.verdict,
        "reason": row.reason,
        "note": row.note,
        "from_version": row.from_version,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _keep(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_keep_{verb.lower()} BEFORE {verb} ON {table} BEGIN "
                f"SELECT raise(ABORT, '{table}: append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION refuse_change_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{table}: append-only' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_{table}()"
    )


def _index(table: str, name: str, *columns: str, where: str, unique: bool = False) -> None:
    condition = text(where)
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _refers(table: str, column: str, target: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [target], name=f"{table}_{column}_fk")
