"""What somebody asks the audit for: read from an address, and written into one."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError

from moderation.domain.audit import Kind
from moderation.errors import InvalidRequest
from moderation.storage.excerpts import Excerpt
from moderation.web.console.days import Day, end_of, start_of
from moderation.web.fields import problems_of
from moderation.web.values import Cursor, Line, Query


class Asked(Query):
    """What the list is narrowed to; whatever else is in the address is ignored.

    Attributes:
        who: as the entries name them.
        since: the first day, in the time zone of the pages.
        until: the last day, it included.
        cursor: where the page begins, empty for the first one.
    """

    model_config = ConfigDict(extra="ignore")

    kind: Kind | None = None
    who: Annotated[Line, Field(max_length=254)] = ""
    since: Day | None = None
    until: Day | None = None
    cursor: Cursor = ""

    @property
    def narrowed(self) -> dict[str, str]:
        """What the list is narrowed to, as an address says it."""
        told = self.model_dump(mode="json", exclude_defaults=True, exclude={"cursor"})
        return {name: str(value) for name, value in told.items()}


def read(given: Iterable[tuple[str, str]]) -> Asked:
    """Return what the fields of an address ask for; empty ones ask for nothing.

    Raises:
        InvalidRequest: one of them cannot be read.
    """
    told: dict[str, Any] = {name: value for name, value in given if value.strip()}
    try:
        return Asked.model_validate(told)
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error


def excerpt_of(asked: Asked, site_id: int, limit: int) -> Excerpt:
    """Return the excerpt of a site's audit that is asked for."""
    return Excerpt(
        site_id,
        kind=asked.kind,
        moderator=asked.who or None,
        since=start_of(asked.since),
        until=end_of(asked.until),
        cursor=asked.cursor or None,
        limit=limit,
    )
