"""The only place that constructs; holds what was built."""

import random
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from redis import ConnectionPool, Redis

from moderation.blocking.fence import Fence
from moderation.breaker import Breaker, connect
from moderation.captcha.desk import Captcha
from moderation.captcha.friction import Friction
from moderation.captcha.speech import Voice
from moderation.captcha.spent import SpentChallenges
from moderation.config import Settings, Switch
from moderation.domain.site import Site
from moderation.errors import UnknownSite
from moderation.learning.models import Models
from moderation.mail import Mail
from moderation.review.receipt import ReportTokens
from moderation.spam import SpamModel, fold, signing_keys
from moderation.storage.database import Database
from moderation.submission.case import Check
from moderation.submission.checks.blocked import blocked
from moderation.submission.checks.blocked_words import BlockedWords
from moderation.submission.checks.captcha_unverified import captcha_unverified
from moderation.submission.checks.duplicate import duplicate
from moderation.submission.checks.first_comment import first_comment
from moderation.submission.checks.honeypot import honeypot
from moderation.submission.checks.links import too_many_links
from moderation.submission.checks.spam_score import spam_score
from moderation.submission.checks.too_fast import too_fast
from moderation.submission.receipt import EditTokens
from moderation.submission.submit import Desk
from moderation.webhooks.addresses import Addresses
from moderation.webhooks.deliver import Sender
from moderation.webhooks.transport import Transport

Clock = Callable[[], datetime]

SITE_SECONDS = 1.0
LONGEST_KEY = 64


class SiteDirectory:
    """Sites by public key, remembered for a second: every request asks."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, tuple[float, Site]] = {}

    def by_key(self, key: str) -> Site:
        """Return the site with this public key.

        Raises:
            UnknownSite: there is none.
        """
        if not (key.isascii() and key.isprintable() and len(key) <= LONGEST_KEY):
            raise UnknownSite("not a key")
        read_at, site = self._known.get(key, (float("-inf"), None))
        if site is None or self._clock() - read_at >= SITE_SECONDS:
            with self._database.read() as memory:
                site = memory.sites.by_key(key)
            self._known[key] = (self._clock(), site)
        return site


class Fences:
    """Blocks by site, arranged and remembered for a second: every comment asks."""

    def __init__(
        self,
        database: Database,
        fold: Callable[[str], str],
        now: Clock,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._fold = fold
        self._now = now
        self._clock = clock
        self._known: dict[int, tuple[float, Fence | None]] = {}

    def of(self, site_id: int) -> Fence | None:
        """Return what the site with this number blocks, None for nothing."""
        read_at, fence = self._known.get(site_id, (float("-inf"), None))
        if self._clock() - read_at >= SITE_SECONDS:
            with self._database.read() as memory:
                blocks = memory.blocks.in_force(site_id, self._now())
            fence = Fence(blocks, self._fold) if blocks else None
            self._known[site_id] = (self._clock(), fence)
        return fence

    def forget(self, site_id: int) -> None:
        """Read a site's blocks anew the next time: they have just been changed here."""
        self._known.pop(site_id, None)


@dataclass(frozen=True)
class Services:
    """What the views and the worker use.

    Attributes:
        addresses: which addresses webhooks may lead to.
        mail: None where no mail server is set.
        client_secret: keys the hash that stands for a reader's address.
    """

    settings: Settings
    clock: Clock
    database: Database
    sites: SiteDirectory
    redis_pool: ConnectionPool
    breaker: Breaker
    captcha: Captcha
    friction: Friction
    model: SpamModel
    models: Models
    desk: Desk
    addresses: Addresses
    sender: Sender
    mail: Mail | None
    fences: Fences
    report_tokens: ReportTokens
    client_secret: bytes = field(repr=False)

    @property
    def limits_are_on(self) -> bool:
        """Tell whether anybody is limited."""
        return self.settings.limits is Switch.ON

    def close(self) -> None:
        """Let go of every connection."""
        self.redis_pool.disconnect()
        self.database.close()


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def build_services(
    settings: Settings, clock: Clock = now, randomness: random.Random | None = None
) -> Services:
    """Build everything from `settings`; nothing is connected before it is used."""
    keys = signing_keys(settings.data)
    database = open_database(settings)
    breaker = Breaker()
    pool = connect(settings.redis_url.get_secret_value(), settings.redis_timeout_ms / 1000, breaker)
    randomness = randomness or secrets.SystemRandom()
    friction = Friction(Redis(connection_pool=pool), clock)
    captcha = Captcha(
        [_purpose(key, b"captcha") for key in keys],
        SpentChallenges(Redis(connection_pool=pool)),
        clock,
        randomness,
        settings.challenge_lifetime,
        Voice(),
        friction,
    )
    addresses = Addresses(allow_private=settings.webhook_allow_private)
    model = SpamModel(settings.models, keys)
    fences = Fences(database, fold, clock)
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        sites=SiteDirectory(database),
        redis_pool=pool,
        breaker=breaker,
        captcha=captcha,
        friction=friction,
        model=model,
        models=Models(settings.models, keys),
        desk=_desk(database, captcha, model, fences, keys),
        addresses=addresses,
        sender=Sender(database, Transport(addresses), clock, randomness),
        mail=open_mail(settings),
        fences=fences,
        report_tokens=ReportTokens([_purpose(key, b"report") for key in keys]),
        client_secret=_purpose(keys[0], b"client"),
    )


def _desk(
    database: Database, captcha: Captcha, model: SpamModel, fences: Fences, keys: Sequence[bytes]
) -> Desk:
    return Desk(
        database=database,
        captcha=captcha,
        model=model,
        checks=suspicions(),
        edit_tokens=EditTokens([_purpose(key, b"edit") for key in keys]),
        fold=fold,
        fence_of=fences.of,
    )


def open_database(settings: Settings) -> Database:
    """Return the database alone, for commands that need nothing else."""
    timeout = timedelta(milliseconds=settings.database_timeout_ms)
    return Database(settings.database_address, busy_timeout=timeout)


def open_models(settings: Settings) -> Models:
    """Return the model registry alone, for commands."""
    return Models(settings.models, signing_keys(settings.data))


def open_mail(settings: Settings) -> Mail | None:
    """Return what sends mail, None where no mail server is set."""
    url = settings.smtp_url.get_secret_value()
    return Mail(url, settings.mail_from) if url else None


def open_model(settings: Settings) -> SpamModel:
    """Return the champion alone, for commands."""
    return SpamModel(settings.models, signing_keys(settings.data))


def suspicions() -> Sequence[Check]:
    """Return the checks in the order their findings are told."""
    return (
        spam_score,
        too_many_links,
        BlockedWords(fold),
        blocked,
        duplicate,
        honeypot,
        too_fast,
        first_comment,
        captcha_unverified,
    )


def _purpose(key: bytes, purpose: bytes) -> bytes:
    """Derive a key that is good for one purpose alone."""
    return sha256(purpose + b"\x00" + key).digest()
