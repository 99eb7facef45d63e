"""Words and phrases, found in one pass however they are disguised."""

from collections.abc import Callable, Iterable

import ahocorasick


class Phrases:
    """Any number of words and phrases, looked for together (Aho and Corasick, 1975).

    Text and words are folded first, so that case, accents and look-alike letters hide nothing;
    only whole words count.
    """

    def __init__(self, words: Iterable[str], fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._automaton = ahocorasick.Automaton()
        for word in words:
            folded = spaced(fold(word))
            if folded:
                self._automaton.add_word(folded, (len(folded), word))
        self._automaton.make_automaton()

    def found_in(self, text: str) -> list[str]:
        """Return the words that are in `text`, in the order they appear, each once."""
        if not len(self._automaton):
            return []
        folded = f" {spaced(self._fold(text))} "
        return list(
            dict.fromkeys(
                word
                for end, (length, word) in self._automaton.iter(folded)
                if not folded[end + 1].isalnum() and not folded[end - length].isalnum()
            )
        )


def spaced(text: str) -> str:
    """Return `text` with one space between its words."""
    return " ".join(text.split())
