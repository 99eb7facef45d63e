"""What a challenge asks, worked out again from its ticket whenever somebody needs it."""

from random import Random

from moderation.captcha.puzzle import Puzzle, draw_puzzle
from moderation.captcha.token import Seeds, Ticket
from moderation.captcha.wording import question, speech
from moderation.domain.site import CaptchaDisplay


def puzzle_of(challenge: Ticket) -> Puzzle:
    """Return the puzzle of a challenge that was signed or read."""
    return _draw(challenge)[0]


def question_of(challenge: Ticket) -> str:
    """Return the question as it is shown.

    A picture of it holds words only: a program that reads digits, and guesses the word beside
    them, would be right too often.
    """
    puzzle, random = _draw(challenge)
    is_drawn = challenge.display is CaptchaDisplay.IMAGE
    return question(puzzle, challenge.locale, random, in_words=is_drawn)


def speech_of(challenge: Ticket) -> str:
    """Return the question as it is read aloud."""
    return speech(puzzle_of(challenge), challenge.locale)


def seeds_of(challenge: Ticket) -> Seeds:
    """Return the seeds of a challenge.

    Raises:
        ValueError: the ticket is a response, or was not read from a token.
    """
    if challenge.seeds is None:
        raise ValueError("only a challenge that was signed or read has seeds")
    return challenge.seeds


def _draw(challenge: Ticket) -> tuple[Puzzle, Random]:
    """Return the puzzle, and the randomness that is left for its wording."""
    random = Random(seeds_of(challenge).puzzle)  # noqa: S311 - the seed is secret and 32 bytes long
    return draw_puzzle(random, challenge.level), random
