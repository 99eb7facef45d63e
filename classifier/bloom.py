"""Remember millions of texts in little memory, to tell duplicates (Bloom, 1970)."""

from collections.abc import Iterator

_BITS = 1 << 27
_HASHES = 6


class Bloom:
    """Remembers digests in 16 MiB, however many: never forgets, seldom remembers wrongly.

    Examples
    --------
    >>> seen = Bloom()
    >>> seen.add(bytes(16))
    >>> bytes(16) in seen, b"0123456789abcdef" in seen
    (True, False)
    """

    def __init__(self, bits: int = _BITS) -> None:
        self._bits = bytearray(bits // 8)

    def __contains__(self, digest: object) -> bool:
        if not isinstance(digest, bytes):
            return False
        return all(self._bits[place >> 3] >> (place & 7) & 1 for place in self._places(digest))

    def add(self, digest: bytes) -> None:
        """Remember a digest of 16 bytes."""
        for place in self._places(digest):
            self._bits[place >> 3] |= 1 << (place & 7)

    def _places(self, digest: bytes) -> Iterator[int]:
        """Return the bits of `digest`: double hashing (Kirsch and Mitzenmacher, 2008)."""
        first, second = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") | 1
        size = 8 * len(self._bits)
        return ((first + turn * second) % size for turn in range(_HASHES))
