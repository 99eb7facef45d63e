"""Proof of work: the reader's machine answers, the reader does nothing.

A default challenge takes at most 160 tries of version 2, half as many on average: 0.7 s at most on
a low-end phone (benchmarks/captcha_work.py says how that is estimated). Browsers derive keys in
native code, so a bot is hardly faster than a reader, try for try; it has better machines, and no
one waiting. Of version 1 not even that is true: in native code its whole search takes some
milliseconds.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from moderation.captcha.altcha_format import AltchaKeys, decode
from moderation.captcha.spent import SpentChallenges
from moderation.captcha.token import Ticket
from moderation.domain.challenge import Redemption
from moderation.domain.site import Site
from moderation.errors import CaptchaExpired, CaptchaFailed, StoreUnavailable

TRIES = 160
TRIES_V1 = 10_000
HIGHEST_MULTIPLIER = 16


class ProofOfWork:
    """Issues challenges for machines and redeems what they worked out, each once.

    Nothing is stored until work is redeemed. One object serves any number of threads.

    Args:
        secrets: newest first; the newest signs, all are known.
        spent: remembers what was burnt.
        clock: tells the time in UTC.
        random: draws identifiers; `random.SystemRandom` outside tests.
        lifetime: of a challenge, cut to whole seconds.
    """

    def __init__(
        self,
        secrets: Sequence[bytes],
        spent: SpentChallenges,
        clock: Callable[[], datetime],
        random: Random,
        lifetime: timedelta = timedelta(minutes=5),
    ) -> None:
        if not secrets or not all(secrets):
            raise ValueError("proof of work needs at least one secret, and none that is empty")
        self._keys = [AltchaKeys.of(secret) for secret in secrets]
        self._spent = spent
        self._clock = clock
        self._random = random
        self._lifetime = lifetime

    def issue(self, site: Site, multiplier: int = 1) -> dict[str, Any]:
        """Return a challenge of version 2, as JSON.

        Issuing costs one try's derivation, whatever the `multiplier` (1 to 16) of the reader's.
        """
        return self._keys[0].challenge(self._ticket(site), TRIES * _bounded(multiplier))

    def issue_v1(self, site: Site, multiplier: int = 1) -> dict[str, Any]:
        """Return a challenge of version 1, as JSON."""
        tries = TRIES_V1 * _bounded(multiplier)
        number = self._random.randrange(tries)
        return self._keys[0].challenge_v1(self._ticket(site), tries, number)

    def redeem(self, site: Site, payload: str) -> Redemption:
        """Take in the work done for a challenge, and burn the challenge.

        Work that is not done burns nothing: there is nothing to guess. While Redis is away, work
        that is done is redeemed with `is_single_use` False.

        Raises:
            CaptchaFailed: the work is not done, or the challenge is not for this site, or not ours.
            CaptchaExpired: it was done too late.
            CaptchaReplayed: it was redeemed before.
        """
        ticket = self.read(payload, site)
        try:
            self.spend(ticket)
            is_single_use = True
        except StoreUnavailable:
            is_single_use = False
        return Redemption(
            ticket.id,
            ticket.site,
            ticket.issued_at,
            ticket.expires_at,
            is_single_use,
            has_timing=False,
        )

    def read(self, payload: str, site: Site | None = None) -> Ticket:
        """Verify the work in a payload and return whose challenge it was for; burn nothing.

        Raises:
            CaptchaFailed, CaptchaExpired: as in `redeem`.
        """
        ticket = self._verify(payload)
        if site is not None and ticket.site != site.key:
            raise CaptchaFailed("the challenge was made for another site")
        if self._clock() >= ticket.expires_at:
            raise CaptchaExpired("the challenge has expired")
        return ticket

    def spend(self, ticket: Ticket) -> None:
        """Burn a challenge.

        Raises:
            CaptchaReplayed: it was burnt before.
            StoreUnavailable: Redis is away; nothing is known.
        """
        self._spent.spend(ticket.id, ticket.site, ticket.expires_at, self._clock())

    def _ticket(self, site: Site) -> Ticket:
        now = self._clock()
        return Ticket(self._random.randbytes(16).hex(), site.key, now, now + self._lifetime)

    def _verify(self, payload: str) -> Ticket:
        try:
            content = decode(payload)
            ticket = next(filter(None, (keys.verify(content) for keys in self._keys)), None)
        except RecursionError as error:
            raise CaptchaFailed("the payload is nested too deeply") from error
        if ticket is None:
            raise CaptchaFailed("the work is not done, or the challenge was not signed here")
        return ticket


def _bounded(multiplier: int) -> int:
    return min(max(multiplier, 1), HIGHEST_MULTIPLIER)
