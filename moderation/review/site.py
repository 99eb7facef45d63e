"""What a site is called and where it stands: changed with an entry in the audit.

Only operators do this, on the machine itself. A site's keys never change: they are in its pages.
"""

from datetime import datetime
from typing import Any

from moderation.domain.audit import OPERATOR, Kind, Note
from moderation.domain.site import Site
from moderation.review.policy import differences
from moderation.storage.transaction import Transaction


def change_site(
    transaction: Transaction, site: Site, now: datetime, **wanted: str | list[str]
) -> Site:
    """Give a site another `name`, other `origins`, another `locale`; what stands so is no change.

    Raises:
        InvalidRequest: another site has this name.
    """
    transaction.audit.queue_up(site.id)  # one at a time: "from" is what it really was
    changes = differences(_plain(transaction.sites.by_id(site.id)), wanted)
    if changes:
        transaction.sites.change(site.id, **wanted)
        note = Note(Kind.POLICY, OPERATOR, None, now, {"changes": changes})
        transaction.audit.append(site.id, note)
    return transaction.sites.by_id(site.id)


def _plain(site: Site) -> dict[str, Any]:
    return {"name": site.name, "origins": list(site.origins), "locale": site.locale}
