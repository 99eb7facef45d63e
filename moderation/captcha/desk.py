"""The captcha desk: hands out questions, takes in answers, each challenge once."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from moderation.captcha.answers import read_answer
from moderation.captcha.puzzle import draw_puzzle
from moderation.captcha.spent import SpentChallenges
from moderation.captcha.token import ChallengeKeys, Ticket
from moderation.captcha.wording import choose_locale, question, speech
from moderation.domain.challenge import Answer, Challenge, Redemption
from moderation.domain.site import Site
from moderation.errors import CaptchaFailed, InvalidRequest, StoreUnavailable


class Captcha:
    """Issues arithmetic challenges and redeems their answers.

    A challenge costs no memory until it is answered. The answer burns it, right or wrong, so
    each guess takes a new challenge. One desk serves any number of threads.

    Args:
        secrets: sign the tokens, newest first.
        spent: remembers what was burnt.
        clock: tells the time in UTC; nothing a reader sends is trusted for it.
        random: draws questions and identifiers; `random.SystemRandom` outside tests.
        lifetime: of a challenge, and of a response.
    """

    def __init__(
        self,
        secrets: Sequence[bytes],
        spent: SpentChallenges,
        clock: Callable[[], datetime],
        random: Random,
        lifetime: timedelta = timedelta(minutes=5),
    ) -> None:
        self._keys = ChallengeKeys(secrets)
        self._spent = spent
        self._clock = clock
        self._random = random
        self._lifetime = lifetime

    def issue(self, site: Site, locale: str | None) -> Challenge:
        """Ask a question of the site's level, in `locale` or else in the site's; store nothing."""
        puzzle = draw_puzzle(self._random, site.policy.captcha_level)
        chosen = choose_locale(locale, site.locale)
        now = self._clock()
        ticket = self._ticket(site.key, now, now)
        return Challenge(
            token=self._keys.sign_challenge(ticket, puzzle.answer),
            locale=chosen,
            question=question(puzzle, chosen, self._random),
            speech=speech(puzzle, chosen),
            expires_at=ticket.expires_at,
        )

    def redeem(self, site: Site, answer: Answer) -> Redemption:
        """Take in the answer to a challenge, or the response to an earlier one, and burn it.

        While Redis is away nobody knows whether it was burnt before; a right answer is then
        redeemed with `is_single_use` False.

        Raises:
            CaptchaFailed: the answer is wrong, or the token is not for this site, or not ours.
            CaptchaExpired: the token is too old.
            CaptchaReplayed: it was burnt before, whatever the answer is now.
            InvalidRequest: the answer is no number; nothing was burnt.
        """
        now = self._clock()
        if answer.response:
            return self._burn(self._keys.read_response(answer.response, now, site.key), now)
        challenge = self._keys.read_challenge(answer.token, now, site.key)
        number = _read_number(answer, "/captcha/answer")
        redemption = self._burn(challenge, now)
        self._check(challenge, number)
        return redemption

    def answer(self, answer: Answer) -> str:
        """Take in the answer to a challenge and return a response to redeem later, once.

        Raises:
            StoreUnavailable: Redis is away; nobody may have two responses for one challenge.
            CaptchaFailed, CaptchaExpired, CaptchaReplayed, InvalidRequest: as in `redeem`.
        """
        now = self._clock()
        challenge = self._keys.read_challenge(answer.token, now)
        number = _read_number(answer, "/answer")
        self._spent.spend(challenge.id, challenge.site, challenge.expires_at, now)
        self._check(challenge, number)
        return self._keys.sign_response(self._ticket(challenge.site, challenge.issued_at, now))

    def give_back(self, redemption: Redemption) -> None:
        """Let the same token be redeemed again, because what it was redeemed for failed.

        A redemption made while Redis was away burnt nothing; what stands there by now is
        somebody else's.
        """
        if redemption.is_single_use:
            self._spent.give_back(redemption.id, redemption.site)

    def _ticket(self, site: str, issued_at: datetime, now: datetime) -> Ticket:
        identifier = self._random.randbytes(16).hex()
        return Ticket(identifier, site, issued_at, now + self._lifetime)

    def _burn(self, ticket: Ticket, now: datetime) -> Redemption:
        try:
            self._spent.spend(ticket.id, ticket.site, ticket.expires_at, now)
            is_single_use = True
        except StoreUnavailable:
            is_single_use = False
        return Redemption(
            ticket.id, ticket.site, ticket.issued_at, ticket.expires_at, is_single_use
        )

    def _check(self, challenge: Ticket, number: int) -> None:
        if not self._keys.is_answer(challenge, number):
            raise CaptchaFailed("the answer is wrong")


def _read_number(answer: Answer, pointer: str) -> int:
    number = read_answer(answer.answer)
    if number is None:
        raise InvalidRequest.at(pointer, "not_a_number")
    return number
