"""A digest: what a newsroom is told about its site once a day, by e-mail."""

from dataclasses import dataclass, field
from datetime import datetime

from moderation.domain.audit import Entry


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person, for one of the sites they work for.

    Attributes:
        locale: language tag of the site.
    """

    person_id: int
    email: str = field(repr=False)
    site_id: int
    site_name: str
    locale: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to say about a site.

    Attributes:
        waiting: comments that wait for a person.
        oldest: when the first of them was received.
        reported: comments whose reports no person has looked at.
        illegal: those reports of them that tell of illegal content.
        decided: decisions people made the day before.
        last: latest entry of the audit; its hash vouches for all before it.
    """

    waiting: int
    oldest: datetime | None
    reported: int
    illegal: int
    decided: int
    last: Entry | None

    @property
    def is_worth_sending(self) -> bool:
        """Tell whether it says anything."""
        return any((self.waiting, self.reported, self.illegal, self.decided))
