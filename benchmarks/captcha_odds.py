"""What a captcha keeps away: blind guesses, a parser, Tesseract; and what it costs to make.

Goals: a blind guess right at most 3 times in 100 at the default level; Tesseract, helped as well
as an attacker would, right for at most 2 drawings in 100; a drawing in at most 2 ms of CPU.
"""

import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from random import Random

import numpy as np

from benchmarks import captcha_ocr
from benchmarks.captcha_bots import solve_text
from benchmarks.captcha_ocr import Sample
from moderation.captcha import puzzle
from moderation.captcha.drawing import draw
from moderation.captcha.numerals import LOCALES
from moderation.captcha.puzzle import draw_puzzle
from moderation.captcha.speech import REMEDY, Voice
from moderation.captcha.wording import question, speech
from moderation.domain.site import CaptchaLevel

SEED = 20261125
GUESSES = 20_000
PARSED = 2000
DRAWN = 150
MADE = 100
GUESS_GOAL, READING_GOAL, DRAWING_GOAL = 0.03, 0.02, 2.0
WORK = "benchmarks.captcha_work"


def main() -> None:
    """Print the odds and the costs."""
    random = Random(SEED)
    for level in CaptchaLevel:
        print(f"  {blind_guesses(level, random)}")
    print(f"  {parsing(random)}")
    print(f"  {reading(random)}")
    print(f"  {drawing_cost(random)}")
    print(f"  {speech_cost(random)}")
    if find_spec(WORK):
        import_module(WORK).main()
    else:
        print("  proof of work: not measured")


def blind_guesses(level: CaptchaLevel, random: Random) -> str:
    """Tell how often the best answer given without reading is right: counted, and tried."""
    exact = max(odds(level).values())
    answers = Counter(draw_puzzle(random, level).answer for _ in range(GUESSES))
    ((favourite, _),) = answers.most_common(1)
    right = sum(draw_puzzle(random, level).answer == favourite for _ in range(GUESSES))
    told = f"blind guess, {level}: 1 in {float(1 / exact):.0f} ({float(exact):.2%})"
    tried = f"always “{favourite}”: {right / GUESSES:.2%} of {GUESSES}"
    return f"{told}; {tried} (goal ≤ {GUESS_GOAL:.0%})"


def odds(level: CaptchaLevel) -> dict[int, Fraction]:
    """Return how likely each answer is, from the table the puzzles are drawn from."""
    deck = puzzle._deck(level)
    return {kinds[0][0].answer: Fraction(1, len(deck)) for kinds in deck}


def parsing(random: Random) -> str:
    """Tell how many questions shown as text a small parser solves: it is honest to say so."""
    right = 0
    for number in range(PARSED):
        asked = draw_puzzle(random, (*CaptchaLevel,)[number % 2])
        locale = LOCALES[number % len(LOCALES)]
        right += solve_text(question(asked, locale, random), locale) == asked.answer
    return f"shown as text, to a parser that knows the number words: {right / PARSED:.0%} solved"


def reading(random: Random) -> str:
    """Tell how many drawings Tesseract solves.

    The manner of reading is chosen as an attacker chooses it, on other drawings than those that
    count: the best on either half of them reads the other half.
    """
    if not captcha_ocr.is_ready():
        return captcha_ocr.REMEDY
    samples = [_sample(random) for _ in range(DRAWN)]
    solved = {
        manner: np.array([a == s.answer for a, s in zip(answers, samples, strict=True)])
        for manner, answers in captcha_ocr.attempts(samples)
    }
    halves = (slice(0, None, 2), slice(1, None, 2))
    share = sum(
        max(solved.values(), key=lambda one: one[known].sum())[unknown].sum()
        for known, unknown in (halves, halves[::-1])
    )
    manner, best = max(solved.items(), key=lambda item: item[1].sum())
    return (
        f"shown as a picture, to Tesseract: {share / DRAWN:.1%} of {DRAWN} solved (goal ≤ "
        f"{READING_GOAL:.0%})\n    the best of {captcha_ocr.COUNT} manners, known only "
        f"afterwards: {best.mean():.1%} ({manner})"
    )


def drawing_cost(random: Random) -> str:
    """Tell what a drawing costs."""
    samples = [(_sample(random).question, random.randbytes(32)) for _ in range(MADE)]
    size = sum(len(draw(*sample)) for sample in samples) / MADE
    cost = milliseconds(lambda: [draw(*sample) for sample in samples]) / MADE
    return f"a drawing: {cost:.2f} ms CPU, {size / 1000:.1f} kB (goal ≤ {DRAWING_GOAL:.0f} ms)"


def speech_cost(random: Random) -> str:
    """Tell what a recording costs, the child process included."""
    voice = Voice()
    if not voice.can_speak("fr"):
        return REMEDY
    sentences = [speech(draw_puzzle(random, CaptchaLevel.NORMAL), "fr") for _ in range(MADE)]
    began = time.perf_counter()
    size = sum(len(voice.say(sentence, "fr", random.randbytes(32))) for sentence in sentences)
    cost = (time.perf_counter() - began) * 1000 / MADE
    return f"a recording: {cost:.0f} ms on the clock, {size / MADE / 1000:.0f} kB"


def milliseconds(work: Callable[[], object]) -> float:
    """Return the CPU time of `work`."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _sample(random: Random) -> Sample:
    asked = draw_puzzle(random, CaptchaLevel.NORMAL)
    shown = question(asked, "fr", random, in_words=True)
    return Sample(shown, draw(shown, random.randbytes(32)), asked.answer)
