"""Read labelled comments from JSON lines: lazily, without duplicates, counting what is left out.

A row is ``{"text", "label", "lang"?, "source"?, "author"?, "url"?}``. The label ``spam`` is
spam; any other is not (an insult is not spam), but ``other`` and ``uncertain`` are skipped.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.alphabet import fold
from classifier.errors import InvalidDataset, InvalidRow
from classifier.features import Document

SKIPPED_LABELS = frozenset({"other", "uncertain"})
MALFORMED_LIMIT = 100
"""Malformed lines that are put up with; one more and the data is refused."""

_GROUP_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled comment; `source` is the row's, or the name of its file; `kind`, if it has one."""

    document: Document
    is_spam: bool
    source: str
    kind: str = ""

    @property
    def is_hard(self) -> bool:
        """Tell whether it is ham written to look like spam: its kind begins with ``hard-``."""
        return not self.is_spam and self.kind.startswith("hard-")


@dataclass(slots=True)
class Census:
    """What was read, and what was left out and why.

    Attributes
    ----------
    spam, ham, duplicates : int
        Rows kept, by label, and rows that said again what another had said.
    skipped : Counter of str
        Rows left out, by label.
    malformed : list of InvalidDataset
        Lines that are not rows, each with its file, line and reason.
    """

    spam: int = 0
    ham: int = 0
    duplicates: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    malformed: list[InvalidDataset] = field(default_factory=list)

    def __str__(self) -> str:
        skipped = "".join(f", {n} {label} skipped" for label, n in sorted(self.skipped.items()))
        broken = f", {len(self.malformed)} malformed lines" if self.malformed else ""
        return f"{self.spam} spam, {self.ham} ham, {self.duplicates} duplicates{skipped}{broken}"


class Seen(Protocol):
    """A set of digests, exact or nearly so."""

    def __contains__(self, digest: object) -> bool: ...

    def add(self, digest: bytes) -> None:
        """Remember `digest`."""


def read(
    paths: Iterable[Path],
    census: Census,
    seen: Seen | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> Iterator[Example]:
    """Return the examples in some files, one at a time, and count in `census`.

    `seen` remembers texts to tell duplicates; None is an exact set. `advance` is told the bytes of
    each line that was read.

    Of several rows with the same text, whatever its case, accents and disguise, the first is kept.

    Raises
    ------
    InvalidDataset
        A file cannot be read, or more than `MALFORMED_LIMIT` lines are malformed.
    """
    seen = set() if seen is None else seen
    for path in paths:
        for row in _rows(path, census, advance):
            label = str(row["label"]).strip().lower()
            digest = _digest(" ".join(fold(row["text"]).split()))
            if label in SKIPPED_LABELS:
                census.skipped[label] += 1
            elif digest in seen:
                census.duplicates += 1
            else:
                seen.add(digest)
                census.spam += label == "spam"
                census.ham += label != "spam"
                source, kind = _name(row, "source") or path.stem, _name(row, "kind")
                yield Example(document_of(row), label == "spam", source, kind)


def parse_row(line: bytes | str) -> dict[str, Any]:
    """Return the JSON object in `line`, which has a text.

    Raises
    ------
    InvalidRow
        It is something else; the reason says what.
    """
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InvalidRow("this is not JSON in UTF-8") from error
    except RecursionError as error:
        raise InvalidRow("this is nested too deeply") from error
    if not isinstance(row, dict):
        raise InvalidRow("this is not a JSON object")
    if not isinstance(row.get("text"), str):
        raise InvalidRow('"text" is missing or not a string')
    return row


def document_of(row: Mapping[str, Any]) -> Document:
    """Return the document in a row; what it does not say is empty."""
    author, url = (str(row.get(name) or "") for name in ("author", "url"))
    return Document(row["text"], _name(row, "lang"), author, url)


def _name(row: Mapping[str, Any], field: str) -> str:
    """Return what a row says in `field`, fit to be written into a report."""
    return str(row.get(field) or "").encode("utf-8", "replace").decode()


def assign_folds(examples: Sequence[Example], count: int, seed: int) -> NDArray[np.int64]:
    """Split `examples` into `count` parts, each with its share of spam, near-duplicates together.

    Texts whose first letters are the same are taken for variants of one another.

    Returns
    -------
    ndarray of shape (n,), int64
        The part of each example, from 0; the same for the same examples and seed.
    """
    groups: dict[bytes, tuple[bool, bytes]] = {}
    keys = [group_of(example.document.text, seed) for example in examples]
    for key, example in zip(keys, examples, strict=True):
        groups.setdefault(key, (example.is_spam, key))
    ordered = sorted(groups.values())
    fold_of = {key: rank % count for rank, (_, key) in enumerate(ordered)}
    return np.array([fold_of[key] for key in keys], dtype=np.int64)


def _rows(path: Path, census: Census, advance: Callable[[int], object]) -> Iterator[dict[str, Any]]:
    """Return the rows of one file; count malformed lines, and refuse too many."""
    for number, line in _lines(path, advance):
        try:
            row = _labelled(line)
        except InvalidRow as error:
            census.malformed.append(InvalidDataset(error.reason, str(path), number))
            if len(census.malformed) > MALFORMED_LIMIT:
                reason = f"more than {MALFORMED_LIMIT} malformed lines; the last: {error.reason}"
                raise InvalidDataset(reason, str(path), number) from error
        else:
            yield row


def _lines(path: Path, advance: Callable[[int], object]) -> Iterator[tuple[int, bytes]]:
    """Return the lines of a file that are not blank, each with its number."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                advance(len(line))
                if line.strip():
                    yield number, line
    except OSError as error:
        raise InvalidDataset(f"cannot be read: {error.strerror}", str(path)) from error


def _labelled(line: bytes) -> dict[str, Any]:
    """Return the row in `line`, which has a text that is not blank and a label."""
    row = parse_row(line)
    if not row["text"].strip():
        raise InvalidRow('"text" is empty')
    if not isinstance(row.get("label"), str):
        raise InvalidRow('"label" is missing or not a string')
    return row


def group_of(text: str, seed: int) -> bytes:
    """Return what near-duplicates share: a digest of the first letters, without other marks."""
    letters = "".join(filter(str.isalpha, fold(text)))[:_GROUP_LETTERS]
    return _digest(f"{seed} {letters or text}")


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
