"""The page that is commented on, known by its normalised address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

MAXIMUM_URL = 2000
TRACKING = ("utm_", "mtm_", "pk_")
TRACKING_NAMES = frozenset({"fbclid", "gclid", "msclkid", "dclid", "yclid", "twclid", "xtor"})
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Thread:
    """One page and since when it has comments."""

    id: int
    site_id: int
    url: str
    title: str
    created_at: datetime

    def is_closed(self, now: datetime, close_after: timedelta | None) -> bool:
        """Tell whether the page is too old to take comments."""
        return close_after is not None and now - self.created_at >= close_after


def normalise_url(url: str) -> str:
    """Return the one address that stands for `url` and its many spellings.

    Scheme and host in lower case (host as IDNA), default port, fragment, tracking parameters
    and a trailing slash removed, the other parameters sorted, percent-encoding made uniform
    (RFC 3986, section 6.2.2).

    Raises:
        ValueError: it is not an absolute http(s) address of at most 2,000 characters.
    """
    if len(url) > MAXIMUM_URL or not url.isprintable():
        raise ValueError("too long, or not printable")
    parts = urlsplit(url.strip())
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        raise ValueError("not an absolute http(s) address")
    path = quote(unquote(parts.path, errors="strict"), safe="/:@!$&'()*+,;=~-._").rstrip("/")
    normal = SplitResult(parts.scheme, _authority(parts), path, _query(parts.query), "").geturl()
    if len(normal) > MAXIMUM_URL:
        raise ValueError("too long")
    return normal


def origin_of(url: str) -> str:
    """Return scheme://host[:port] of `url`, as browsers send it in Origin.

    Raises:
        ValueError: it is not an absolute http(s) address.
    """
    parts = urlsplit(normalise_url(url))
    return f"{parts.scheme}://{parts.netloc}"


def _authority(parts: SplitResult) -> str:
    host = _host(parts.hostname or "")
    port = parts.port
    return host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    host = name.rstrip(".").encode("idna").decode("ascii").lower()
    if not host:
        raise ValueError("no host")
    return host


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    kept = (p for p in pairs if not p[0].startswith(TRACKING) and p[0] not in TRACKING_NAMES)
    return urlencode(sorted(kept))
