"""The latest comments of a site, read lightly: what was written and who sent it, no findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Subquery, bindparam, select, union_all

from moderation.domain.block import Writing
from moderation.domain.comment import JUDGED, Author, Status
from moderation.domain.finding import Verdict
from moderation.domain.identifier import first_id
from moderation.storage.decision_rows import stands_by_a_person
from moderation.storage.listing import stands_at
from moderation.storage.tables.comments import comments
from moderation.storage.tables.decisions import decisions

CHUNK = 500  # both databases bound how many values one statement may hold
LIGHT = ("id", "status", "author_name", "author_email", "author_url", "text", "member", "client")
PUBLISHED_BY_PEOPLE = (
    select(comments.c.id)
    .join(decisions, decisions.c.comment_id == comments.c.id)
    .where(
        comments.c.id.in_(bindparam("ids", expanding=True)),
        comments.c.status == Status.PUBLISHED.value,
        decisions.c.verdict == Verdict.PUBLISH.value,
        *stands_by_a_person(decisions),
    )
    .distinct()
)


def _latest(status: Status) -> Subquery:
    """Each status is asked for by itself, because the index is made so."""
    return (
        select(comments.c.id)
        .where(
            comments.c.site_id == bindparam("site_id"),
            stands_at(status),
            comments.c.id >= bindparam("border"),
        )
        .order_by(comments.c.id.desc())
        .limit(bindparam("most"))
        .subquery()
    )


LATEST = (
    select(*(comments.c[name] for name in LIGHT))
    .where(comments.c.id.in_(union_all(*(select(_latest(status)) for status in JUDGED))))
    .order_by(comments.c.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Light:
    """A comment as `recent` reads it."""

    id: str
    status: Status
    writing: Writing


class Recent:
    """Comments of the last while, withdrawn ones left out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, site_id: int, moment: datetime, most: int) -> list[Light]:
        """Return the comments received at `moment` or later, newest first, `most` at most."""
        values = {"site_id": site_id, "border": first_id(moment), "most": most}
        return [
            Light(
                row.id,
                Status(row.status),
                Writing(
                    Author(row.author_name, row.author_email, row.author_url),
                    row.text,
                    row.member,
                    row.client,
                ),
            )
            for row in self._connection.execute(LATEST, values)
        ]

    def published_by_people(self, ids: Sequence[str]) -> int:
        """Count which of some comments are published because a person decided so."""
        chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
        return sum(
            len(self._connection.execute(PUBLISHED_BY_PEOPLE, {"ids": list(chunk)}).all())
            for chunk in chunks
        )
