"""Everything the checks may look at, gathered before any of them runs."""

from collections.abc import Callable
from dataclasses import dataclass

from moderation.blocking.fence import Fence
from moderation.domain.challenge import Redemption
from moderation.domain.comment import Submission
from moderation.domain.finding import Finding
from moderation.domain.thread import Thread
from moderation.spam import Opinion


@dataclass(frozen=True, slots=True)
class Precedents:
    """What memory holds that bears on a submission.

    Attributes:
        thread: the page, None when this is its first comment.
        is_duplicate: the same text was sent to this site in the last day.
        is_known_author: the author is no newcomer here; only looked up where it matters.
        published: comments of this member that are published, counted no further than the site's
            policy asks; 0 where it does not ask.
        fence: the site's blocks, None for none.
    """

    thread: Thread | None
    is_duplicate: bool
    is_known_author: bool
    published: int = 0
    fence: Fence | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One submission with what is known about it.

    Attributes:
        redemption: the captcha, None where the site asks for none.
        opinion: the model's, None when no model can be trusted.
    """

    submission: Submission
    precedents: Precedents
    redemption: Redemption | None
    opinion: Opinion | None


Check = Callable[[Case], Finding | None]
