"""From what a request asks for to a listing of the caller's site."""

from moderation.domain.comment import Status
from moderation.storage.listing import Listing, Order
from moderation.web.api.schemas import Criteria
from moderation.web.auth import moderator, site_in_view
from moderation.web.context import services

MIDDLE = 0.5
BATCH = 50


def listing_of(asked: Criteria, *, cursor: str | None = None, limit: int = BATCH) -> Listing:
    """Return the listing that `asked` describes.

    Raises:
        NotFound: another site than the caller's was named.
    """
    return Listing(
        site_id=site_in_view(asked.site),
        status=asked.status,
        finding=asked.finding,
        reason=asked.reason,
        q=asked.q,
        author=asked.author,
        thread=asked.thread,
        language=asked.language,
        since=asked.since,
        until=asked.until,
        is_reported=asked.reported,
        batch=asked.batch,
        order=asked.order,
        pivot=pivot_of(moderator().site_key, asked.order),
        cursor=cursor,
        limit=limit,
    )


def queue(site_id: int, site_key: str, order: Order) -> Listing:
    """Return the listing of what waits on a site, in an order."""
    return Listing(
        site_id=site_id, status=Status.HELD, order=order, pivot=pivot_of(site_key, order)
    )


def pivot_of(site_key: str, order: Order) -> float:
    """Return the threshold from which a site's comments are held, where an order measures by it."""
    if order is not Order.UNCERTAIN:
        return MIDDLE
    built = services()
    own = built.sites.by_key(site_key).policy.hold_above
    champions = built.model.hold
    return next((one for one in (own, champions) if one is not None), MIDDLE)
