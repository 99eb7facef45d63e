"""Undo what spammers do to words so that no filter sees them.

Accents, capitals and disguises of single letters are taken off by `alphabet.fold`. Here `cut` keeps
together letters that stand apart in a text, and `plain` undoes, inside one word, separators between
its letters (``c.a.s.i.n.o``), symbols between letters, digits and signs that play letters
(``cr3dit``) and letters repeated for emphasis.
"""

import re

FEWEST_APART = 4
"""Letters standing alone in a row that make a word."""

LONGEST_TOKEN = 255
"""Characters."""

_ROLES = str.maketrans("0134578@$€£!|", "oieastbaselil")
_TOKEN = re.compile(r"(?<!\S)[^\W\d_](?: {1,2}[^\W\d_]){3,39}(?!\S)|\S+")
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_](?:[^\w\s']|_)){3,}[^\W\d_](?!\w)")
_PLAYED = re.compile(r"(?<=[^\W\d_])[0134578@$€£!|]{1,2}(?=[^\W\d_])|(?<=[^\W\d_]{4})0$")
_BETWEEN = re.compile(r"(?<=[^\W\d_])[^\w\s\x00-\x7f](?=[^\W\d_])")
_STRETCHED = re.compile(r"(\D)\1{2,}")
_DIGIT = re.compile(r"\d")


def cut(text: str) -> list[tuple[int, int]]:
    """Return where the tokens of `text` start and stop, from left to right.

    White space parts tokens, but letters that stand apart are one; a token longer than
    `LONGEST_TOKEN` is cut.

    Examples
    --------
    >>> cut("moi W h a t s A p p")
    [(0, 3), (4, 19)]
    """
    spans = []
    for token in _TOKEN.finditer(text):
        start, stop = token.span()
        if stop - start <= LONGEST_TOKEN or " " in token[0]:
            spans.append((start, stop))
        else:
            bounds = range(start, stop, LONGEST_TOKEN)
            spans += [(place, min(place + LONGEST_TOKEN, stop)) for place in bounds]
    return spans


def plain(word: str) -> tuple[str, int]:
    """Return a folded word without tricks, every digit as ``0``, and how often a trick was undone.

    Examples
    --------
    >>> plain("c.a.s.i.n.o"), plain("cr3dit"), plain("20h30"), plain("gratuiiiit!!!!")
    (('casino', 4), ('credit', 1), ('00h00', 0), ('gratuiit!!', 0))
    """
    undone = 0
    if not word.isalpha():
        word, dots = _DOTTED.subn(_join, word)
        word, played = _PLAYED.subn(_cast, word)
        word, marks = _BETWEEN.subn("", word)
        undone = FEWEST_APART * dots + marks + played
        word = _DIGIT.sub("0", word)
    return _STRETCHED.sub(r"\1\1", word), undone


def _join(dotted: re.Match[str]) -> str:
    return dotted[0][::2]


def _cast(actor: re.Match[str]) -> str:
    return actor[0].translate(_ROLES)
