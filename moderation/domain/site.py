"""A site that embeds comments, and the policy its newsroom has chosen."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class CaptchaMode(StrEnum):
    """When a reader is asked for a captcha; unsure: only when the comment is not plain ham."""

    ALWAYS = "always"
    UNSURE = "unsure"
    NEVER = "never"


class CaptchaDisplay(StrEnum):
    """How the arithmetic question is shown: as text, or as a picture."""

    TEXT = "text"
    IMAGE = "image"


class CaptchaLevel(StrEnum):
    """How the arithmetic question is put: result blank, or an operand blank too."""

    NORMAL = "normal"
    HARD = "hard"


class Moderation(StrEnum):
    """Whether a newcomer's first comment waits for a person (pre) or not (post)."""

    PRE = "pre"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a site decides for itself; every field has a default that works.

    Attributes:
        hold_above: spam probability in [0, 1] from which a comment waits for a moderator;
            None takes the threshold recorded in the model.
        reject_above: the same for a rejection; None takes the model's.
        captcha: when a captcha is asked for.
        captcha_level: how hard the question is.
        captcha_display: how it is shown.
        moderation: pre- or post-moderation.
        comments_per_client: rate limits of one reader's address, in Flask-Limiter notation.
        comments_per_site: rate limit of the whole site.
        challenges_per_client: rate limit on new questions for one address.
        maximum_links: links a comment may hold before it waits.
        blocked_words: words and phrases that make a comment wait.
        minimum_answer: time below which nobody can have read and answered the question.
        close_after: age of a thread from which it takes no more comments; None never closes.
        edit_window: time in which an author may change or withdraw a comment; 0 for never.
        hold_after_reports: readers whose reports make a comment wait, unless a person has
            decided about it; None for any number.
        two_person_rule: a rejection for illegal content needs a second moderator; until then the
            comment waits.
        trust_after: published comments after which a member, vouched for by the site, is no
            newcomer any more on a pre-moderated site; None: an e-mail address with a published
            comment is enough, which anybody may type.
    """

    hold_above: float | None = None
    reject_above: float | None = None
    captcha: CaptchaMode = CaptchaMode.ALWAYS
    captcha_level: CaptchaLevel = CaptchaLevel.NORMAL
    captcha_display: CaptchaDisplay = CaptchaDisplay.TEXT
    moderation: Moderation = Moderation.POST
    comments_per_client: str = "5 per minute; 60 per hour"
    comments_per_site: str = "600 per minute"
    challenges_per_client: str = "30 per minute"
    maximum_links: int = 2
    blocked_words: tuple[str, ...] = ()
    minimum_answer: timedelta = timedelta(milliseconds=500)
    close_after: timedelta | None = None
    edit_window: timedelta = timedelta(minutes=15)
    hold_after_reports: int | None = 5
    two_person_rule: bool = False
    trust_after: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One site and its keys.

    Attributes:
        id: number in the database, never shown.
        name: unique among sites, for people.
        key: public key, in every page of the site.
        secret: shared with the site's backend only.
        akismet_key: 12 characters, as Akismet's clients want it.
        origins: scheme://host[:port] of the pages that may use the public key.
        locale: language tag of the site's readers ("fr", "fr-BE", "en"…).
    """

    id: int
    name: str
    key: str
    secret: str = field(repr=False)
    akismet_key: str = field(repr=False)
    origins: tuple[str, ...]
    locale: str
    policy: Policy
