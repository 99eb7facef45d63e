"""What a reader gets back: whether the comment is public, and a token to edit it with."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from moderation.domain.comment import Comment

SALT = b"moderation.edit-token"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The reader's view of a decision: a rejected comment looks like a held one.

    Attributes:
        comment: as it was kept.
        is_published: everybody saw the comment when it was taken in.
        edit_token: opens this comment alone, for its author.
    """

    comment: Comment
    is_published: bool
    edit_token: str = field(repr=False)


class EditTokens:
    """Signs and verifies edit tokens; nothing is stored."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._secrets = tuple(secrets)

    def sign(self, comment_id: str) -> str:
        """Return the edit token of a comment."""
        return f"edit_{_signature(self._secrets[0], comment_id)}"

    def verify(self, comment_id: str, token: str) -> bool:
        """Tell whether `token` is the comment's, under any secret in use."""
        given = token.encode("utf-8", "replace")
        return any(
            hmac.compare_digest(f"edit_{_signature(secret, comment_id)}".encode(), given)
            for secret in self._secrets
        )


def _signature(secret: bytes, comment_id: str) -> str:
    digest = hmac.digest(secret, SALT + comment_id.encode(), sha256)
    return urlsafe_b64encode(digest[:24]).decode()
