"""What a moderator asks the list for: read from an address or a form, and written into one."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from pydantic import ConfigDict, Field, ValidationError

from moderation.domain.comment import Status
from moderation.domain.site import Site
from moderation.errors import InvalidRequest
from moderation.storage.listing import Listing, Order
from moderation.web.api.criteria import pivot_of
from moderation.web.api.schemas import OrderField, ReasonField, StatusField
from moderation.web.console.days import Day, end_of, start_of
from moderation.web.fields import problems_of
from moderation.web.values import Cursor, Identifier, Line, PageUrl, Query

ALL = "all"
PAGE = 30
LONGEST = 6000
WORDS = ("finding", "q", "author", "language", "batch")
FILTERS = frozenset(
    ["finding", "reason", "author", "thread", "language", "since", "until", "reported", "batch"]
)


class Asked(Query):
    """What the list is narrowed to; whatever else is in the address is ignored.

    Attributes:
        status: None for every status.
        since: the first day, in the time zone of the pages.
        until: the last day, it included.
        order: None for the usual one: what waits longest first, of the rest the newest.
        cursor: where the page begins, empty for the first one.
    """

    model_config = ConfigDict(extra="ignore")

    status: StatusField | None = Status.HELD
    finding: Annotated[Line, Field(max_length=64)] = ""
    reason: ReasonField | None = None
    q: Annotated[Line, Field(max_length=200)] = ""
    author: Annotated[Line, Field(max_length=254)] = ""
    thread: PageUrl | None = None
    language: Annotated[Line, Field(max_length=35)] = ""
    since: Day | None = None
    until: Day | None = None
    reported: bool = False
    batch: Identifier = ""
    order: OrderField | None = None
    cursor: Cursor = ""

    @property
    def sorting(self) -> Order:
        """The order that is meant."""
        usual = Order.OLDEST if self.status is Status.HELD else Order.NEWEST
        return self.order or usual

    @property
    def is_usual(self) -> bool:
        """Tell whether it is all that waits, from its beginning."""
        return self == Asked()

    @property
    def narrowed(self) -> dict[str, Any]:
        """What the list is narrowed to beyond status and search, as an address says it."""
        return {name: value for name, value in self.args().items() if name in FILTERS}

    def args(self, **changes: Any) -> dict[str, Any]:
        """Return what an address must say to ask for this again, with something changed.

        A change to None takes the criterion out.
        """
        told = self.model_dump(mode="json", exclude_defaults=True)
        if "status" in told:
            told["status"] = told["status"] or ALL
        if self.reported:
            told["reported"] = "true"
        told.update(changes)
        return {name: str(value) for name, value in told.items() if value is not None}

    def written(self) -> str:
        """Return all of it as one line, for a field of a form."""
        return urlencode(self.args())


def read(given: Iterable[tuple[str, str]]) -> Asked:
    """Return what the fields of an address or a form ask for; empty ones ask for nothing.

    Raises:
        InvalidRequest: one of them cannot be read.
    """
    told: dict[str, Any] = {name: value for name, value in given if value.strip()}
    if told.get("status") == ALL:
        told["status"] = None
    try:
        return Asked.model_validate(told)
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error


def read_written(line: str) -> Asked:
    """Return what `Asked.written` wrote; the usual list where nobody could have written it."""
    try:
        return read(parse_qsl(line[:LONGEST], max_num_fields=50))
    except (InvalidRequest, ValueError):
        return Asked()


def listing_of(asked: Asked, found: Site, *, is_paged: bool = True, limit: int = PAGE) -> Listing:
    """Return the listing of a site that is asked for."""
    return Listing(
        site_id=found.id,
        status=asked.status,
        reason=asked.reason,
        thread=asked.thread,
        since=start_of(asked.since),
        until=end_of(asked.until),
        is_reported=asked.reported or None,
        order=asked.sorting,
        pivot=pivot_of(found.key, asked.sorting),
        cursor=(asked.cursor or None) if is_paged else None,
        limit=limit,
        **_words(asked),
    )


def _words(asked: Asked) -> Mapping[str, Any]:
    """Return the criteria that are words; those left empty are none."""
    return {name: getattr(asked, name) or None for name in WORDS}
