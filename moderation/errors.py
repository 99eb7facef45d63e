"""One tree of errors, each with a stable code that is part of the public API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One field of a request that cannot be accepted.

    Attributes:
        pointer: JSON Pointer (RFC 6901) to the field, empty for the whole body.
        code: name of the sentence that explains it to a person.
        data: the figures in that sentence.
    """

    pointer: str
    code: str
    data: Mapping[str, Any]


class ModerationError(Exception):
    """Base of every error this service raises deliberately.

    Attributes:
        code: stable machine name, part of the public API; never rename one.
    """

    code = "error"


class ConfigurationError(ModerationError):
    """The settings cannot be used; `problems` names every one of them at once."""

    code = "configuration"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class InvalidRequest(ModerationError):
    """The request is well-formed but a field of it cannot be accepted."""

    code = "invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{p.pointer or '/'}: {p.code}" for p in problems))
        self.problems = tuple(problems)

    @classmethod
    def at(cls, pointer: str, code: str, **data: Any) -> "InvalidRequest":
        """Return the error for a single field."""
        return cls([Problem(pointer, code, data)])


class MalformedRequest(ModerationError):
    """The body is not the JSON (or form) it should be."""

    code = "malformed"


class UnknownSite(ModerationError):
    """No site has this public key."""

    code = "unknown_site"


class OriginNotAllowed(ModerationError):
    """A browser sent the request from a page that is not on the site's list."""

    code = "origin_not_allowed"


class CaptchaFailed(ModerationError):
    """The answer is wrong, or the token was not made for this site, or not by us."""

    code = "captcha_failed"


class CaptchaExpired(ModerationError):
    """The challenge was answered too late."""

    code = "captcha_expired"


class CaptchaReplayed(ModerationError):
    """The challenge was answered before, rightly or wrongly."""

    code = "captcha_replayed"


class CaptchaRequired(ModerationError):
    """The comment is not plain ham, so it needs a captcha after all.

    Attributes:
        challenge: a question that is good for this very comment; at the border in clients' words.
    """

    code = "captcha_required"

    def __init__(self, challenge: Any) -> None:
        super().__init__("a captcha is asked for")
        self.challenge = challenge


class EditClosed(ModerationError):
    """It is too late for the author: the site's window is over."""

    code = "edit_closed"


class ThreadClosed(ModerationError):
    """The page takes no more comments."""

    code = "thread_closed"


class IdempotencyConflict(ModerationError):
    """This Idempotency-Key was used with another body."""

    code = "idempotency_conflict"


class TooManyRequests(ModerationError):
    """The caller has spent a rate limit.

    Attributes:
        retry_after: whole seconds until the next request may succeed, at least 1.
    """

    code = "too_many_requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = max(1, retry_after)


class StoreUnavailable(ModerationError):
    """A store did not answer in time; nothing was changed.

    Attributes:
        store: which one, for the log.
        retry_after: whole seconds after which it is worth trying again.
    """

    code = "unavailable"

    def __init__(self, store: str, retry_after: int = 5) -> None:
        super().__init__(f"{store} did not answer")
        self.store = store
        self.retry_after = retry_after


class NotFound(ModerationError):
    """There is nothing with this identifier among what the caller may see."""

    code = "not_found"


class Unauthenticated(ModerationError):
    """The call needs a token, and this one is missing, wrong or revoked."""

    code = "unauthenticated"


class SignInFailed(ModerationError):
    """Address, password or one-time code is wrong; which one is not told."""

    code = "sign_in_failed"


class Forbidden(ModerationError):
    """The token is good, but not for this."""

    code = "forbidden"


class StaleVersion(ModerationError):
    """Somebody decided in the meantime; `current` is the comment as it is now."""

    code = "stale_version"

    def __init__(self, current: Any) -> None:
        super().__init__("the comment has changed since it was read")
        self.current = current


class PolicyChanged(ModerationError):
    """Somebody else has saved other settings in the meantime."""

    code = "policy_changed"


class NotUndoable(ModerationError):
    """This decision or batch cannot be taken back: it is no person's, or was taken back before."""

    code = "not_undoable"


class SecondPersonNeeded(ModerationError):
    """Another moderator must confirm what this one has decided."""

    code = "second_person_needed"


class BatchTooLarge(ModerationError):
    """More comments match than one batch may change; nothing was done.

    Attributes:
        limit: how many it may.
    """

    code = "batch_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} comments")
        self.limit = limit


class AddressRefused(ModerationError):
    """The address is this machine's, or of a network that not everybody can reach."""

    code = "address_refused"


class TooManyWebhooks(ModerationError):
    """The site has as many webhooks as one may have.

    Attributes:
        limit: how many that is.
    """

    code = "too_many_webhooks"

    def __init__(self, limit: int) -> None:
        super().__init__(f"no more than {limit} webhooks")
        self.limit = limit


class AlreadyDone(ModerationError):
    """The same form was sent before; nothing was done a second time."""

    code = "already_done"


class MailRefused(ModerationError):
    """The mail server does not take this letter, however often it is sent."""

    code = "mail_refused"


class ModelUntrusted(ModerationError):
    """The version was not signed with a key of this installation, or was changed since."""

    code = "model_untrusted"


class ModelIncompatible(ModerationError):
    """The version is genuine, and this version of the classifier cannot use it."""

    code = "model_incompatible"


class NothingToRollBackTo(ModerationError):
    """No version was champion before the present one."""

    code = "nothing_to_roll_back_to"


class ChallengerWorse(ModerationError):
    """The version takes more of the comments people published for spam than the champion does.

    Attributes:
        figures: version, champion, comments, false_positives, champion_false_positives.
    """

    code = "challenger_worse"

    def __init__(self, figures: Mapping[str, Any]) -> None:
        super().__init__(
            "{version} would hold {false_positives} of the last {comments} comments people "
            "published; the champion, {champion}, holds {champion_false_positives}".format(
                **figures
            )
        )
        self.figures = figures


class NothingToLearn(ModerationError):
    """There are no decisions to train on, too few, or none since the last training."""

    code = "nothing_to_learn"


class TrainingFailed(ModerationError):
    """The training did not end with a new version, or another one is under way."""

    code = "training_failed"
