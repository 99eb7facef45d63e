"""Copies of a text share a fingerprint."""

from moderation.spam import fold
from moderation.submission.fingerprint import fingerprint


def mark(text):
    return fingerprint(fold(text))


def test_copies_that_differ_in_looks_share_a_fingerprint():
    text = "Un prêt rapide et fiable, contactez-moi !"

    assert mark(text) == mark("  UN PRET rapide et fiable - contactez moi...")
    assert mark(text) != mark("Un prêt rapide et fiable, contactez-nous !")


def test_short_texts_may_repeat():
    assert mark("Merci beaucoup !") == ""
    assert mark("") == ""
