"""Readers whom the site itself has signed in: a JSON Web Token (RFC 7519) from its backend.

The site signs it with its secret (HS256). The claims are those of OpenID Connect, and `trusted`:

    {"sub": "4711", "name": "Lucie", "email": "…", "email_verified": true, "trusted": true,
     "aud": "<site key>", "exp": 1790000000}
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import jwt

from moderation.domain.member import Member
from moderation.domain.site import Site
from moderation.errors import InvalidRequest

ALGORITHM = "HS256"
REQUIRED = ("sub", "name", "aud", "exp")
BEGINNINGS = ("iat", "nbf")
CLOCKS_DIFFER = timedelta(seconds=30)
LONGEST_ID = 255
LONGEST_NAME = 80
LONGEST_EMAIL = 254


def read_identity(token: str, site: Site, now: datetime) -> Member:
    """Return whom the site vouches for.

    Raises:
        InvalidRequest: the token was not signed with the site's secret, was made for another
            site, is not valid yet or any more, or lacks a claim.
    """
    try:
        claims = jwt.decode(
            token,
            site.secret,
            algorithms=[ALGORITHM],
            audience=site.key,
            options={
                "require": list(REQUIRED),
                "verify_exp": False,  # the library knows the machine's clock alone
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        begins_at, expires_at = _validity(claims)
        member = _member(claims)
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError) as error:
        raise InvalidRequest.at("/identity", "identity_invalid") from error
    moment, leeway = now.timestamp(), CLOCKS_DIFFER.total_seconds()
    if moment >= expires_at + leeway:
        raise InvalidRequest.at("/identity", "identity_expired")
    if moment < begins_at - leeway:
        raise InvalidRequest.at("/identity", "identity_invalid")
    return member


def _validity(claims: Mapping[str, Any]) -> tuple[float, float]:
    """Return from when and until when a token is valid, in seconds since 1970."""
    begins = [_seconds(claims[name]) for name in BEGINNINGS if name in claims]
    return max(begins, default=0.0), _seconds(claims["exp"])


def _member(claims: Mapping[str, Any]) -> Member:
    is_verified = claims.get("email_verified") is True
    return Member(
        id=_line(claims["sub"], LONGEST_ID),
        name=_line(claims["name"], LONGEST_NAME),
        email=_line(claims["email"], LONGEST_EMAIL) if is_verified and "email" in claims else "",
        is_trusted=claims.get("trusted") is True,
    )


def _line(value: Any, longest: int) -> str:
    """Return a claim that is a line of at most `longest` characters, and not empty.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise ValueError("not a line of text")
    if not value.strip():
        raise ValueError("empty")
    return value.strip()


def _seconds(value: Any) -> float:
    """Return a claim that is a number of seconds (RFC 7519, NumericDate).

    Raises:
        ValueError: it is not.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(value):
        raise ValueError("not a number of seconds")
    return float(value)
