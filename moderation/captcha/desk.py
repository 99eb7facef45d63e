"""The captcha desk: hands out questions, takes in answers, each challenge once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from moderation.captcha.answers import read_answer
from moderation.captcha.asking import puzzle_of, question_of, seeds_of, speech_of
from moderation.captcha.drawing import draw
from moderation.captcha.friction import Friction
from moderation.captcha.proof_of_work import ProofOfWork
from moderation.captcha.speech import Voice
from moderation.captcha.spent import SpentChallenges
from moderation.captcha.token import NO_SUBJECT, ChallengeKeys, Ticket
from moderation.captcha.wording import choose_locale
from moderation.domain.challenge import Answer, Challenge, Redemption, Rendering
from moderation.domain.site import CaptchaDisplay, CaptchaLevel, Site
from moderation.errors import (
    CaptchaExpired,
    CaptchaFailed,
    InvalidRequest,
    NotFound,
    StoreUnavailable,
)


class Captcha:
    """Issues challenges and redeems their answers.

    A challenge costs no memory until it is answered. The answer burns it, right or wrong, so
    each guess takes a new challenge. One desk serves any number of threads.

    Args:
        secrets: sign the tokens, newest first.
        spent: remembers what was burnt.
        clock: tells the time in UTC; nothing a reader sends is trusted for it.
        random: draws questions and identifiers; `random.SystemRandom` outside tests.
        lifetime: of a challenge, and of a response.
        voice: reads questions aloud; None where nothing can.
        friction: knows whose challenges are to cost more; None: nobody's.

    Attributes:
        work: the challenges for machines, which share secrets, memory and clock with the others.
    """

    def __init__(
        self,
        secrets: Sequence[bytes],
        spent: SpentChallenges,
        clock: Callable[[], datetime],
        random: Random,
        lifetime: timedelta = timedelta(minutes=5),
        voice: Voice | None = None,
        friction: Friction | None = None,
    ) -> None:
        self._keys = ChallengeKeys(secrets)
        self._spent = spent
        self._clock = clock
        self._random = random
        self._lifetime = lifetime
        self._voice = voice
        self._friction = friction
        self.work = ProofOfWork(secrets, spent, clock, random, lifetime)

    def issue(
        self, site: Site, locale: str | None, subject: bytes = b"", client: str = ""
    ) -> Challenge:
        """Ask a question of the site's level, in `locale` or else in the site's; store nothing.

        A question to be shown as a picture is shown as text while it cannot also be heard: a
        picture alone would shut blind readers out.

        Args:
            site: whose policy says how hard the question is and how it is shown.
            locale: language tag of the reader.
            subject: hash of the only thing the challenge will be good for, 16 bytes; b"" for
                anything.
            client: who asks; after several failures the question is a hard one. "": nobody known.
        """
        chosen = choose_locale(locale, site.locale)
        is_spoken = self.can_speak(chosen)
        wanted = site.policy.captcha_display
        ticket = self._keys.seeded(
            replace(
                self._ticket(site.key, subject or NO_SUBJECT),
                locale=chosen,
                level=self._level(site, client),
                display=wanted if is_spoken else CaptchaDisplay.TEXT,
            )
        )
        is_text = ticket.display is CaptchaDisplay.TEXT
        return Challenge(
            token=self._keys.sign_challenge(ticket),
            locale=chosen,
            question=question_of(ticket) if is_text else None,
            speech=speech_of(ticket) if is_text else None,
            expires_at=ticket.expires_at,
            is_drawn=not is_text,
            is_spoken=is_spoken,
        )

    def issue_work(self, site: Site, client: str = "", version: int = 2) -> dict[str, Any]:
        """Return a challenge for a machine, in ALTCHA's version 1 or 2; store nothing."""
        multiplier = self._friction.multiplier(client) if self._friction and client else 1
        if self._friction:
            self._friction.issued()
        return (self.work.issue_v1 if version == 1 else self.work.issue)(site, multiplier)

    def site_of(self, token: str) -> str | None:
        """Return the public key of the site a challenge was made for, None if it is not good."""
        try:
            return self._keys.read_challenge(token, self._clock()).site
        except (CaptchaFailed, CaptchaExpired):
            return None

    def spare(self, client: str) -> bool:
        """Tell whether a client may pass unasked: not after failures, and not in a crowd.

        Whoever passes counts for the crowd as if they had been asked.
        """
        if self._friction is None:
            return True
        self._friction.issued()
        return self._friction.multiplier(client) == 1

    def can_speak(self, locale: str) -> bool:
        """Tell whether questions in `locale` can be heard."""
        return self._voice is not None and self._voice.can_speak(locale)

    def draw(self, site: Site, token: str) -> Rendering:
        """Draw the question of a challenge as SVG; nothing is burnt, and the same comes each time.

        Raises:
            CaptchaFailed, CaptchaExpired: as in `redeem`.
        """
        challenge = self._keys.read_challenge(token, self._clock(), site.key)
        picture = draw(question_of(challenge), seeds_of(challenge).drawing)
        return self._render(picture.encode(), challenge)

    def say(self, site: Site, token: str) -> Rendering:
        """Read the question of a challenge aloud, as WAV; otherwise as `draw`.

        Raises:
            CaptchaFailed, CaptchaExpired: as in `redeem`.
            NotFound: nothing here can speak the challenge's language.
            StoreUnavailable: too much is being spoken at the moment.
        """
        challenge = self._keys.read_challenge(token, self._clock(), site.key)
        if self._voice is None or not self._voice.can_speak(challenge.locale):
            raise NotFound
        sound = self._voice.say(speech_of(challenge), challenge.locale, seeds_of(challenge).speech)
        return self._render(sound, challenge)

    def redeem(self, site: Site, answer: Answer, subject: bytes = b"") -> Redemption:
        """Take in an answer, the response to an earlier one, or work done, and burn it.

        Work is good for any subject. While Redis is away nobody knows whether something was
        burnt before; a right answer is then redeemed with `is_single_use` False.

        Raises:
            CaptchaFailed: the answer is wrong, or the token is for another site or another
                subject (nothing was burnt then), or not ours.
            CaptchaExpired: the token is too old.
            CaptchaReplayed: it was burnt before, whatever the answer is now.
            InvalidRequest: the answer is no number; nothing was burnt.
        """
        if answer.altcha:
            return self.work.redeem(site, answer.altcha)
        now = self._clock()
        if answer.response:
            response = self._keys.read_response(answer.response, now, site.key)
            _check_subject(response, subject)
            return self._burn(response, now)
        challenge = self._keys.read_challenge(answer.token, now, site.key)
        _check_subject(challenge, subject)
        number = _read_number(answer, "/captcha/answer")
        redemption = self._burn(challenge, now)
        _check_answer(challenge, number)
        return redemption

    def answer(self, answer: Answer) -> str:
        """Take in the answer to a challenge and return a response to redeem later, once.

        The response is good for the subject of the challenge.

        Raises:
            StoreUnavailable: Redis is away; nobody may have two responses for one challenge.
            CaptchaFailed, CaptchaExpired, CaptchaReplayed, InvalidRequest: as in `redeem`.
        """
        now = self._clock()
        challenge = self._keys.read_challenge(answer.token, now)
        number = _read_number(answer, "/answer")
        self._spent.spend(challenge.id, challenge.site, challenge.expires_at, now)
        _check_answer(challenge, number)
        response = self._ticket(challenge.site, challenge.subject)
        return self._keys.sign_response(replace(response, issued_at=challenge.issued_at))

    def give_back(self, redemption: Redemption) -> None:
        """Let the same token be redeemed again, because what it was redeemed for failed.

        A redemption made while Redis was away burnt nothing; what stands there by now is
        somebody else's.
        """
        if redemption.is_single_use:
            self._spent.give_back(redemption.id, redemption.site)

    def _ticket(self, site: str, subject: bytes) -> Ticket:
        now = self._clock()
        identifier = self._random.randbytes(16).hex()
        return Ticket(identifier, site, now, now + self._lifetime, subject)

    def _level(self, site: Site, client: str) -> CaptchaLevel:
        if not self._friction:
            return site.policy.captcha_level
        self._friction.issued()
        return self._friction.level(site, client) if client else site.policy.captcha_level

    def _render(self, content: bytes, challenge: Ticket) -> Rendering:
        return Rendering(content, challenge.expires_at - self._clock())

    def _burn(self, ticket: Ticket, now: datetime) -> Redemption:
        try:
            self._spent.spend(ticket.id, ticket.site, ticket.expires_at, now)
            is_single_use = True
        except StoreUnavailable:
            is_single_use = False
        return Redemption(
            ticket.id, ticket.site, ticket.issued_at, ticket.expires_at, is_single_use
        )


def _check_subject(ticket: Ticket, subject: bytes) -> None:
    if not ticket.is_about(subject):
        raise CaptchaFailed("the token was made for something else")


def _check_answer(challenge: Ticket, number: int) -> None:
    if number != puzzle_of(challenge).answer:
        raise CaptchaFailed("the answer is wrong")


def _read_number(answer: Answer, pointer: str) -> int:
    number = read_answer(answer.answer)
    if number is None:
        raise InvalidRequest.at(pointer, "not_a_number")
    return number
