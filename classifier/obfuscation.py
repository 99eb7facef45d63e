"""Disguise spam as spammers do, so that training meets every disguise in every language."""

import random
from collections.abc import Callable

_LOOKALIKES = str.maketrans("aceopxyiABCEHKMOPTX", "асеорхуіАВСЕНКМОРТХ")
_LEET = str.maketrans("aeiost", "431057")
_EMOJI = "🔥💰✨✅⭐💎"
_ZERO_WIDTH = "\u200b\u200c\u2060"
_COMBINING = "\u0335\u0336\u0323\u0307"
_BOLD, _SANS, _WIDE = (0x1D400, 0x1D41A), (0x1D5D4, 0x1D5EE), (0xFF21, 0xFF41)
_FEWEST_LETTERS = 4

Trick = Callable[[str, random.Random], str]


def obfuscate(text: str, chance: random.Random) -> str:
    """Return `text` under one or two disguises, chosen and placed by `chance`.

    Some disguise every word, some only the words that a filter might look for.
    """
    for trick in chance.sample(TRICKS, k=chance.choice((1, 1, 2))):
        share = chance.choice((0.3, 0.6, 1.0))
        words = text.split(" ")
        text = " ".join(
            trick(word, chance)
            if len(word) >= _FEWEST_LETTERS and "." not in word and chance.random() < share
            else word
            for word in words
        )
    return text


def _look_alike(word: str, chance: random.Random) -> str:
    return "".join(
        letter.translate(_LOOKALIKES) if chance.random() < 0.6 else letter for letter in word
    )


def _leet(word: str, chance: random.Random) -> str:
    inner = "".join(
        letter.translate(_LEET) if chance.random() < 0.5 else letter for letter in word[1:-1]
    )
    return word[0] + inner + word[-1]


def _apart(word: str, chance: random.Random) -> str:
    return chance.choice(" .-_*").join(word) if word.isalpha() else word


def _sprinkled(marks: str) -> Trick:
    def sprinkle(word: str, chance: random.Random) -> str:
        place = chance.randrange(1, len(word))
        return word[:place] + chance.choice(marks) + word[place:]

    return sprinkle


def _struck(word: str, chance: random.Random) -> str:
    return "".join(letter + chance.choice(_COMBINING) for letter in word)


def _dressed(alphabet: tuple[int, int]) -> Trick:
    def dress(word: str, _: random.Random) -> str:
        return "".join(_in_alphabet(letter, *alphabet) for letter in word)

    return dress


def _in_alphabet(letter: str, capital: int, small: int) -> str:
    """Return an ASCII letter in another alphabet's shape."""
    if not (letter.isascii() and letter.isalpha()):
        return letter
    first, base = ("A", capital) if letter.isupper() else ("a", small)
    return chr(base + ord(letter) - ord(first))


TRICKS: tuple[Trick, ...] = (
    _look_alike,
    _leet,
    _apart,
    _sprinkled(_EMOJI),
    _sprinkled(_ZERO_WIDTH),
    _struck,
    *(_dressed(alphabet) for alphabet in (_BOLD, _SANS, _WIDE)),
)
"""The disguises: look-alike letters, digits for letters, letters apart, emoji and unseen marks
between letters, strokes through them, mathematical and full-width alphabets."""
