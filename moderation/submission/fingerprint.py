"""A short stand-in for a text, the same for copies that differ only in looks."""

from hashlib import blake2b

SHORTEST = 20  # letters and digits; below that, people do write the same ("Merci !", "+1")


def fingerprint(folded: str) -> str:
    """Return 32 hexadecimal digits that stand for `folded`, a text folded by the classifier.

    Only letters and digits count. Empty when the text is too short for a repetition to mean
    anything.
    """
    core = "".join(filter(str.isalnum, folded))
    if len(core) < SHORTEST:
        return ""
    return blake2b(core.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
