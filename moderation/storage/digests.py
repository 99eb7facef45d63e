"""Digests: who wants one, and what there is to say about a site."""

from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from moderation.domain.comment import Status
from moderation.domain.decision import Reason
from moderation.domain.digest import Digest, Recipient
from moderation.domain.identifier import first_id
from moderation.storage.audit import Audit
from moderation.storage.counts import Counts
from moderation.storage.tables.comments import comments, reports
from moderation.storage.tables.decisions import decisions
from moderation.storage.tables.sites import keys, people, sites

RECIPIENTS = (
    select(people.c.id, people.c.email, sites.c.id.label("site_id"), sites.c.name, sites.c.locale)
    .distinct()
    .join(keys, keys.c.person_id == people.c.id)
    .join(sites, sites.c.id == keys.c.site_id)
    .where(
        people.c.wants_digest.is_(True),
        people.c.disabled_at.is_(None),
        keys.c.revoked_at.is_(None),
        or_(keys.c.expires_at.is_(None), keys.c.expires_at > bindparam("now")),
    )
    .order_by(people.c.id, sites.c.id)
)
IS_OURS = comments.c.site_id == bindparam("site_id")
OLDEST = (
    select(comments.c.created_at)
    .where(IS_OURS, comments.c.status == Status.HELD.value)
    .order_by(comments.c.id)
    .limit(1)
)
N_REPORTED = select(func.count()).select_from(comments).where(IS_OURS, comments.c.reports > 0)
N_ILLEGAL = (
    select(func.count())
    .select_from(reports)
    .join(comments, comments.c.id == reports.c.comment_id)
    .where(
        IS_OURS,
        comments.c.reports > 0,
        reports.c.reason == Reason.ILLEGAL_CONTENT.value,
        reports.c.resolved_at.is_(None),
    )
)
N_DECIDED = (
    select(func.count())
    .select_from(decisions)
    .where(
        decisions.c.site_id == bindparam("site_id"),
        decisions.c.id >= bindparam("first"),
        decisions.c.id < bindparam("end"),
        decisions.c.key_id.is_not(None),
    )
)


class Digests:
    """What a newsroom is told once a day."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def recipients(self, now: datetime) -> tuple[Recipient, ...]:
        """Return who wants a digest, once for each site they have a key of."""
        found = self._connection.execute(RECIPIENTS, {"now": now})
        return tuple(Recipient(*row) for row in found)

    def of_site(self, site_id: int, since: datetime, until: datetime) -> Digest:
        """Return what there is to say about a site, with the decisions of that time."""
        site = {"site_id": site_id}
        return Digest(
            waiting=Counts(self._connection).of_site(site_id)[Status.HELD],
            oldest=self._connection.execute(OLDEST, site).scalar(),
            reported=self._number(N_REPORTED, **site),
            illegal=self._number(N_ILLEGAL, **site),
            decided=self._number(N_DECIDED, **site, first=first_id(since), end=first_id(until)),
            last=Audit(self._connection).last(site_id),
        )

    def _number(self, statement: Select[int], **values: object) -> int:
        return int(self._connection.execute(statement, values).scalar_one())
