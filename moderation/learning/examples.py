"""People's decisions as training data: one row for each comment, by their latest decision."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision, Label
from moderation.domain.moment import moment
from moderation.storage.database import Database

Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Export:
    """What was written for a training.

    Attributes:
        spam: rows that say spam.
        ham: rows that say it is none.
        seen_until: moment of the latest decision; None without rows.
    """

    spam: int
    ham: int
    seen_until: datetime | None


def row_of(decision: Decision, comment: Comment) -> Row:
    """Return a decision as training data; its label says what it teaches, if anything."""
    return {
        "id": comment.id,
        "text": comment.text,
        "label": Label.of(decision.verdict, decision.reason).value,
        "lang": comment.locale.partition("-")[0],
        "source": "moderators",
        "author": comment.author.name,
        "url": comment.author.url,
        "reason": decision.reason.value if decision.reason else None,
        "created_at": moment(comment.created_at),
        "decided_at": moment(decision.created_at),
    }


def export(database: Database, path: Path) -> Export:
    """Write the rows of all sites to the new file `path`, which its owner alone can read."""
    spam = rows = 0
    latest: datetime | None = None
    with _private(path) as file, database.read() as memory:
        for decision, comment in memory.labels.since():
            row = row_of(decision, comment)
            if row["label"] == Label.OTHER:
                continue
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            rows, spam = rows + 1, spam + (row["label"] == Label.SPAM)
            latest = max(latest or decision.created_at, decision.created_at)
    return Export(spam, rows - spam, latest)


def _private(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="replace")
