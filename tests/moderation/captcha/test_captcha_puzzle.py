"""Which puzzles are drawn, and how often."""

from collections import Counter
from fractions import Fraction
from math import prod
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.captcha.puzzle import Blank, Operator, Puzzle, draw_puzzle
from moderation.domain.site import CaptchaLevel

seeds = st.integers(0, 2**64)
levels = st.sampled_from(CaptchaLevel)


class Script:
    """Stands in for `Random`: makes the choices of `path`, then always the first."""

    def __init__(self, path):
        self.path = path
        self.widths = []

    def choice(self, options):
        depth = len(self.widths)
        self.widths.append(len(options))
        return options[self.path[depth]] if depth < len(self.path) else options[0]


def every_draw(level):
    """Yield each way a draw can go, with its exact probability."""
    path = []
    while path is not None:
        script = Script(path)
        yield draw_puzzle(script, level), Fraction(1, prod(script.widths))
        path = following(path + [0] * (len(script.widths) - len(path)), script.widths)


def following(path, widths):
    for depth in reversed(range(len(path))):
        if path[depth] + 1 < widths[depth]:
            return [*path[:depth], path[depth] + 1]
    return None


def odds(level, of):
    """Return the exact probability of each value of `of(puzzle)`."""
    total = Counter()
    for puzzle, probability in every_draw(level):
        total[of(puzzle)] += probability
    return total


@pytest.mark.parametrize("level", CaptchaLevel)
def test_the_best_blind_guess_is_right_once_in_41_times(level):
    answers = odds(level, of=lambda puzzle: puzzle.answer)

    assert answers == {answer: Fraction(1, 41) for answer in range(41)}


@pytest.mark.parametrize("level", CaptchaLevel)
def test_a_guesser_who_sees_the_sign_and_the_blank_is_right_less_than_once_in_ten_times(level):
    best = Counter()

    for seen, probability in odds(level, of=lambda p: (p.operator, p.blank, p.answer)).items():
        best[seen[:2]] = max(best[seen[:2]], probability)

    assert best.total() < Fraction(1, 10)


@pytest.mark.parametrize("level", CaptchaLevel)
def test_every_sign_is_drawn_once_in_a_while(level):
    signs = odds(level, of=lambda puzzle: puzzle.operator)

    assert min(signs[operator] for operator in Operator) > Fraction(1, 13)


def test_at_the_normal_level_the_result_is_asked_for():
    assert {puzzle.blank for puzzle, _ in every_draw(CaptchaLevel.NORMAL)} == {Blank.RESULT}


def test_at_the_hard_level_an_operand_is_often_asked_for():
    blanks = odds(CaptchaLevel.HARD, of=lambda puzzle: puzzle.blank)

    assert blanks[Blank.LEFT] == blanks[Blank.RIGHT] > Fraction(1, 8)


@given(seeds, levels)
def test_operands_stay_in_their_ranges_and_no_result_is_negative(seed, level):
    puzzle = draw_puzzle(Random(seed), level)

    largest = 5 if puzzle.operator is Operator.TIMES else 20
    assert 1 <= puzzle.left <= largest
    assert 1 <= puzzle.right <= largest
    assert 0 <= puzzle.result <= 40
    assert 0 <= puzzle.answer <= 40


@given(seeds, levels)
def test_the_same_seed_draws_the_same_puzzle(seed, level):
    assert draw_puzzle(Random(seed), level) == draw_puzzle(Random(seed), level)


@pytest.mark.parametrize(
    ("puzzle", "answer"),
    [
        (Puzzle(19, Operator.MINUS, 2, Blank.RESULT), 17),
        (Puzzle(19, Operator.MINUS, 2, Blank.LEFT), 19),
        (Puzzle(19, Operator.MINUS, 2, Blank.RIGHT), 2),
        (Puzzle(4, Operator.TIMES, 5, Blank.RESULT), 20),
        (Puzzle(20, Operator.PLUS, 20, Blank.RESULT), 40),
    ],
)
def test_the_answer_is_the_number_left_out(puzzle, answer):
    assert puzzle.answer == answer


def test_signs_are_the_typographic_ones():
    assert [operator.symbol for operator in Operator] == ["+", "\u2212", "\u00d7"]
