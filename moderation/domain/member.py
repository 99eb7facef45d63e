"""A reader whom the site itself has signed in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """Who is writing, as the site's backend vouches.

    Attributes:
        id: the site's own name for the account, never shown to readers.
        email: empty where the site does not tell it, or has not verified it.
        is_trusted: the site spares this person the captcha.
    """

    id: str
    name: str
    email: str = field(default="", repr=False)
    is_trusted: bool = False
